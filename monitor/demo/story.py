"""The demo's story: the whole job over nine recorded days, on loopback."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from monitor.app import App, check_once, deliver_once, open_locked
from monitor.deliver.apprise_channel import slack_at
from monitor.demo import recorded
from monitor.demo.mailbox import Mailbox
from monitor.demo.received import Received, keep, tell
from monitor.demo.recorded import Day
from monitor.demo.registry import RecordedRegistry
from monitor.demo.setting import CONFIG, Addresses, is_ours, write_config
from monitor.demo.webhooks import WebhookSink
from monitor.errors import UsageError
from monitor.pipeline.check import PassReport
from monitor.pipeline.deliver import Delivered
from monitor.text.dates import show_date

IN_FULL = (3, 4)

HEADINGS: Mapping[int, str] = {
    1: "The first pass is the baseline. No change is told; one welcome says what is watched and how each trial stands.",
    2: "The registry published a new build. Every record carries a new stamp, and not one of them says anything new.",
    3: "A trial is suspended. Readers hear of it at once, with all that changed in the same update.",
    4: "A study page breaks: the server answers 200 with half a page. Readers hear nothing, the operator does.",
    5: "The page is whole again. The operator is told once that it is; nothing had been lost.",
    6: "Two trials change: one plans half as many people and drops an arm, one has news of contacts and sites.",
    7: "The registry itself sets a status to Unknown, without moving the record's update date.",
    8: "Two trials open, one of them with new criteria; another grows by 43 sites.",
    9: "The study page repeats what the registry said two days ago. It is kept, and not told again.",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Voice:
    """How the demo speaks: `say` prints lines, `check` renders a pass as the verb does."""

    say: Callable[[str], None]
    check: Callable[[App, PassReport, Delivered], str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """The servers of the demo."""

    registry: RecordedRegistry
    mailbox: Mailbox
    slack: WebhookSink


@contextmanager
def open_stage(*, registry_port: int = 0, mirror_port: int = 0, mail_port: int = 0) -> Iterator[Stage]:
    """All servers of the demo, filled and on day 1. Raises OSError if a port is taken."""
    with (
        RecordedRegistry(registry_port=registry_port, mirror_port=mirror_port) as registry,
        Mailbox(port=mail_port) as mailbox,
        WebhookSink() as slack,
    ):
        recorded.fill(registry)
        yield Stage(registry=registry, mailbox=mailbox, slack=slack)


def run_demo(folder: Path, voice: Voice, environ: Mapping[str, str]) -> Path:
    """Play all days into a new store in `folder`; the path of the configuration that is left behind.

    An earlier demo in `folder` is replaced. Raises UsageError if `folder` holds something else.
    """
    config = _make_room(folder)
    with open_stage() as stage, slack_at(stage.slack.slack_url):
        addresses = Addresses.of(stage.registry, stage.mailbox.port)
        write_config(config, addresses, slack=True)
        _introduce(voice, config)
        for day in recorded.DAYS:
            _play(day, stage, voice, config, environ)
    write_config(config, addresses, slack=False)
    voice.say(f"\n== All of it again {'=' * 61}\n$ trial-monitor history")
    return config


def _make_room(folder: Path) -> Path:
    config = folder / CONFIG
    if folder.exists() and any(folder.iterdir()) and not is_ours(config):
        raise UsageError(f"{folder} holds files that are not the demo's. Run the demo in another folder.")
    if folder.exists():
        shutil.rmtree(folder)
    folder.mkdir(parents=True)
    return config


def _introduce(voice: Voice, config: Path) -> None:
    voice.say(
        "Nine days of February and March 2026: records of ClinicalTrials.gov (U.S. National Library of Medicine)\n"
        "and pages of ClinicalTrials.Veeva as they were, served again on this machine. Nothing leaves it.\n"
        f"The configuration is {config}; what is sent is kept beside it."
    )


def _play(day: Day, stage: Stage, voice: Voice, config: Path, environ: Mapping[str, str]) -> None:
    """One day: a pass and a delivery, and what came of them."""
    recorded.turn_to(stage.registry, day)
    letters, hooks = len(stage.mailbox.letters), len(stage.slack.hooks)
    voice.say(f"\n== Day {day.number}, {show_date(day.at.date().isoformat())} ".ljust(80, "="))
    voice.say(f"{HEADINGS[day.number]}\n\n$ trial-monitor check")
    with open_locked(config, environ, clock=lambda: day.at) as (app, holder):
        app.sync_watches()
        report = asyncio.run(check_once(app))
        delivered = asyncio.run(deliver_once(app, holder.id))
        voice.say(voice.check(app, report, delivered))
    received = Received(
        day=day.number,
        letters=tuple(stage.mailbox.letters[letters:]),
        hooks=tuple(stage.slack.hooks[hooks:]),
        in_full=day.number in IN_FULL,
    )
    voice.say("")
    for line in tell(received, keep(received, config.parent)):
        voice.say(line)


def ending(config: Path, program: str) -> str:
    """What to do with the store that the demo left behind; `program` is how its reader calls the monitor."""
    return (
        f"\nThe mails lie in {config.parent / 'mail'} (.html opens in a browser), the store beside them.\n"
        "To look around:\n\n"
        f"  export TRIAL_MONITOR_CONFIG={config.absolute()}\n"
        f"  {program} history --all\n"
        f"  {program} show NCT07227597\n"
        f"  {program} diff NCT07227597\n"
        f"  {program} alerts list --all\n\n"
        f"The recorded sources have stopped with this demo. `{program} demo --serve` starts them again,\n"
        "as they were on the last day, so that `check` and `watch add` work too."
    )
