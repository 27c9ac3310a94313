"""`init`: a first configuration, a test message, the first watches."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import click

from monitor.app import open_app
from monitor.cli import logs
from monitor.cli.context import Context, pass_context
from monitor.cli.ending import FAILED, complain
from monitor.cli.mail_url import MailAnswers, Security, mail_url, read_server
from monitor.cli.watch import follow
from monitor.deliver.destinations import read_destination
from monitor.deliver.reach import addresses_of
from monitor.errors import BadReference, DestinationDown, SendError, SendFailed, UsageError
from monitor.model.watch import WatchSpec
from monitor.pipeline.sample import send_test
from monitor.settings.reading import VARIABLE
from monitor.settings.template import render, write_new
from monitor.sources.references import parse_reference

PLACE = Path("config/monitor.toml")
URL_FILE = "mail.url"
PASSWORD = "TRIAL_MONITOR_MAIL_PASSWORD"  # noqa: S105 (the name of a variable)
PRIVATE = "[destinations.mail]\nallow_private_addresses = true   # the mail server stands in your own network\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """What the flags say; None or empty where they say nothing. `ask` is True with a person at the terminal."""

    addresses: Sequence[str]
    sender: str | None
    server: str | None
    security: Security | None
    user: str | None
    password: str | None
    ask: bool


@click.command
@click.option("--address", "--to", "addresses", multiple=True, help="Who is told. May be repeated.")
@click.option("--from", "sender", help="The sender's address (default: the user, else the first address).")
@click.option("--mail-server", "--server", "server", metavar="HOST[:PORT]", help="587 STARTTLS, 465 TLS, 25 a relay.")
@click.option("--security", type=click.Choice(["starttls", "ssl", "none"]), help="If the port does not say.")
@click.option("--user", help="For the log-in; leave it out for a relay that asks for none.")
@click.option("--password", envvar=PASSWORD, help=f"Better in ${PASSWORD}: others can see a command line.")
@click.option("--no-mail", is_flag=True, help="Write a configuration without a destination.")
@click.option("--timezone", help="Of displayed times (default: that of this machine).")
@click.option("--watch", "watches", metavar="REF", multiple=True, help="A trial to follow. May be repeated.")
@click.option("--test/--no-test", default=True, help="Send a test message (default: yes).")
@pass_context
@click.pass_context
def command(  # noqa: PLR0913 (one argument an option)
    ctx: click.Context,
    context: Context,
    *,
    addresses: tuple[str, ...],
    sender: str | None,
    server: str | None,
    security: Security | None,
    user: str | None,
    password: str | None,
    no_mail: bool,
    timezone: str | None,
    watches: tuple[str, ...],
    test: bool,
) -> None:
    """Write a first configuration, send a test message, and follow the first trials.

    What the flags do not say is asked for at a terminal. Nothing that is there already is written over.
    """
    context.set_up_log()
    path = context.config or Path(context.environ.get(VARIABLE) or PLACE)
    _refuse_existing(path)
    given = Given(
        addresses=addresses, sender=sender, server=server, security=security, user=user, password=password,
        ask=context.screen.interactive and sys.stdin.isatty(),
    )  # fmt: skip
    mail = None if no_mail else gather_mail(given)
    specs = _specs(watches or _ask_watches(given))
    _write(path, mail, timezone or local_timezone(context.environ))
    context.tell(f"{path} is written.")
    failed = _try_out(context, path, specs, mailed=mail is not None and test)
    context.say("Next: trial-monitor doctor looks for faults, trial-monitor check makes the first pass.")
    ctx.exit(FAILED if failed else 0)


def _refuse_existing(path: Path) -> None:
    for each in (path, path.parent / URL_FILE):
        if each.exists() or each.is_symlink():
            raise UsageError(f"{each} is there already; nothing was changed. Move it away, or change it by hand.")


def _specs(texts: Sequence[str]) -> list[WatchSpec]:
    try:
        return [WatchSpec(reference=parse_reference(text)) for text in texts]
    except BadReference as error:
        raise UsageError(str(error)) from error


def _ask_watches(given: Given) -> list[str]:
    if not given.ask:
        return []
    told = _prompt("Trials to follow, as NCT numbers or study pages, parted by spaces (none: Enter)", default="")
    return told.split()


def gather_mail(given: Given) -> MailAnswers | None:
    """Everything about mail, from flags and answers; None if nobody is to be mailed. Raises UsageError."""
    addresses = list(given.addresses) or _asked_list(given)
    if not addresses:
        if given.server or given.user:
            raise UsageError("Say who is to be told: --address NAME@HOST")
        return None
    server = given.server or (_prompt("Mail server, as HOST or HOST:PORT") if given.ask else None)
    if not server:
        raise UsageError("Say by which server mail goes: --mail-server HOST[:PORT]; or --no-mail")
    host, port, security = read_server(server, given.security)
    user = given.user
    if user is None and given.ask:
        user = _prompt("User for the log-in (none: Enter)", default="") or None
    password = given.password
    if user and password is None and given.ask:
        password = _prompt("Password (many providers want an app password)", hide_input=True)
    if user and not password:
        raise UsageError(f"Give the password of {user} in ${PASSWORD}.")
    sender = given.sender or (user if user and "@" in user else addresses[0])
    return MailAnswers(
        host=host, port=port, security=security, sender=sender, recipients=addresses, user=user, password=password
    )


def _asked_list(given: Given) -> list[str]:
    if not given.ask:
        return []
    return _prompt("Addresses that are told, parted by commas (none: Enter)", default="").replace(",", " ").split()


def _prompt(text: str, *, default: str | None = None, hide_input: bool = False) -> str:
    """Asks on stderr, so that stdout holds results only."""
    answer: str = click.prompt(text, default=default, hide_input=hide_input, show_default=False, err=True)
    return answer.strip()


def _write(path: Path, mail: MailAnswers | None, timezone: str) -> None:
    """The URL first: a configuration that names a file which is not there would be a fault."""
    text = render(mail_url_file=URL_FILE if mail else None, timezone=timezone)
    if mail is not None:
        url = mail_url(mail)
        logs.hide([mail.password or ""])
        read_destination("mail", url)
        if is_inside(mail, addresses_of):
            text = text.replace("[destinations.mail]\n", PRIVATE, 1)
        write_new(path.parent / URL_FILE, f"{url}\n", private=True)
    write_new(path, text)


def is_inside(mail: MailAnswers, look_up: Callable[..., tuple[str, ...]]) -> bool:
    """True for a mail server in the user's own network, as it is resolved now."""
    try:
        look_up(mail.host, mail.port, allow_private=False)
    except DestinationDown:
        return True
    except SendFailed:
        return False
    return False


def local_timezone(environ: Mapping[str, str], link: Path = Path("/etc/localtime")) -> str:
    """The name of this machine's timezone; UTC where it has none."""
    from zoneinfo import available_timezones

    named = environ.get("TZ", "").removeprefix(":")
    linked = str(link.resolve()).partition("/zoneinfo/")[2]
    return next((name for name in (named, linked) if name in available_timezones()), "UTC")


def _try_out(context: Context, path: Path, specs: Sequence[WatchSpec], *, mailed: bool) -> bool:
    """Send the test message and begin to follow; True if something failed. The configuration stays either way."""
    with open_app(path, context.environ, writing=True) as app:
        logs.hide(app.settings.secrets)
        failed = False
        for recipient in app.ways.desk.recipients.get("mail", ()) if mailed else ():
            try:
                code = asyncio.run(send_test(app.post(), recipient, app.clock()))
            except SendError as error:
                failed = True
                complain(f"The test message to {recipient.address} was not taken: {error}")
                complain("The configuration is kept. To try again: trial-monitor destination test mail")
            else:
                context.tell(f"A test message was handed over to {recipient.address} as alert {code}.")
        return bool(follow(context, app, specs)) or failed
