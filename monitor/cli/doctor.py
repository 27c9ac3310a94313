"""`doctor`: is this monitor set up so that it will work, and go on working?"""

from __future__ import annotations

import asyncio
from pathlib import Path

import click

from monitor.app import read_settings
from monitor.cli import logs
from monitor.cli.context import Context, pass_context
from monitor.cli.doctoring.destinations_check import judge_readers, look_at_destinations
from monitor.cli.doctoring.finding import Finding, Level, render_findings, well
from monitor.cli.doctoring.libraries_check import look_at_libraries
from monitor.cli.doctoring.report import render_report
from monitor.cli.doctoring.sources_check import Surroundings, look_at_sources
from monitor.cli.doctoring.store_check import look_at_store
from monitor.cli.ending import FAILED
from monitor.clocks import wall_clock
from monitor.settings.values import Settings


@click.command
@click.option("--report", is_flag=True, help="A text to paste into a question, without secrets and addresses.")
@click.option("--offline", is_flag=True, help="Ask no source and no mail server.")
@pass_context
@click.pass_context
def command(ctx: click.Context, context: Context, *, report: bool, offline: bool) -> None:
    """Look for faults in the set-up, each with a remedy.

    Each source is asked for its smallest page, each mail server is logged in to; nothing is sent and nothing stored.
    """
    context.set_up_log()
    settings = read_settings(context.config, context.environ)
    logs.hide(settings.secrets)
    findings = examine(settings, offline=offline)
    if report:
        context.say(render_report(settings, findings, Path.home()))
    else:
        context.say(render_findings(findings, context.screen))
    ctx.exit(FAILED if any(each.level is Level.FAULT for each in findings) else 0)


def examine(settings: Settings, *, offline: bool) -> tuple[Finding, ...]:
    """Everything that can be looked at from here."""
    found = [well("configuration", f"{settings.path} has no fault.")]
    in_store, rests = look_at_store(settings, wall_clock())
    found += [*look_at_libraries(), *in_store, judge_readers(settings)]
    if not offline:
        around = Surroundings(network=settings.network, clock=wall_clock, rests=rests)
        found += asyncio.run(look_at_sources(settings.policies, around))
        found += look_at_destinations(settings)
    return tuple(found)
