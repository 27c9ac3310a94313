"""Signatures of webhooks, in the shape of Standard Webhooks (https://www.standardwebhooks.com).

Three headers: `webhook-id`, the same whenever the same alert is sent (who has seen it may drop the repeat),
`webhook-timestamp` in seconds, and `webhook-signature`, one "v1,BASE64" for each secret with a space between:
HMAC-SHA256 over `id.timestamp.body`, of the very bytes that leave.
"""

from __future__ import annotations

import base64
import binascii
import hmac
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from typing import Final

ID: Final = "webhook-id"
TIMESTAMP: Final = "webhook-timestamp"
SIGNATURE: Final = "webhook-signature"
SHORTEST: Final = 16  # bytes of a secret
_PREFIX: Final = "whsec_"


class BadSecret(ValueError):
    """A secret that cannot sign; what it says names nothing of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Seal:
    """The keys of one destination. While a receiver changes from one to the next, all of them sign."""

    keys: tuple[bytes, ...] = field(repr=False)

    @classmethod
    def of(cls, text: str) -> Seal:
        """From secrets with white space between; those that begin with whsec_ are base64. Raises BadSecret."""
        return cls(keys=tuple(dict.fromkeys(map(_key, text.split()))))

    def headers(self, message_id: str, now: datetime, body: bytes) -> Mapping[str, str]:
        """What a receiver checks the body by."""
        seconds = int(now.timestamp())
        content = b".".join((message_id.encode(), str(seconds).encode(), body))
        signed = (base64.b64encode(hmac.digest(key, content, sha256)).decode() for key in self.keys)
        return {TIMESTAMP: str(seconds), SIGNATURE: " ".join(f"v1,{each}" for each in signed)}


def webhook_headers(message_id: str, now: datetime, seal: Seal | None, body: bytes) -> Mapping[str, str]:
    """The headers of one webhook: its id, and where there is a secret when it was sent and the signatures."""
    return {ID: message_id, **(seal.headers(message_id, now, body) if seal else {})}


def _key(secret: str) -> bytes:
    if secret.startswith(_PREFIX):
        try:
            key = base64.b64decode(secret.removeprefix(_PREFIX), validate=True)
        except binascii.Error as error:
            raise BadSecret("What follows whsec_ is not base64.") from error
    else:
        key = secret.encode()
    if len(key) < SHORTEST:
        raise BadSecret(f"A secret of {len(key)} bytes can be guessed.")
    return key
