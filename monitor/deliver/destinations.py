"""Reading a destination's URL: is it one that we may use, whom does it reach, what in it is secret."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final
from urllib.parse import SplitResult, unquote, urlsplit

from monitor.deliver.mail_route import MailRoute
from monitor.deliver.redact import Secret, redacted
from monitor.deliver.services import KNOWN_BY, SERVICES, Service
from monitor.errors import UsageError

if TYPE_CHECKING:
    from monitor.deliver.apprise_channel import Plugin

_SCHEME: Final = re.compile(r"\A([A-Za-z][A-Za-z0-9+.-]*)://")
_PASSWORD: Final = 4  # characters; hiding shorter ones would hide half of every line
_TOKEN: Final = 8
_LAST_PORT: Final = 65_535
_BETWEEN: Final = re.compile(r"[,;]")
_SHOWN: Final = frozenset(
    {"to", "cc", "from", "name", "smtp", "mode", "reply", "method", "channel", "channels", "image"}
)
_FORBIDDEN: Final = {
    "optional": ("makes a message that failed look delivered", "Leave it out."),
    "retry": ("repeats messages behind our back", "Leave it out: what was not taken is tried again by itself."),
    "wait": ("repeats messages behind our back", "Leave it out: what was not taken is tried again by itself."),
    "overflow": ("cuts or splits messages", "Leave it out: messages are made to fit."),
    "format": ("changes how messages are written", "Leave it out: each service gets the form that it shows best."),
    "emojis": ("turns words of a record into pictures", "Leave it out."),
    "template": ("puts a form of its own in place of the message", "Leave it out."),
    "redirect": ("sends messages on to addresses that nobody configured", "Leave it out."),
    "cc": ("hides readers from the outbox", "Name every reader in to=, with commas: each gets a message of their own."),
    "bcc": (
        "hides readers from the outbox",
        "Name every reader in to=, with commas: each gets a message of their own.",
    ),
    "pgp": ("is not supported", "Leave it out."),
    "pgppub": ("is not supported", "Leave it out."),
    "pgpprv": ("is not supported", "Leave it out."),
    "wkd": ("is not supported", "Leave it out."),
}
_ADDRESSES: Final = "Write to=name@example.org, several with commas, in plain letters."
_NO: Final = frozenset({"no", "n", "false", "off", "0", "deny", "never", "disable", "-"})


class BadDestination(UsageError):
    """A URL that cannot be used: what is wrong, and what to do about it. Neither names a secret."""

    def __init__(self, problem: str, remedy: str) -> None:
        super().__init__(f"{problem} {remedy}")
        self.problem = problem
        self.remedy = remedy


@dataclass(frozen=True, slots=True, kw_only=True)
class ParsedDestination:
    """A destination that can be used.

    `recipients` are addresses that may be shown; a destination with just one place to send to has "" for it.
    `secrets` are strings that no log may hold. `mail` is there for mailto(s) only.
    """

    name: str
    scheme: str
    recipients: tuple[str, ...]
    secrets: tuple[str, ...] = field(repr=False)
    url: Secret
    mail: MailRoute | None = None


def read_destination(name: str, url: str) -> ParsedDestination:
    """Raises BadDestination for what is no URL, a scheme that we do not serve, and what Apprise refuses."""
    url = url.strip()
    scheme = _scheme(url)
    service = SERVICES[scheme]
    parts, options = _parts(url), _options(url)
    secrets = tuple(dict.fromkeys(each for each in (url, *_secrets(parts, options, service, scheme)) if each))
    _refuse_options(options)
    plugin = _plugin(service, scheme, url, secrets)
    if plugin.port is not None and not 0 < plugin.port <= _LAST_PORT:
        raise BadDestination(f"There is no port {plugin.port}.", f"Write a number from 1 to {_LAST_PORT}.")
    mail = MailRoute.of(plugin) if service.form == "mail" else None
    secrets += tuple(each for each in (plugin.password,) if each and len(each) >= _PASSWORD and each not in secrets)
    recipients = _recipients(plugin, service, scheme, (parts.path, options.get("to", "")))
    hidden = tuple(each for each in secrets if not any(each in address for address in recipients))
    return ParsedDestination(
        name=name, scheme=scheme, recipients=recipients, secrets=hidden, url=Secret(url), mail=mail
    )


def _scheme(url: str) -> str:
    found = _SCHEME.match(url)
    if not found:
        raise BadDestination(
            "This is no destination's URL.",
            "It begins with the service: mailtos://, slack://, workflows:// (Teams), jsons:// and others.",
        )
    scheme = found[1].lower()
    if scheme in SERVICES:
        return scheme
    if scheme in ("http", "https"):
        raise BadDestination("A bare web address does not say which service it is.", _web_remedy(url))
    if scheme in KNOWN_BY:
        raise BadDestination(f"Apprise has no {scheme}://.", f"Write {KNOWN_BY[scheme]}://.")
    raise BadDestination(
        f"{scheme}:// is not served.",
        "These are: " + ", ".join(f"{each}://" for each in sorted(SERVICES) if f"{each}s" not in SERVICES) + ".",
    )


def _web_remedy(url: str) -> str:
    if "//hooks.slack.com/" in url:
        return "For Slack write slack://A/B/C with the three parts that follow /services/ in it."
    if ".logic.azure.com" in url or ".powerplatform.com" in url:
        return "For Teams write workflows:// as https://appriseit.com/services/workflows/ shows."
    return "For a webhook of your own write jsons:// in place of https://."


def _parts(url: str) -> SplitResult:
    try:
        return urlsplit(url.replace("/#", "/%23"))
    except ValueError as exc:
        raise BadDestination(
            "The URL cannot be taken apart.",
            "Percent-encode what stands in a user name or password: @ is %40, : is %3A, / is %2F, # is %23.",
        ) from exc


def _options(url: str) -> Mapping[str, str]:
    from monitor.deliver.apprise_channel import options_in

    return options_in(url)


def _refuse_options(options: Mapping[str, str]) -> None:
    for key, (problem, remedy) in _FORBIDDEN.items():
        if key in options:
            raise BadDestination(f"The option {key}= {problem}.", remedy)
    if options.get("verify", "yes").casefold() in _NO:
        raise BadDestination(
            "The option verify=no gives up the check of certificates.",
            "Leave it out. For a certificate of your own network name its file: [network] ca_bundle.",
        )


def _plugin(service: Service, scheme: str, url: str, secrets: tuple[str, ...]) -> Plugin:
    from monitor.deliver.apprise_channel import UrlRefused, read_url

    try:
        return read_url(service, url)
    except UrlRefused as exc:
        said = redacted(" ".join(exc.said), secrets).strip()
        quoted = f': "{said}"' if said else ""
        dropped = service.form == "mail" and "Dropped invalid" in said
        raise BadDestination(
            f"Apprise does not take this {scheme}:// URL{quoted}.",
            _ADDRESSES if dropped else f"Its form is shown at {exc.help_url}.",
        ) from exc


def _recipients(plugin: Plugin, service: Service, scheme: str, written: tuple[str, str]) -> tuple[str, ...]:
    from monitor.deliver.apprise_channel import target_address

    if service.targets is None:
        if len(plugin) > 1:
            raise BadDestination(
                f"This {scheme}:// URL names several places to send to.",
                "Give each of them a destination of its own: what one refused is then not sent again to all.",
            )
        return ("",)
    found = {address.casefold(): address for address in map(target_address, getattr(plugin, service.targets))}
    if service.form == "mail":
        _refuse_unread(found, *written)
        _refuse_unsendable((*found.values(), plugin.from_addr[1]))
    return tuple(found.values()) or ("",)


def _refuse_unread(found: Collection[str], path: str, to: str) -> None:
    """Apprise drops what is no address in silence; somebody would never be told."""
    named = [each.strip() for each in _BETWEEN.split(to)]
    for each in (*named, *(unquote(word) for word in path.split("/"))):
        if each and not any(address in each.casefold() for address in found):
            raise BadDestination(f'"{redacted(each, ())}" is no mail address.', _ADDRESSES)


def _refuse_unsendable(addresses: Iterable[str]) -> None:
    """Not every server takes letters beyond ASCII in an address; none needs them in a domain."""
    for address in addresses:
        if not address.isascii():
            raise BadDestination(
                f'"{redacted(address, ())}" holds letters that not every mail server takes.',
                "Write the domain in its ASCII form (xn--...), and an address of plain letters.",
            )


def _secrets(parts: SplitResult, options: Mapping[str, str], service: Service, scheme: str) -> Iterator[str]:
    """The password, and whatever may be a token: also user, host and path where those can hold one."""
    if len(unquote(parts.password or "")) >= _PASSWORD:
        yield unquote(parts.password or "")
    words = [value for key, value in options.items() if key not in _SHOWN]
    if service.form != "mail":
        host = parts.netloc.rpartition("@")[2]
        words += [parts.username or "", "" if _has_host(service, scheme) else host, *parts.path.split("/")]
    for word in words:
        if len(word) >= _TOKEN:
            yield unquote(word)


def _has_host(service: Service, scheme: str) -> bool:
    """True where the URL's host is a host; services with just one address of their own keep a key in its place."""
    stem = scheme.removesuffix("s")
    return service.form == "data" or (stem in SERVICES and f"{stem}s" in SERVICES)
