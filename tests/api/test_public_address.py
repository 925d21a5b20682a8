# SPDX-License-Identifier: Apache-2.0
"""A service behind another address (BIENNIEN_PUBLIC_URL) speaks of itself by that address."""

import re

import pytest

NAMESPACE = "https://w3id.org/biennien/"
BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,image/webp,*/*;q=0.8"
EVENT = "event/dien-bien-phu-1954"
LINK = re.compile(r'<([^>]*)>; rel="([^"]*)"(?:; type="([^"]*)")?')


@pytest.mark.parametrize("path", [f"/id/{EVENT}", f"/doc/{EVENT}.html", f"/doc/{EVENT}.jsonld"])
def test_a_public_address_is_used_wherever_the_service_speaks_of_itself(
    small_client, small_service, path
):
    response = small_client.get(path)
    assert response.status_code == (303 if path.startswith("/id/") else 200), response.text
    public = "https://bien-nien.example/kho/"
    for name in ("location", "content-location"):
        if name in response.headers:
            assert response.headers[name].startswith(f"{public}doc/{EVENT}")
    assert small_service.url not in response.text
    if "link" in response.headers:
        found = {(rel, url, kind) for url, rel, kind in LINK.findall(response.headers["link"])}
        assert ("canonical", f"{NAMESPACE}id/{EVENT}", "") in found
        assert ("alternate", f"{public}doc/{EVENT}.ttl", "text/turtle") in found
    if path.endswith(".jsonld"):
        assert response.json()["@context"] == f"{public}context/v1.jsonld"


def test_a_public_address_is_used_in_pages_and_lists(small_client, small_service, page):
    home = page(small_client.get("/", headers={"Accept": BROWSER}))
    places = small_client.get("/api/places").json()
    public = "https://bien-nien.example/kho/"
    assert f"{public}api/places" in home.links()
    assert places["id"] == f"{public}api/places#list"
    assert places["view"]["next"].startswith(f"{public}api/places?cursor=")
    table = small_client.get("/api/places?format=csv&fields=url").text
    assert table.splitlines()[1].startswith(f"{public}doc/place/")
    for link in home.links():
        assert not link.startswith(small_service.url)
