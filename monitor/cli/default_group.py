"""A group of verbs that does one of them when none is named."""

from __future__ import annotations

import click


class ListsByDefault(click.Group):
    """`alerts` alone, and `alerts --json`, mean `alerts list`."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        if not set(args) & {*self.commands, *ctx.help_option_names}:
            args = ["list", *args]
        return super().parse_args(ctx, args)
