"""The configuration file as it is written: the one declaration of its keys.

The reader (shape.py) and the JSON Schema for editors (schema.py) are both made from these classes.
"""

from dataclasses import dataclass
from typing import Annotated, Final, Literal, Required, TypedDict

from monitor.model.json import Json
from monitor.model.watch import WatchSource

DURATION_PATTERN: Final = r"^([0-9]+[wdhms])+$"
CategoryName = Literal[
    "status",
    "outcomes",
    "criteria",
    "arms",
    "design",
    "enrollment",
    "contacts",
    "dates",
    "locations",
    "sponsor",
    "identifiers",
    "conditions",
    "description",
    "results",
    "documents",
    "references",
    "oversight",
    "sharing",
    "other",
    "administrative",
]
SeverityName = Literal["critical", "major", "minor", "administrative"]
ContactsKept = Literal["full", "masked", "hashed"]
ContactsShown = Literal["full", "masked"]
TransportChoice = Literal["httpx", "urllib3"]


@dataclass(frozen=True, slots=True)
class About:
    """What an editor shows beside a key. `pattern` is a hint for editors; the reader says more."""

    text: str
    default: Json = None
    example: Json = None
    pattern: str | None = None


def _duration(text: str, default: str | None = None) -> About:
    return About(text, default=default, example="6h", pattern=DURATION_PATTERN)


class StoreTable(TypedDict, total=False):
    url: Annotated[str, About("sqlite:///FILE or postgresql+psycopg://USER@HOST/DATABASE", example="sqlite:///x.db")]
    url_env: Annotated[str, About("Name of an environment variable that holds the url", example="STORE_URL")]
    url_file: Annotated[str, About("A file that holds the url", example="store.url")]


class NetworkTable(TypedDict, total=False):
    proxy: Annotated[str, About("HTTP proxy for sources and destinations", example="http://proxy.example.org:3128")]
    ca_bundle: Annotated[str, About("PEM file of trusted certificates, in place of the system's")]


class SourceTable(TypedDict, total=False):
    base_url: Annotated[str, About("Where the source is asked")]
    requests_per_second: Annotated[float, About("At most so many; 0 = no limit", default=1.0)]
    user_agent: Annotated[str, About("As whom the source is asked; by default the client library and the project")]
    allow_private_addresses: Annotated[
        bool, About("Also allows http, other ports and addresses of your own network", default=False)
    ]
    every: Annotated[str, _duration("How often a watch is checked there if it does not say")]
    transport: Annotated[TransportChoice, About("The library that speaks HTTP", default="httpx")]


class SourcesTable(TypedDict, total=False):
    ctgov: Annotated[SourceTable, About("ClinicalTrials.gov")]
    ctv: Annotated[SourceTable, About("ClinicalTrials.Veeva")]


class ChecksTable(TypedDict, total=False):
    every: Annotated[str, _duration("How often a watch is checked if it does not say", default="6h")]
    correction_within: Annotated[
        str, _duration("What goes back to an earlier value within this time is told as a correction", default="7d")
    ]


class RetentionTable(TypedDict, total=False):
    contacts: Annotated[
        ContactsKept,
        About(
            "What is kept of the names, phones and addresses of persons: all, initials and a digest, or a digest",
            default="full",
        ),
    ]
    keep_contacts: Annotated[
        str, _duration("How long contacts are kept in versions that a newer one replaced; for ever if not given")
    ]
    keep_bodies: Annotated[
        str, _duration("How long the documents of replaced versions are kept as they came; for ever if not given")
    ]


class WebTable(TypedDict, total=False):
    public_url: Annotated[str, About("Address of the review pages; without it messages link to the registry only")]


# As a call, for "from" is no name that a class may have.
AwayTable = TypedDict(
    "AwayTable",
    {
        "from": Required[Annotated[str, About("The first day away", example="2026-12-20")]],
        "until": Required[Annotated[str, About("The last day away", example="2027-01-03")]],
        "stand_in": Annotated[str, About("A destination that hears of critical changes meanwhile", example="deputy")],
    },
    total=False,
)


class DestinationTable(TypedDict, total=False):
    url: Annotated[str, About("An Apprise URL; the file must then be closed to others (chmod 600)")]
    url_env: Annotated[str, About("Name of an environment variable that holds the url", example="TEAM_URL")]
    url_file: Annotated[str, About("A file, closed to others, that holds the url", example="team.url")]
    allow_private_addresses: Annotated[bool, About("Allows a destination in your own network", default=False)]
    timezone: Annotated[str, About("Of the times shown there", example="Europe/Berlin")]
    quiet: Annotated[
        str, About("Hours in which messages are held; a zone may follow", example="22:00-07:00 Europe/Berlin")
    ]
    critical_passes: Annotated[bool, About("Whether critical changes are told in quiet hours too", default=True)]
    away: Annotated[
        list[AwayTable], About("Days in which everything is held for one digest: from, until, both included")
    ]
    still_watching: Annotated[bool, About("Whether it is told each month that all is watched", default=True)]
    contacts: Annotated[
        ContactsShown, About("Whether persons are named there; by default in mail and webhooks, and in no chat")
    ]
    sign_env: Annotated[str, About("Name of an environment variable with the secrets that sign a json(s):// webhook")]
    sign_file: Annotated[str, About("A file, closed to others, with the secrets that sign a json(s):// webhook")]


class TemplatesTable(TypedDict, total=False):
    subject: Annotated[
        str,
        About("Of messages about a trial: {summary} {number} {name} {state} {title} {severity}", example="{summary}"),
    ]
    greeting: Annotated[str, About("A line above each message: {destination} {date}", example="Dear {destination},")]
    footer: Annotated[str, About("A line at the foot of each message: {destination} {date}")]


class WatchTable(TypedDict, total=False):
    ref: Required[Annotated[str, About("NCT number or address of a study page", example="NCT04762485")]]
    tags: Annotated[list[str], About("Words that rules can name", example=["car-t"])]
    label: Annotated[str, About("What you call the trial", example="CD7 CAR-T")]
    source: Annotated[WatchSource, About("Which records to follow", default="both")]
    every: Annotated[str, _duration("How often it is checked")]


class RuleTable(TypedDict, total=False):
    name: Annotated[str, About("Named in messages as the reason")]
    tags: Annotated[list[str], About("Watches with any of these tags; none named = all", example=["car-t"])]
    watches: Annotated[list[str], About("Watches by label or reference; none named = all", example=["CD7 CAR-T"])]
    categories: Annotated[list[CategoryName], About("What is told; none named = all", example=["status", "criteria"])]
    min_severity: Annotated[SeverityName, About("The least severity that is told", default="minor")]
    digest: Annotated[
        str, About("When it is told, with others together; at once if not given", example="daily 08:00 Europe/Paris")
    ]
    even_when_quiet: Annotated[bool, About("Whether the digest comes also when nothing changed", default=False)]
    only: Annotated[
        list[str],
        About("Sentences that narrow the kind of change they name", example=["enrollment changes by at least 10 %"]),
    ]
    to: Required[Annotated[list[str], About("Names of destinations", example=["team"])]]


class OperatorTable(TypedDict, total=False):
    to: Annotated[list[str], About("Destinations that hear of faults; by default the first", example=["team"])]
    ping_url: Annotated[str, About("Asked after each complete pass")]
    ping_url_env: Annotated[str, About("Name of an environment variable that holds the address", example="PING_URL")]
    ping_url_file: Annotated[str, About("A file, closed to others, that holds the address")]


class Document(TypedDict, total=False):
    timezone: Annotated[str, About("Of displayed times", default="UTC", example="Europe/Berlin")]
    store: Annotated[StoreTable, About("Where everything is kept: exactly one of url, url_env, url_file")]
    network: Annotated[NetworkTable, About("The way out, for sources and destinations")]
    sources: Annotated[SourcesTable, About("How the sources are asked")]
    checks: Annotated[ChecksTable, About("How often is checked, and what counts as a correction")]
    severity: Annotated[
        dict[str, SeverityName],
        About("How grave changes are, by event or beginning of one", example={"status.unknown": "major"}),
    ]
    retention: Annotated[RetentionTable, About("What is kept of persons, and how long; by default everything")]
    web: Annotated[WebTable, About("The review pages")]
    destinations: Annotated[
        dict[str, DestinationTable], About("Where messages go: exactly one of url, url_env, url_file each")
    ]
    templates: Annotated[TemplatesTable, About("Your own words in messages: text with placeholders in braces")]
    watches: Annotated[list[WatchTable], About("The trials to follow")]
    rules: Annotated[list[RuleTable], About("Which changes of which watches go to which destinations")]
    operator: Annotated[OperatorTable, About("Who hears of faults")]
