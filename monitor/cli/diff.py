"""`diff`: two versions of a watched trial, or two files, against each other."""

from __future__ import annotations

from pathlib import Path
from typing import cast

import click

from monitor.cli.context import Context, pass_context
from monitor.cli.diff_view import Comparison, render_diff
from monitor.cli.ending import complain
from monitor.cli.files import read_file
from monitor.cli.json_out import Side, diff_json, document
from monitor.cli.sides import Sides
from monitor.diff.compare import compare
from monitor.errors import UsageError
from monitor.model.change import Category
from monitor.model.record import SourceName, TrialRecord
from monitor.text.canonical import content_hash


@click.command
@click.argument("trial", required=False)
@click.option("--files", nargs=2, type=click.Path(path_type=Path), metavar="OLD NEW", help="Two files instead.")
@click.option("--from", "start", metavar="N|DATE", help="The older version (default: the one before the newer).")
@click.option("--to", "end", metavar="N|DATE", help="The newer version (default: the last).")
@click.option("--source", type=click.Choice(["ctgov", "ctv"]), help="Whose record, or how to read the files.")
@click.option("--section", type=click.Choice([each.value for each in Category]), help="One category only.")
@click.option("--json", "as_json", is_flag=True, help="One JSON document.")
@click.option("--all", "unfolded", is_flag=True, help="Every site, long texts in full.")
@pass_context
def command(
    context: Context,
    *,
    trial: str | None,
    files: tuple[Path, Path] | None,
    start: str | None,
    end: str | None,
    source: str | None,
    section: str | None,
    as_json: bool,
    unfolded: bool,
) -> None:
    """Compare two versions of a trial, or two files.

    TRIAL is an NCT number, the address of a study page, or a label. Days are those of the configured timezone.
    """
    chosen = cast("SourceName | None", source)
    if files is not None and (trial or start or end):
        raise UsageError("--files compares two files; it takes no TRIAL, --from or --to.")
    if files is not None:
        sides = _from_files(files, chosen)
    elif trial:
        from monitor.cli.stored import two_versions

        sides = two_versions(context, trial, start, end, chosen)
    else:
        raise UsageError("Name a TRIAL, or two files: trial-monitor diff --files OLD NEW")
    _tell(context, sides, Category(section) if section else None, as_json=as_json, unfolded=unfolded)


def _from_files(files: tuple[Path, Path], source: SourceName | None) -> Sides:
    before, after = (read_file(path, source) for path in files)
    numbers = [record.registry_id for record in (before, after) if record.registry_id]
    if len(set(numbers)) > 1:
        complain(f"These are two trials: {files[0]} is {numbers[0]}, {files[1]} is {numbers[1]}.")
    return Sides(before=before, after=after, old=_side(files[0], before), new=_side(files[1], after))


def _side(path: Path, record: TrialRecord) -> Side:
    posted = record.dates.last_update_posted
    return Side(file=str(path), posted=posted.date if posted else None, content_hash=content_hash(record))


def _tell(context: Context, sides: Sides, only: Category | None, *, as_json: bool, unfolded: bool) -> None:
    changes = compare(sides.before, sides.after, severities=sides.severities, earlier=sides.earlier)
    told = [change for change in changes if only in (None, change.category)]
    if as_json:
        context.document(document(diff_json(sides.registry_id, sides.old, sides.new, told)))
        return
    if sides.old.version is not None and sides.old.version == sides.new.version:
        context.tell(f"There is one version only, {sides.old.version}: nothing to compare yet.")
        return
    view = Comparison(
        before=sides.before,
        after=sides.after,
        old=sides.old,
        new=sides.new,
        changes=changes,
        unfolded=unfolded,
        only=only,
    )
    context.view(render_diff(view, context.screen))
