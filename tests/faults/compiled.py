"""Compiled statements, shared by the engines of all runs that are forked from one process."""

from __future__ import annotations

from functools import cache
from typing import Any

from sqlalchemy import Connection, Engine, event


class Compiled(dict[Any, Any]):
    """Their dialects, the first part of a key, are alike."""

    def get(self, key: Any, default: Any = None) -> Any:
        return super().get(key[1:], default)

    def __setitem__(self, key: Any, value: Any) -> None:
        super().__setitem__(key[1:], value)


@cache
def share_compiled() -> None:
    """Have no child compile again what was compiled before the fork; it is all the same in a process of its own."""
    compiled = Compiled()

    @event.listens_for(Engine, "engine_connect")
    def use(connection: Connection) -> None:
        connection.execution_options(compiled_cache=compiled)
