from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from monitor.egress.policy import Network
from monitor.errors import ConfigFaults
from monitor.model.change import Category, Severity
from monitor.model.privacy import Level, Retention
from monitor.model.wording import Wording
from monitor.route.conditions import CriteriaMention
from monitor.route.rules import Rule
from monitor.settings import load
from tests.settings.written import MAIL, SLACK, TEAM, read, written

WHOLE = f"""
timezone = "Europe/Berlin"
[store]
url = "sqlite:///data/monitor.db"
[network]
proxy = "http://proxy.example.org:3128"
ca_bundle = "ca.pem"
[sources.ctgov]
base_url = "http://127.0.0.1:8080/api/v2/"
requests_per_second = 0
user_agent = "our-own/1.0"
allow_private_addresses = true
transport = "urllib3"
[sources.ctv]
base_url = "https://ctv.veeva.com"
[checks]
every = "12h"
[web]
public_url = "https://monitor.example.org/"
[destinations.team]
url = "{MAIL}"
allow_private_addresses = true
timezone = "Asia/Tokyo"
contacts = "masked"
[destinations.chat]
url_env = "CHAT_URL"
[[watches]]
ref = "nct 04762485"
tags = ["car-t", "cd7"]
label = "CD7 CAR-T"
source = "registry"
every = "90m"
[[watches]]
ref = "https://ctv.veeva.com/study/cd5-car-t-therapy"
source = "page"
[[rules]]
name = "stops"
tags = ["car-t"]
watches = ["CD7 CAR-T"]
categories = ["status", "criteria"]
min_severity = "major"
only = ["criteria mention pneumonitis, CAR-T", "Criteria mention  pneumonitis, CAR-T."]
to = ["team", "chat"]
[[rules]]
to = ["chat"]
[operator]
to = ["chat"]
ping_url_env = "PING_URL"
[templates]
subject = "{{number}}: {{state}}"
greeting = "Dear {{destination}},"
footer = "Sent on {{date}}."
"""
ENVIRON = {"CHAT_URL": SLACK, "PING_URL": "https://ping.example.org/secret-word"}


def test_every_key_of_the_contract_is_read(tmp_path: Path) -> None:
    (tmp_path / "ca.pem").write_text("-----BEGIN CERTIFICATE-----\n")
    settings = read(tmp_path, WHOLE, ENVIRON)
    assert settings.timezone.key == "Europe/Berlin"
    assert settings.store_url.reveal() == f"sqlite:///{tmp_path}/data/monitor.db"
    assert settings.network == Network(proxy="http://proxy.example.org:3128", ca_bundle=str(tmp_path / "ca.pem"))
    ctgov, ctv = settings.sources["ctgov"], settings.sources["ctv"]
    assert (ctgov.base_url, ctgov.requests_per_second) == ("http://127.0.0.1:8080/api/v2", 0)
    assert (ctgov.user_agent, ctgov.allow_private_addresses, ctgov.transport) == ("our-own/1.0", True, "urllib3")
    assert (ctv.base_url, ctv.requests_per_second) == ("https://ctv.veeva.com", 1.0)
    assert (ctv.user_agent, ctv.allow_private_addresses, ctv.transport) == (None, False, "httpx")
    assert (settings.checks_every, ctgov.every, ctv.every) == (*[timedelta(hours=12)] * 2, timedelta(hours=24))
    assert settings.public_url == "https://monitor.example.org"
    team, chat = settings.destinations["team"], settings.destinations["chat"]
    assert (team.parsed.scheme, team.parsed.recipients) == ("mailto", ("team@example.org",))
    assert team.allow_private_addresses
    assert team.timezone is not None
    assert team.timezone.key == "Asia/Tokyo"
    assert (team.contacts, chat.contacts) == (Level.MASKED, Level.MASKED)
    assert (chat.parsed.scheme, chat.allow_private_addresses, chat.timezone) == ("slack", False, None)
    first, second = settings.watches
    assert first.reference.key.source_id == "NCT04762485"
    assert (first.tags, first.label) == (frozenset({"car-t", "cd7"}), "CD7 CAR-T")
    assert (first.source, first.every) == ("registry", timedelta(minutes=90))
    assert (second.reference.key.source, second.source, second.every) == ("ctv", "page", None)
    assert settings.rules == (
        Rule(
            name="stops",
            tags=frozenset({"car-t"}),
            watches=frozenset({"CD7 CAR-T"}),
            categories=frozenset({Category.STATUS, Category.CRITERIA}),
            min_severity=Severity.MAJOR,
            to=("team", "chat"),
            only=(CriteriaMention(("pneumonitis", "CAR-T")),),
        ),
        Rule(name="rule 2", to=("chat",)),
    )
    assert settings.operator.to == ("chat",)
    assert settings.operator.ping_url is not None
    assert settings.operator.ping_url.reveal() == "https://ping.example.org/secret-word"
    words = settings.wording
    named = [sorted(each.names) for each in (words.subject, words.greeting, words.footer) if each]
    assert named == [["number", "state"], ["destination"], ["date"]]


def test_an_empty_file_is_a_configuration(tmp_path: Path) -> None:
    settings = read(tmp_path, "")
    assert settings.timezone.key == "UTC"
    assert settings.store_url.reveal() == f"sqlite:///{tmp_path}/monitor.db"
    assert settings.sources["ctgov"].base_url == "https://clinicaltrials.gov/api/v2"
    assert settings.sources["ctv"].base_url == "https://ctv.veeva.com"
    assert settings.sources["ctgov"].requests_per_second == 1.0
    assert (settings.sources["ctgov"].every, settings.sources["ctv"].every) == (timedelta(hours=6), timedelta(days=1))
    assert (settings.rules, settings.operator.to, settings.watches, settings.destinations) == ((), (), (), {})
    assert settings.wording == Wording()


def test_a_byte_order_mark_and_windows_line_ends_do_no_harm(tmp_path: Path) -> None:
    path = tmp_path / "monitor.toml"
    path.write_bytes(b'\xef\xbb\xbftimezone = "UTC"\r\n[[watches]]\r\nref = "NCT04762485"\r\n')
    assert len(load(path, {}).watches) == 1


@pytest.mark.parametrize(
    ("url", "read_as"),
    [
        ("sqlite:///monitor.db", "sqlite:///{folder}/monitor.db"),
        ("sqlite:///../store/m.db", "sqlite:///{parent}/store/m.db"),
        ("sqlite:////var/lib/m.db", "sqlite:////var/lib/m.db"),
        ("sqlite+pysqlite:///m.db", "sqlite+pysqlite:///{folder}/m.db"),
        ("postgresql+psycopg://u@db.example/monitor", "postgresql+psycopg://u@db.example/monitor"),
        ("postgresql://u@db.example/monitor", "postgresql://u@db.example/monitor"),
    ],
)
def test_paths_of_the_store_start_at_the_folder_of_the_file(tmp_path: Path, url: str, read_as: str) -> None:
    settings = read(tmp_path, f'[store]\nurl = "{url}"\n')
    assert settings.store_url.reveal() == read_as.format(folder=tmp_path, parent=tmp_path.parent)


def test_a_relative_configuration_path_gives_an_absolute_store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    written(tmp_path, "")
    monkeypatch.chdir(tmp_path)
    assert load(Path("monitor.toml"), {}).store_url.reveal() == f"sqlite:///{tmp_path}/monitor.db"


def test_without_a_rule_every_destination_hears_of_all_but_bookkeeping(tmp_path: Path) -> None:
    settings = read(tmp_path, TEAM)
    assert settings.rules == (Rule(name="default", min_severity=Severity.MINOR, to=("team",)),)
    assert settings.operator.to == ("team",)


def test_a_destination_that_the_operator_has_to_itself_hears_of_faults_alone(tmp_path: Path) -> None:
    ops = f'[destinations.ops]\nurl = "{MAIL}"\n[operator]\nto = ["ops"]\n'
    assert read(tmp_path, ops + TEAM).rules[0].to == ("team",)
    assert read(tmp_path, ops).rules[0].to == ("ops",)


def test_an_empty_list_of_rules_means_that_nothing_is_told(tmp_path: Path) -> None:
    assert read(tmp_path, "rules = []\n" + TEAM).rules == ()


def test_rules_of_the_file_leave_no_room_for_the_default(tmp_path: Path) -> None:
    rules = read(tmp_path, TEAM + '[[rules]]\ncategories = ["status"]\nto = ["team", "team"]\n').rules
    assert rules == (Rule(name="rule 1", categories=frozenset({Category.STATUS}), to=("team",)),)


@pytest.mark.parametrize(
    ("text", "length"),
    [
        ("90s", timedelta(seconds=90)),
        ("30m", timedelta(minutes=30)),
        ("6h", timedelta(hours=6)),
        ("1d", timedelta(days=1)),
        ("2w", timedelta(weeks=2)),
        ("1h30m", timedelta(minutes=90)),
        (" 6H ", timedelta(hours=6)),
    ],
)
def test_lengths_of_time_have_units(tmp_path: Path, text: str, length: timedelta) -> None:
    assert read(tmp_path, f'[checks]\nevery = "{text}"\n').checks_every == length


def test_pages_are_asked_daily_unless_their_source_says_otherwise(tmp_path: Path) -> None:
    assert read(tmp_path, '[checks]\nevery = "1h"\n').sources["ctv"].every == timedelta(days=1)
    said = '[checks]\nevery = "1h"\n[sources.ctv]\nevery = "3d"\n[sources.ctgov]\nevery = "2h"\n'
    sources = read(tmp_path, said).sources
    assert (sources["ctv"].every, sources["ctgov"].every) == (timedelta(days=3), timedelta(hours=2))


def test_no_secret_shows_in_the_settings(tmp_path: Path) -> None:
    text = """
[store]
url = "postgresql+psycopg://u:canary-store@db.example/monitor"
[network]
proxy = "http://u:canary%2Dproxy@proxy.example.org:3128"
[destinations.team]
url = "mailtos://u:canary-mail@smtp.example.org?from=a@example.org&to=b@example.org"
[destinations.chat]
url = "slack://T12345678/B12345678/canarychatcanarychatcanary"
[operator]
ping_url = "https://ping.example.org/canary-ping"
"""
    settings = read(tmp_path, text)
    assert "canary" not in repr(settings)
    for secret in ("canary-store", "canary-proxy", "canary-mail", "canarychatcanarychatcanary"):
        assert any(secret in hidden for hidden in settings.secrets), secret
    assert "https://ping.example.org/canary-ping" in settings.secrets
    assert len(set(settings.secrets)) == len(settings.secrets)


def test_two_thousand_watches_are_read(tmp_path: Path) -> None:
    text = "".join(f'[[watches]]\nref = "NCT{n:08d}"\ntags = ["a"]\n' for n in range(1, 2001))
    settings = read(tmp_path, text + TEAM)
    assert len({watch.reference.key for watch in settings.watches}) == 2000


def test_own_severities_and_the_time_of_a_correction(tmp_path: Path) -> None:
    text = '[checks]\ncorrection_within = "2d"\n[severity]\n"status.unknown" = "major"\nsites = "administrative"\n'
    settings = read(tmp_path, text)
    assert settings.correction_within == timedelta(days=2)
    assert settings.severities == {"status.unknown": Severity.MAJOR, "sites": Severity.ADMINISTRATIVE}
    assert (read(tmp_path, "").correction_within, read(tmp_path, "").severities) == (timedelta(days=7), {})


def test_what_is_kept_of_persons_is_read_and_by_default_everything_is(tmp_path: Path) -> None:
    assert read(tmp_path, "").retention == Retention()
    text = '[retention]\ncontacts = "masked"\nkeep_contacts = "30d"\nkeep_bodies = "1095d"\n'
    wanted = Retention(contacts=Level.MASKED, keep_contacts=timedelta(days=30), keep_bodies=timedelta(days=1095))
    assert read(tmp_path, text).retention == wanted


@pytest.mark.parametrize("line", ['contacts = "dropped"', 'keep_contacts = ""', 'keep_bodies = "for ever"', "keep = 1"])
def test_a_retention_that_says_something_else_is_a_fault(tmp_path: Path, line: str) -> None:
    with pytest.raises(ConfigFaults, match="retention"):
        read(tmp_path, f"[retention]\n{line}\n")
