"""`prune`: take out what is not to be kept."""

from __future__ import annotations

from collections.abc import Iterator

import click

from monitor.cli.context import Context, pass_context
from monitor.cli.json_out import document
from monitor.cli.record_view import paragraph
from monitor.cli.words import count
from monitor.pipeline.forgetting import Person
from monitor.pipeline.pruning import Pruned, prune, rehearse

ELSEWHERE = (
    "Copies made earlier (backups, exports, copies kept before an upgrade, messages sent, the log of a PostgreSQL "
    "server) hold what they held: delete those yourself."
)
STILL_THERE = (
    "While the registry shows the person, the place is kept as [removed], nothing of it is stored, and "
    "no change is told."
)


@click.command
@click.option("--person", metavar="TEXT", help="Also a person, by full name, e-mail address or phone number.")
@click.option("--dry-run", is_flag=True, help="Say what would go; nothing is changed.")
@click.option("--json", "as_json", is_flag=True, help="One JSON document.")
@pass_context
def command(context: Context, *, person: str | None, dry_run: bool, as_json: bool) -> None:
    """Apply the [retention] of the configuration to all that is stored, and forget a person if one is named.

    What is taken out is taken out of the database's files as well. Versions stay, with their chain, and say when.
    """
    with context.open_locked() as (app, _):
        how = rehearse if dry_run else prune
        done = how(app.store, app.settings.retention, app.clock(), person=person)
    if as_json:
        context.document(document(_json(done, dry_run=dry_run)))
        return
    for line in _told(done, dry_run=dry_run):
        context.say(paragraph(line, context.screen))


def _told(done: Pruned, *, dry_run: bool) -> Iterator[str]:
    if done.person:
        yield from _person(done.person)
    what = (
        f"{count(done.bodies_reduced, 'body', 'bodies')} in part and {done.bodies_pruned} whole, "
        f"{count(done.sections, 'section')}, {count(done.changes, 'change')}, {count(done.rows, 'other row')}."
    )
    yield f"Would be pruned: {what}" if dry_run else f"Pruned: {what}"
    if not dry_run and (done.something or done.person):
        yield ELSEWHERE
    if not dry_run and done.person:
        yield STILL_THERE


def _person(person: Person) -> Iterator[str]:
    yield f"{count(person.entries, 'entry', 'entries')} found. Forgotten: {', '.join(person.found.values())}."
    if person.shared:
        yield (
            f"Kept elsewhere, since others are reached by it too: {', '.join(person.shared.values())}. "
            "To forget it as well, name it with --person."
        )


def _json(done: Pruned, *, dry_run: bool) -> dict[str, object]:
    person = done.person
    found = (
        None
        if person is None
        else {
            "entries": person.entries,
            "forgotten": list(person.found.values()),
            "shared": list(person.shared.values()),
        }
    )
    return {"dry_run": dry_run, **done.counts, "person": found}
