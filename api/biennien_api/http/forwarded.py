# SPDX-License-Identifier: Apache-2.0
"""Under which address a client sees the service, also behind proxies that put it elsewhere.

By `BIENNIEN_PUBLIC_URL`; else by `Forwarded` (RFC 7239) or `X-Forwarded-*` from proxies that are
trusted; else by the request's own `Host`. Whatever leads back here is written with this base.
"""

from __future__ import annotations

import ipaddress
import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

BASE = "biennien.base"  # in the ASGI scope: scheme, host and prefix, with a slash at the end
_HOST = re.compile(r"[A-Za-z0-9._~-]+(?::\d{1,5})?|\[[0-9A-Fa-f:.]+\](?::\d{1,5})?")
_PREFIX = re.compile(r"(?:/[A-Za-z0-9._~-]+)*/?")
_PAIR = re.compile(r"""\s*([\w-]+)\s*=\s*("(?:[^"\\]|\\.)*"|[^;,\s]*)\s*(;|,|$)""")
_HEADERS = {
    b"forwarded",
    b"x-forwarded-for",
    b"x-forwarded-host",
    b"x-forwarded-prefix",
    b"x-forwarded-proto",
}

Network = ipaddress.IPv4Network | ipaddress.IPv6Network


def networks(text: str) -> list[Network]:
    """Addresses and networks, separated by commas; `*` is everybody. `ValueError` names a bad one.

    >>> networks("127.0.0.1, 10.0.0.0/8")
    [IPv4Network('127.0.0.1/32'), IPv4Network('10.0.0.0/8')]
    """
    given = [part.strip() for part in text.split(",") if part.strip()]
    if "*" in given:
        given = ["0.0.0.0/0", "::/0"]
    return [ipaddress.ip_network(part) for part in given]


class Front:
    """Places each request under the address that its client used."""

    def __init__(self, public_url: str, trusted: Sequence[Network]) -> None:
        self._public = public_url.rstrip("/") + "/" if public_url else ""
        self._trusted = trusted
        self._known: dict[str, bool] = {}

    def place(self, scope: Any) -> None:
        """Write the base into the scope, and the client's own address where proxies tell it."""
        host = b""
        told: dict[bytes, str] = {}
        for name, value in scope["headers"]:
            if name == b"host":
                host = value
            elif name in _HEADERS:
                told[name] = f"{told[name]}," if name in told else ""
                told[name] += value.decode("latin-1")
        scheme, name, prefix = scope["scheme"], host.decode("latin-1"), ""
        if told and self._trusts(scope["client"][0] if scope.get("client") else ""):
            scheme, name, prefix = self._outermost(scope, told, scheme, name)
        scope[BASE] = self._public or f"{scheme}://{_checked(name, scope)}{prefix}/"

    def _outermost(
        self, scope: Any, told: dict[bytes, str], scheme: str, host: str
    ) -> tuple[str, str, str]:
        """What the outermost trusted proxy says."""
        forwarded = told.get(b"forwarded")
        hops = _columns(told) if forwarded is None else _elements(forwarded)
        for hop in reversed(hops):
            if hop.get("proto", "").lower() in {"http", "https"}:
                scheme = hop["proto"].lower()
            host = hop.get("host") or host
            client = _address(hop.get("for", ""))
            if client:
                scope["client"] = (client, 0)
            if not client or not self._trusts(client):
                break
        prefix = told.get(b"x-forwarded-prefix", "").split(",")[0].strip()
        return scheme, host, prefix.rstrip("/") if _PREFIX.fullmatch(prefix) else ""

    def _trusts(self, address: str) -> bool:
        """Whether a proxy may tell where it was asked. A local socket has no address."""
        if not address:
            return bool(self._trusted)
        if address not in self._known:
            if len(self._known) > 1000:
                self._known.clear()
            self._known[address] = self._is_trusted(address)
        return self._known[address]

    def _is_trusted(self, address: str) -> bool:
        try:
            found = ipaddress.ip_address(address)
        except ValueError:
            return False
        mapped = getattr(found, "ipv4_mapped", None)
        return any((mapped or found) in network for network in self._trusted)


def _elements(header: str) -> list[dict[str, str]]:
    """The elements of a `Forwarded` header, the nearest proxy's last; nothing where it is wrong."""
    found: list[dict[str, str]] = [{}]
    at = 0
    while at < len(header):
        pair = _PAIR.match(header, at)
        if pair is None:
            return []
        name, value, end = pair.groups()
        if value.startswith('"'):
            value = re.sub(r"\\(.)", r"\1", value[1:-1])
        found[-1][name.lower()] = value
        if end == ",":
            found.append({})
        at = pair.end()
    return found


def _columns(told: dict[bytes, str]) -> list[dict[str, str]]:
    """`X-Forwarded-*` in the same form: lists side by side, counted from the nearest proxy."""
    lists = {
        name: [part.strip() for part in told.get(b"x-forwarded-" + name.encode(), "").split(",")]
        for name in ("for", "proto", "host")
    }
    depth = max(len(values) for values in lists.values())
    padded = {name: [""] * (depth - len(found)) + found for name, found in lists.items()}
    return [{name: padded[name][n] for name in padded} for n in range(depth)]


def _address(node: str) -> str:
    """The address of a `for`, without brackets and port; empty where it is hidden."""
    if node.startswith("["):
        return node[1:].partition("]")[0]
    return node.partition(":")[0] if node.count(":") == 1 else node


def _checked(host: str, scope: Any) -> str:
    """A host that may be written into links; else the address that was connected to."""
    if _HOST.fullmatch(host):
        return host
    server = scope.get("server") or ("localhost", None)
    name = f"[{server[0]}]" if ":" in server[0] else server[0]
    return f"{name}:{server[1]}" if server[1] else name
