"""Apprise: reading its URLs, and sending through its plugins. The only module that imports it.

Apprise loads all of its plugins (0.6 to 1 second) when asked for one; the schemes of `services` name the module of
theirs, so that only that one is loaded and its own parser and constructor read the URL.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from importlib import import_module
from typing import Any, TypeAlias

from apprise import Apprise, AppriseAsset, NotifyFormat
from apprise.exception import AppriseException
from apprise.result import AppriseResult, AppriseResultStatus
from apprise.utils.parse import parse_url

from monitor.deliver.apprise_transport import Line, lent
from monitor.deliver.redact import redacted
from monitor.deliver.services import Service
from monitor.deliver.verdict import raise_verdict
from monitor.errors import DestinationDown
from monitor.model.json import JsonObject

_PROJECT = "Trial Monitor"
FACTS = "alert"
"""The key of a webhook's JSON under which the facts of the alert stand."""

Plugin: TypeAlias = Any  # Apprise's plugins share a base class, but what we read of them differs by plugin

_said: ContextVar[list[str] | None] = ContextVar("said", default=None)


class _Ear(logging.Handler):
    """Keeps what Apprise says for whoever listens in this context, and for nobody else: it may quote tokens."""

    def emit(self, record: logging.LogRecord) -> None:
        heard = _said.get()
        if heard is not None:
            heard.append(record.getMessage())


def _hush() -> None:
    """Their DEBUG lines print URLs with tokens; what Apprise warns of reaches people through our own errors."""
    for name in ("apprise", "requests", "urllib3"):
        logging.getLogger(name).setLevel(logging.WARNING)
    logger = logging.getLogger("apprise")
    logger.propagate = False
    logger.addHandler(_Ear())


_hush()


class UrlRefused(Exception):
    """Apprise does not take the URL. `said` is what it said of it, `help_url` where the form is described."""

    def __init__(self, said: Sequence[str], help_url: str | None) -> None:
        super().__init__(" ".join(said))
        self.said = tuple(said)
        self.help_url = help_url


def read_url(service: Service, url: str) -> Plugin:
    """A fresh plugin for one URL. Raises UrlRefused, also for what Apprise would drop with a warning."""
    module, name = service.plugin
    plugin_class = getattr(import_module(module), name)
    with _listening() as said:
        try:
            results = plugin_class.parse_url(_as_apprise_takes(url))
            plugin = plugin_class(**{**results, "asset": _asset()}) if results else None
        except (AppriseException, TypeError, ValueError, AttributeError, KeyError, IndexError) as exc:
            raise UrlRefused(said or [str(exc)], plugin_class.setup_url) from exc
    if plugin is None or said:
        raise UrlRefused(said, plugin_class.setup_url)
    return plugin


def options_in(url: str) -> dict[str, str]:
    """The options of a URL as Apprise reads them: it also parts them at semicolons, and after a "#"."""
    taken = _as_apprise_takes(url)
    read = parse_url(taken, verify_host=False, sanitize=False) or {}  # type: ignore[no-untyped-call]  # theirs
    return {key.strip().casefold(): value for key, value in read.get("qsd", {}).items()}


def _as_apprise_takes(url: str) -> str:
    """Apprise itself does this before it hands a URL to a plugin."""
    return url.replace("/#", "/%23")


def help_url(service: Service) -> str | None:
    """Where Apprise describes the URLs of this service."""
    module, name = service.plugin
    found = getattr(import_module(module), name).setup_url
    return str(found) if found else None


def _asset() -> AppriseAsset:
    return AppriseAsset(
        app_id=_PROJECT,
        app_desc=_PROJECT,
        app_url="",
        image_url_mask="",
        image_path_mask="",
        image_url_logo="",
        storage_mode="memory",
        async_mode=False,
        http_redirects=False,
        interpret_emojis=False,
        interpret_escapes=False,
        default_service_retry=0,
    )


@contextmanager
def _listening() -> Iterator[list[str]]:
    """What Apprise warns of meanwhile."""
    heard: list[str] = []
    token = _said.set(heard)
    try:
        yield heard
    finally:
        _said.reset(token)


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """What goes to Apprise. `markup` says what kind of text the body is; `facts` go beside it where a program reads."""

    title: str
    body: str
    markup: NotifyFormat = NotifyFormat.TEXT
    facts: JsonObject | None = None


def marked_note(title: str, body: str) -> Note:
    """A body in the service's own syntax: Slack's, or the Markdown of Teams."""
    return Note(title=title, body=body, markup=NotifyFormat.MARKDOWN)


def text_note(title: str, body: str, facts: JsonObject | None = None) -> Note:
    """A body of plain text; Apprise escapes it for services that show another kind."""
    return Note(title=title, body=body, facts=facts)


@dataclass(frozen=True, slots=True, kw_only=True)
class AppriseRoute:
    """One recipient of one URL. `target` is the plugin's own value for it, None where the URL has just one."""

    service: Service
    url: str = field(repr=False)
    address: str
    secrets: tuple[str, ...] = field(repr=False)


def longest_body(plugin: Plugin, service: Service) -> int:
    """Characters that the service takes in one message."""
    return service.limit or int(plugin.body_maxlen)


def plugin_for(route: AppriseRoute) -> Plugin:
    """A fresh plugin that sends to this one recipient. Raises DestinationDown if Apprise does not take the URL."""
    try:
        plugin = read_url(route.service, route.url)
    except UrlRefused as exc:
        raise DestinationDown(redacted(f"Apprise does not take the URL: {exc}", route.secrets)) from exc
    if route.service.targets:
        targets = getattr(plugin, route.service.targets)
        setattr(plugin, route.service.targets, [each for each in targets if target_address(each) == route.address])
    plugin.optional = False
    return plugin


def target_address(target: object) -> str:
    """A recipient as people know it, from a plugin's own value: a text, or a pair of which kind and text differ."""
    match target:
        case None:
            return ""
        case ("#" | "@" as sign, str() as name):
            return f"{sign}{name}"
        case (False | None | str(), str() as address):
            return address
        case (chat, topic):
            return f"{chat}" if topic is None else f"{chat}:{topic}"
        case _:
            return str(target)


def notify(route: AppriseRoute, plugin: Plugin, note: Note, line: Line) -> None:
    """Send one note. Raises SendFailed, MessageRefused or DestinationDown."""
    carrier = Apprise(asset=plugin.asset)
    carrier.add(plugin)
    if route.service.form == "slack":
        plugin.dialect_convert = _as_it_is  # our text is in Slack's own syntax already
    if note.facts is not None and FACTS not in plugin.payload_extras.values():  # whose URL renames another key so
        plugin.payload_extras[FACTS] = note.facts
    with lent(line, type(plugin).__module__), _listening() as said:
        result = carrier.notify(
            body=note.body, title=note.title, body_format=note.markup, timeout=max(line.left(), 1.0)
        )
        exchanges = tuple(line.exchanges)
        _take_leave(plugin)
    if result.status != AppriseResultStatus.SUCCESS:
        raise_verdict(
            str(plugin.service_name),
            exchanges,
            timed_out=_timed_out(result),
            said=[redacted(each, route.secrets) for each in said],
            secrets=route.secrets,
        )


def _take_leave(plugin: Plugin) -> None:
    """Log out where the plugin does so when it is thrown away (Matrix): then no send of ours would be running."""
    leave = getattr(plugin, "__del__", None)
    if leave is not None:
        leave()


def _as_it_is(body: str, *_: object, **__: object) -> str:
    return body


def _timed_out(result: AppriseResult) -> bool:
    return bool(result.status == AppriseResultStatus.TIMEOUT)


@contextmanager
def slack_at(base_url: str) -> Iterator[None]:
    """Within, Slack's plugin posts its webhooks below `base_url` instead of to Slack: the demo has a server of its own.

    The destination must allow private addresses.
    """
    from apprise.plugins.slack import NotifySlack

    theirs = NotifySlack.webhook_url
    NotifySlack.webhook_url = base_url
    try:
        yield
    finally:
        NotifySlack.webhook_url = theirs
