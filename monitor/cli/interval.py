"""Intervals as users write them: 30m, 6h, 1d."""

from __future__ import annotations

from datetime import timedelta

import click

from monitor.settings.durations import REMEDY, parse_duration


class Interval(click.ParamType[timedelta]):
    name = "interval"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> timedelta:
        """A length of time, as the configuration has it too."""
        if isinstance(value, timedelta):
            return value
        try:
            return parse_duration(str(value))
        except ValueError as error:
            self.fail(f"{error} {REMEDY}", param, ctx)


def read_interval(text: str) -> timedelta | None:
    """None for text that is no interval."""
    try:
        return parse_duration(text)
    except ValueError:
        return None
