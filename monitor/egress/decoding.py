"""The body of an answer, put together under caps.

HTTP libraries hand out a cut gzip stream as an empty body without a word, and unpack a bomb in one go. Here every
step has a bound, and a stream that did not end is a failure.
"""

from __future__ import annotations

import zlib
from typing import Final

from monitor.egress.failures import CutShort
from monitor.egress.policy import Limits
from monitor.errors import FetchFailed

_STEP: Final = 1024 * 1024  # at most so many bytes are unpacked at a time
_GZIP: Final = 16 + zlib.MAX_WBITS
_MAGIC: Final = b"\x1f"
_PLAIN_NAMES: Final = frozenset({"", "identity"})
_GZIP_NAMES: Final = frozenset({"gzip", "x-gzip"})


class BodyAssembly:
    """Takes the bytes of an answer as they arrive; `finish` gives the decoded body or raises.

    Raises CutShort for a stream that is cut or damaged, FetchFailed for one that is too large or coded otherwise.
    """

    def __init__(self, content_encoding: str, limits: Limits) -> None:
        coding = content_encoding.strip().lower()
        if coding not in _PLAIN_NAMES | _GZIP_NAMES:
            raise FetchFailed(f'the body is coded as "{coding}", which was not asked for')
        self._limits = limits
        self._unzip = zlib.decompressobj(_GZIP) if coding in _GZIP_NAMES else None
        self._parts: list[bytes] = []
        self._raw = 0
        self._size = 0

    def expect(self, content_length: str) -> None:
        """Refuse at once what says that it will be too large."""
        if content_length.isascii() and content_length.isdigit() and int(content_length[:20]) > self._limits.body:
            raise FetchFailed(f"the body is said to have {content_length[:20]} bytes; {self._limits.body} are taken")

    def take(self, data: bytes) -> None:
        """Add the next bytes."""
        self._raw += len(data)
        if self._raw > self._limits.body:
            raise FetchFailed(f"the body is larger than {self._limits.body} bytes")
        if self._unzip is None:
            self._keep(data)
        else:
            self._unpack(data)

    def finish(self) -> bytes:
        """The whole decoded body."""
        if self._unzip is not None and self._raw and not self._unzip.eof:
            raise CutShort("the compressed body ends before its end")
        return b"".join(self._parts)

    @property
    def empty(self) -> bool:
        """True if not one byte arrived."""
        return self._raw == 0

    def _keep(self, data: bytes) -> None:
        self._size += len(data)
        if self._size > self._limits.body:
            raise FetchFailed(f"the body is larger than {self._limits.body} bytes when unpacked")
        if self._size > self._limits.ratio_from and self._size > self._raw * self._limits.ratio:
            raise FetchFailed(f"the body unpacks to more than {self._limits.ratio} times its size")
        self._parts.append(data)

    def _unpack(self, data: bytes) -> None:
        """A gzip body may have several members; anything else after its end is damage."""
        while data:
            if self._unzip is None or self._unzip.eof:
                if not data.startswith(_MAGIC):
                    raise CutShort("the compressed body is followed by something else")
                self._unzip = zlib.decompressobj(_GZIP)
            self._drain(data)
            data = self._unzip.unused_data

    def _drain(self, data: bytes) -> None:
        """Unpack all of `data` in steps: zlib may still hold output when it has taken the last byte of input."""
        piece = b""
        while self._unzip is not None and (data or len(piece) == _STEP):
            try:
                piece = self._unzip.decompress(data, _STEP)
            except zlib.error as exc:
                raise CutShort(f"the compressed body is damaged: {exc}") from None
            self._keep(piece)
            data = self._unzip.unconsumed_tail
