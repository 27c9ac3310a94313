"""The same message in harmless words: every odd character exchanged for a letter, so that its shape stays."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import fields, is_dataclass, replace
from enum import Enum
from typing import Any, TypeVar

from tests.hostile.decoders import UNSEEN

_CODE = re.compile(r"[A-Za-z](?:[A-Za-z0-9_.]*[A-Za-z0-9])?")  # of the program or the registry: no text of a person

T = TypeVar("T")
_MEANING = frozenset("<>&\"'`*_~@#|{}[]$%\\^!:;/=")  # what may mean something to one of the outputs


def twin(value: T) -> T:
    """A copy of any value of ours in which no text can mean more than itself; our own addresses stay."""
    made: T = _of(value)
    return made


def _of(value: Any) -> Any:
    if isinstance(value, str) and not isinstance(value, Enum):
        return harmless_words(value)
    if is_dataclass(value) and not isinstance(value, type):
        own = {each.name: getattr(value, each.name) for each in fields(value) if each.init}
        return replace(value, **{name: each if name.endswith("_url") else _of(each) for name, each in own.items()})
    if isinstance(value, Mapping):
        return {_of(key): _of(each) for key, each in value.items()}
    return type(value)(map(_of, value)) if isinstance(value, list | tuple) else value


def harmless_words(text: str) -> str:
    if _CODE.fullmatch(text):
        return text
    return "".join(_letter(each) for each in text)


def _letter(char: str) -> str:
    if char in _MEANING:
        return "w"
    if char in "\r\n\t\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029":
        return "\n"
    return "" if unicodedata.category(char) in UNSEEN else char
