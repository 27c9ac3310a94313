"""Intervals as users write them: 30m, 6h, 1d."""

from __future__ import annotations

import re
from datetime import timedelta

import click

UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}
SHAPE = re.compile(r"([1-9][0-9]{0,5})([smhd])")


class Interval(click.ParamType[timedelta]):
    name = "interval"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> timedelta:
        """A positive whole number with its unit."""
        if isinstance(value, timedelta):
            return value
        read = read_interval(str(value))
        if read is None:
            self.fail(f"{value!r} is no interval; write 30m, 6h or 1d.", param, ctx)
        return read


def read_interval(text: str) -> timedelta | None:
    """None for text that is no interval."""
    found = SHAPE.fullmatch(text.strip().lower())
    return timedelta(**{UNITS[found[2]]: int(found[1])}) if found else None
