"""Signed public links: who may be unsubscribed by whoever holds the message.

A token names the contact and the message and carries a MAC bound to its purpose, so no token serves for anything else.
"""

from __future__ import annotations

import hmac
from base64 import urlsafe_b64encode
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256

PurposeKey = Callable[[str], bytes]
UNSUBSCRIBE = "unsubscribe"
MESSAGE_ID = "message-id"
MAC_BYTES = 16


@dataclass(frozen=True)
class Place:
    contact_id: int
    message_id: int


def unsubscribe_url(base_url: str, purpose_key: PurposeKey, place: Place) -> str:
    return f"{base_url}/t/u/{token(purpose_key, UNSUBSCRIBE, place)}"


def token(purpose_key: PurposeKey, purpose: str, place: Place) -> str:
    named = f"{place.contact_id:x}-{place.message_id:x}"
    return f"{named}-{_mac(purpose_key, purpose, named)}"


def read_token(purpose_key: PurposeKey, purpose: str, text: str) -> Place | None:
    """The place of a token we made for this purpose, or None."""
    parts = text.split("-", 2)
    if len(parts) != 3 or not all(0 < len(part) <= 16 and part.isascii() for part in parts[:2]):
        return None
    named = f"{parts[0]}-{parts[1]}"
    if not hmac.compare_digest(_mac(purpose_key, purpose, named).encode(), parts[2].encode("utf-8", "replace")):
        return None
    return Place(int(parts[0], 16), int(parts[1], 16))


def message_id(purpose_key: PurposeKey, delivery_id: int, domain: str) -> str:
    """The same Message-ID at every try, so that logs and bounces join."""
    mac = hmac.new(purpose_key(MESSAGE_ID), str(delivery_id).encode(), sha256).hexdigest()[:8]
    return f"<d.{delivery_id}.{mac}@{domain}>"


def _mac(purpose_key: PurposeKey, purpose: str, named: str) -> str:
    digest = hmac.new(purpose_key(purpose), f"{purpose}:{named}".encode(), sha256).digest()[:MAC_BYTES]
    return urlsafe_b64encode(digest).decode().rstrip("=")
