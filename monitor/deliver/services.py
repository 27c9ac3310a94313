"""The services that a destination may name: those that are reached over the network. Everything else is refused."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

Form = Literal["mail", "slack", "teams", "chat", "data"]
_SECOND: Final = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """How one scheme is served.

    `plugin` names Apprise's module and class. `form` is the form of message: "chat" services show what they get to
    many readers and know mentions, "data" ones are read by programs and get everything. `targets` is the plugin's
    list of recipients where one URL can name several and each can be shown. `limit` is the longest body where
    Apprise's own figure is far from the service's (of a "teams" message in bytes of JSON). `pause` in seconds stands
    between two messages.
    """

    plugin: tuple[str, str]
    form: Form = "chat"
    targets: str | None = None
    limit: int | None = None
    pause: float = _SECOND


def _module(name: str, plugin: str, **rest: object) -> Service:
    return Service(plugin=(f"apprise.plugins.{name}", plugin), **rest)  # type: ignore[arg-type]  # checked by Service


_MAIL: Final = _module("email.base", "NotifyEmail", form="mail", targets="targets", pause=0.0)
_JSON: Final = _module("custom_json", "NotifyJSON", form="data", pause=0.0)
_FORM: Final = _module("custom_form", "NotifyForm", form="data", pause=0.0)
_XML: Final = _module("custom_xml", "NotifyXML", form="data", pause=0.0)
_TEAMS: Final = _module("workflows", "NotifyWorkflows", form="teams", limit=27_000)  # of 28 kB with all around it
_NTFY: Final = _module("ntfy", "NotifyNtfy")
_GOTIFY: Final = _module("gotify", "NotifyGotify")
_MATRIX: Final = _module("matrix.base", "NotifyMatrix")
_MATTERMOST: Final = _module("mattermost", "NotifyMattermost", targets="targets")
_ROCKET: Final = _module("rocketchat", "NotifyRocketChat")
_SIGNAL: Final = _module("signal_api", "NotifySignalAPI", targets="targets")
_WEBEX: Final = _module("webexteams", "NotifyWebexTeams")
_NEXTCLOUD_TALK: Final = _module("nextcloudtalk", "NotifyNextcloudTalk", targets="targets")
_SYNOLOGY: Final = _module("synology", "NotifySynology")
_GOALERT: Final = _module("goalert", "NotifyGoAlert")

SERVICES: Final[Mapping[str, Service]] = {
    "mailto": _MAIL,
    "mailtos": _MAIL,
    "slack": _module("slack", "NotifySlack", form="slack", targets="channels"),
    "json": _JSON,
    "jsons": _JSON,
    "form": _FORM,
    "forms": _FORM,
    "xml": _XML,
    "xmls": _XML,
    "workflow": _TEAMS,
    "workflows": _TEAMS,
    "discord": _module("discord", "NotifyDiscord"),
    "tgram": _module("telegram", "NotifyTelegram", targets="targets"),
    "ntfy": _NTFY,
    "ntfys": _NTFY,
    "gotify": _GOTIFY,
    "gotifys": _GOTIFY,
    "pover": _module("pushover", "NotifyPushover"),
    "matrix": _MATRIX,
    "matrixs": _MATRIX,
    "mmost": _MATTERMOST,
    "mmosts": _MATTERMOST,
    "rocket": _ROCKET,
    "rockets": _ROCKET,
    "webex": _WEBEX,
    "wxteams": _WEBEX,
    "zulip": _module("zulip", "NotifyZulip", targets="targets"),
    "gchat": _module("google_chat", "NotifyGoogleChat"),
    "signal": _SIGNAL,
    "signals": _SIGNAL,
    "nctalk": _NEXTCLOUD_TALK,
    "nctalks": _NEXTCLOUD_TALK,
    "synology": _SYNOLOGY,
    "synologys": _SYNOLOGY,
    "pagerduty": _module("pagerduty", "NotifyPagerDuty"),
    "opsgenie": _module("opsgenie", "NotifyOpsgenie"),
    "goalert": _GOALERT,
    "goalerts": _GOALERT,
    "ilert": _module("ilert", "NotifyILert"),
    "squadcast": _module("squadcast", "NotifySquadcast"),
    "pbul": _module("pushbullet", "NotifyPushBullet"),
    "twilio": _module("twilio", "NotifyTwilio", targets="targets", limit=1_500),
}

SIGNED: Final = frozenset({"json", "jsons"})
"""The schemes whose messages bear an id for the receiver, and a signature."""

KNOWN_BY: Final[Mapping[str, str]] = {
    "smtp": "mailto",
    "smtps": "mailtos",
    "email": "mailto",
    "msteams": "workflows",
    "teams": "workflows",
    "telegram": "tgram",
    "pushover": "pover",
    "mattermost": "mmosts",
    "rocketchat": "rockets",
    "googlechat": "gchat",
    "webhook": "jsons",
    "element": "matrixs",
}
"""What people write, and the scheme that Apprise gives it."""
