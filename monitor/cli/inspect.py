"""`inspect`: a file or a trial, read as a pass would read it, and nothing stored."""

from __future__ import annotations

from pathlib import Path
from typing import cast

import click

from monitor import sources
from monitor.cli.context import Context, pass_context
from monitor.cli.files import read_file
from monitor.errors import BadReference, UsageError
from monitor.model.record import SourceName, TrialRecord
from monitor.model.watch import Reference
from monitor.sources.references import parse_reference


@click.command
@click.argument("what", metavar="FILE_OR_REF")
@click.option("--source", type=click.Choice(["ctgov", "ctv"]), help="How to read a file (default: by its content).")
@click.option("--json", "as_json", is_flag=True, help="One JSON document.")
@click.option("--all", "unfolded", is_flag=True, help="Every site, nothing folded.")
@pass_context
def command(context: Context, what: str, source: str | None, *, as_json: bool, unfolded: bool) -> None:
    """Read a file or a trial without storing anything.

    A FILE needs no configuration. A REF (an NCT number, a study page's address) is fetched with the configuration,
    or with the defaults where there is none.
    """
    record = _read(what, cast("SourceName | None", source), context)
    if as_json:
        from monitor.cli.json_out import document, record_json

        context.document(document(record_json(record, sources.NORMALISER_VERSION)))
        return
    from monitor.cli.record_view import render_record

    context.view(render_record(record, context.screen, unfolded=unfolded))


def _read(what: str, source: SourceName | None, context: Context) -> TrialRecord:
    path = Path(what)
    if path.is_file():
        return read_file(path, source)
    reference = _reference(what)
    from monitor.cli.fetching import fetch_record

    return fetch_record(reference, context)


def _reference(what: str) -> Reference:
    try:
        return parse_reference(what)
    except BadReference as error:
        raise UsageError(f"There is no file {what!r}, and as a reference: {error}") from error
