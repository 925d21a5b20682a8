# SPDX-License-Identifier: Apache-2.0
"""Entity tags, dates, and what a conditional request is answered with (RFC 9110, section 13)."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from starlette.responses import Response

CONDITIONS = (b"if-none-match", b"if-modified-since", b"if-match", b"if-unmodified-since")


def tagged(response: Response, modified: str = "") -> Response:
    """A response with a strong `ETag` from its bytes and, where it is known, `Last-Modified`.

    The tag outlives changes that leave the bytes as they are, and restarts. Each content coding
    gets one of its own from it (`finished.py`). `modified` is UTC, RFC 3339.
    """
    response.headers["ETag"] = f'"{hashlib.sha256(response.body).hexdigest()[:24]}"'
    if modified:
        response.headers["Last-Modified"] = http_date(modified)
    return response


def http_date(time: str) -> str:
    """A time of the journal as HTTP writes it, whole seconds (RFC 9110, section 5.6.7)."""
    moment = datetime.fromisoformat(time).astimezone(UTC).replace(microsecond=0)
    return format_datetime(moment, usegmt=True)


def moment(header: str) -> datetime | None:
    """A date from a header; None where it is none, which is the same as no header."""
    try:
        found = parsedate_to_datetime(header)
    except (ValueError, TypeError):
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def verdict(conditions: Mapping[bytes, bytes], tag: str, modified: datetime | None) -> int:
    """200, 304 or 412, in the order of RFC 9110, section 13.2.2, for GET and HEAD.

    Without a tag or a date, conditions on it are not looked at.
    """
    given = {name: value.decode("latin-1") for name, value in conditions.items()}
    if tag and b"if-match" in given:
        must_be = _lists(given[b"if-match"], tag, weakly=False)
    else:
        limit = moment(given.get(b"if-unmodified-since", ""))
        must_be = not (modified and limit) or modified <= limit
    if not must_be:
        return 412
    if tag and b"if-none-match" in given:
        return 304 if _lists(given[b"if-none-match"], tag, weakly=True) else 200
    if modified and (since := moment(given.get(b"if-modified-since", ""))) is not None:
        return 304 if modified <= since else 200
    return 200


def _lists(header: str, tag: str, *, weakly: bool) -> bool:
    """Whether a list of tags has one, or is `*` (sections 8.8.3.2 and 13.1)."""
    listed = {part.strip() for part in header.split(",")}
    if weakly:
        listed = {part.removeprefix("W/") for part in listed}
        tag = tag.removeprefix("W/")
    return tag in listed or "*" in listed
