"""What a failed send through Apprise means: try later, never this message, or not before a person acts."""

from __future__ import annotations

import json
import ssl
from collections.abc import Iterator, Sequence
from http import HTTPStatus
from typing import Final, NoReturn

from monitor.deliver.apprise_transport import Exchange
from monitor.deliver.redact import redacted
from monitor.errors import DestinationDown, MessageRefused, SendError, SendFailed

_LATER: Final = frozenset({408, 421, 423, 425, 429})
_PERSON: Final = frozenset({401, 402, 403, 404, 405, 407, 410, 451})
_QUOTED: Final = 200
_LATER_WORDS: Final = frozenset(
    {
        "ratelimited", "rate_limited", "internal_error", "fatal_error", "service_unavailable", "request_timeout",
        "team_added_to_org", "rollup_error",
    }
)  # fmt: skip
_PERSON_WORDS: Final = frozenset(
    {
        "invalid_auth", "not_authed", "account_inactive", "token_revoked", "token_expired", "missing_scope",
        "no_permission", "org_login_required", "ekm_access_denied", "channel_not_found", "not_in_channel",
        "is_archived", "restricted_action", "access_denied", "no_service", "invalid_token", "action_prohibited",
        "channel_is_archived", "team_access_not_granted", "user_not_found",
    }
)  # fmt: skip
"""Slack's words for what only a person can mend: https://docs.slack.dev/reference/methods/chat.postMessage"""


def raise_verdict(
    service: str, exchanges: Sequence[Exchange], *, timed_out: bool, said: Sequence[str], secrets: Sequence[str]
) -> NoReturn:
    """Raises what the last exchange amounts to; what the other side said is quoted, without secrets."""
    last = exchanges[-1] if exchanges else None
    if timed_out:
        raise SendFailed(f"{service} did not answer in time.", unknown=last is None or last.sent)
    if last is None:
        words = " ".join(said) or "it gave no reason"
        raise DestinationDown(f"Apprise did not send to {service}: {words}. Check this destination's URL.")
    if last.error is not None:
        _raise_error(service, last, last.error, secrets)
    _raise_status(service, last, last.status or 0, _quoted(last, secrets))


def _raise_error(service: str, last: Exchange, error: Exception, secrets: Sequence[str]) -> NoReturn:
    if isinstance(error, SendError):
        raise error
    certificate = next((each for each in _causes(error) if isinstance(each, ssl.SSLCertVerificationError)), None)
    if certificate is not None:
        raise DestinationDown(
            f"The certificate of {last.host} is not trusted: {certificate.verify_message}. Behind a proxy that looks "
            "into TLS, name its certificate: [network] ca_bundle."
        ) from error
    words = redacted(str(next(_causes(error, deepest=True))), secrets)[:_QUOTED]
    if last.sent:
        raise SendFailed(f"{service} took the message and did not answer: {words}.", unknown=True) from error
    raise SendFailed(f"{service} cannot be reached: {words}.", unreached=True) from error


def _raise_status(service: str, last: Exchange, status: int, quoted: str) -> NoReturn:
    answered = f"{service} answered {status} {_phrase(status)}{quoted}."
    word = _word(last.body)
    if status in _LATER or status >= HTTPStatus.INTERNAL_SERVER_ERROR or word in _LATER_WORDS:
        raise SendFailed(answered, retry_after=last.retry_after)
    if status in _PERSON or word in _PERSON_WORDS:
        raise DestinationDown(f"{answered} {_advice(status)}")
    if HTTPStatus.MULTIPLE_CHOICES <= status < HTTPStatus.BAD_REQUEST:
        raise DestinationDown(f"{answered} It has moved: change this destination's URL.")
    if status >= HTTPStatus.BAD_REQUEST or word is not None:
        raise MessageRefused(answered)
    raise SendFailed(f"{answered} That is not how it says that a message was taken.", unknown=True)


def _advice(status: int) -> str:
    if status == HTTPStatus.PROXY_AUTHENTICATION_REQUIRED:
        return "The proxy wants a log-in: give it in [network] proxy."
    if status in (HTTPStatus.NOT_FOUND, HTTPStatus.GONE):
        return "The webhook or channel is gone: make a new one and change this destination's URL."
    return "The key, token or channel is not accepted: make a new one, or allow this one, and change the URL."


def _phrase(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return ""


def _word(body: bytes) -> str | None:
    """The code of an error as Slack gives it: the whole text of an answer, or "error" of a JSON object."""
    try:
        text = body.decode().strip()
        value = json.loads(text) if text.startswith("{") else text
    except ValueError:
        return None
    if isinstance(value, dict):
        error = value.get("error")
        return error if isinstance(error, str) and value.get("ok") is False else None
    return text if text in _PERSON_WORDS | _LATER_WORDS else None


def _quoted(last: Exchange, secrets: Sequence[str]) -> str:
    text = redacted(last.body.decode(errors="replace"), secrets).strip()
    if not text or text.startswith("<"):
        return ""
    return f': "{text[:_QUOTED]}"'


def _causes(error: BaseException, *, deepest: bool = False) -> Iterator[BaseException]:
    """An error and what lies under it: arguments, reasons and causes."""
    chain: list[BaseException] = [error]
    for each in chain:
        under = (*each.args[:2], getattr(each, "reason", None), each.__cause__, each.__context__)
        chain += [found for found in under if isinstance(found, BaseException) and found not in chain]
    yield from reversed(chain) if deepest else chain
