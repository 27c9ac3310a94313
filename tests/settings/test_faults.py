from __future__ import annotations

from pathlib import Path

import pytest

from monitor.errors import ConfigFaults
from monitor.route.conditions import FORMS
from monitor.settings import load
from tests.settings.written import MAIL, TEAM, faults, written

MANY = f"""\
timezone = "Europe/Belrin"
colour = "red"
[store]
url = "sqlite:///a.db"
url_env = "STORE_URL"
[network]
proxy = "proxy.example.org:3128"
ca_bundle = "nowhere.pem"
[sources.ctgov]
base_url = "http://clinicaltrials.gov/api/v2"
requests_per_second = "1"
[sources.ctv]
requests_per_second = -1.0
[checks]
every = "6 hours"
[web]
public_url = "monitor.example.org"
[destinations.team]
url_env = "TEAM_URL"
[destinations.chat]
url = "slak://T/B/X"
[destinations.mail]
url = "{MAIL}"
timezone = "CET/Nowhere"

[[watches]]
ref = "NCT123"
tags = "car-t"
[[watches]]
ref = "NCT04762485"
lable = "CD7"
[[watches]]
ref = "nct04762485"
every = 6
[[watches]]
label = "without reference"
[[rules]]
categories = ["statsu", "criteria"]
to = ["taem"]
[[rules]]
min_severity = "gravest"
to = []
[operator]
to = ["chat", "nobody"]
"""


def test_every_fault_is_told_at_once_with_its_line_and_its_remedy(tmp_path: Path) -> None:
    found = faults(tmp_path, MANY)
    assert list(found) == [
        "1: timezone",
        "2: colour",
        "5: store.url_env",
        "7: network.proxy",
        "8: network.ca_bundle",
        "10: sources.ctgov.base_url",
        "11: sources.ctgov.requests_per_second",
        "13: sources.ctv.requests_per_second",
        "15: checks.every",
        "17: web.public_url",
        "19: destinations.team.url_env",
        "21: destinations.chat.url",
        "24: destinations.mail.timezone",
        "27: watches[1].ref",
        "28: watches[1].tags",
        "31: watches[2].lable",
        "33: watches[3].ref",
        "34: watches[3].every",
        "35: watches[4].ref",
        "38: rules[1].categories[1]",
        "39: rules[1].to",
        "41: rules[2].min_severity",
        "42: rules[2].to",
        "44: operator.to",
    ]
    assert 'Did you mean "Europe/Berlin"?' in found["1: timezone"]
    assert 'Did you mean "label"?' in found["31: watches[2].lable"]
    assert 'Did you mean "status"?' in found["38: rules[1].categories[1]"]
    assert 'Did you mean "team"?' in found["39: rules[1].to"]
    assert "TEAM_URL_FILE" in found["19: destinations.team.url_env"]
    assert "watches[2]" in found["33: watches[3].ref"]
    assert '"nobody"' in found["44: operator.to"]


def test_the_place_begins_with_the_path_of_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "config").mkdir()
    written(tmp_path / "config", "tags = 1\n")
    monkeypatch.chdir(tmp_path)
    with pytest.raises(ConfigFaults) as caught:
        load(tmp_path / "config/monitor.toml", {})
    assert caught.value.faults[0].place == "config/monitor.toml:1: tags"


@pytest.mark.parametrize(
    ("text", "place", "words"),
    [
        ("timezone = UTC\n", "1:12", "line 1, column 12"),
        ('a = 1\n[store\nurl = "x"\n', "2:7", "line 2, column 7"),
        ('timezone = "UTC', "1", "not TOML"),
        ("a = 1\na = 2\n", "2:6", "line 2"),
        ("x = " + "[" * 100_000, "", "nested too deeply"),
    ],
)
def test_what_is_not_toml_is_shown_with_line_and_column(tmp_path: Path, text: str, place: str, words: str) -> None:
    [(where, said)] = faults(tmp_path, text).items()
    assert where == place
    assert words in said


def test_what_is_not_text_or_not_there_is_a_fault(tmp_path: Path) -> None:
    path = tmp_path / "monitor.toml"
    with pytest.raises(ConfigFaults, match="cannot be read"):
        load(path, {})
    path.write_bytes(b"timezone = '\xff'")
    with pytest.raises(ConfigFaults, match="UTF-8"):
        load(path, {})


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("timezone = 1", "1: timezone"),
        ("store = 1", "1: store"),
        ("watches = 1", "1: watches"),
        ('watches = ["NCT04762485"]', "1: watches[1]"),
        ("destinations = []", "1: destinations"),
        ('destinations.team = "x"', "1: destinations.team"),
        ("[destinations.team]\nurl = 5", "2: destinations.team.url"),
        ("[sources.ctgov]\nallow_private_addresses = 1", "2: sources.ctgov.allow_private_addresses"),
        ("[sources.ctgov]\nrequests_per_second = true", "2: sources.ctgov.requests_per_second"),
        ("[sources.ctgov]\nrequests_per_second = nan", "2: sources.ctgov.requests_per_second"),
        ("[sources.ctgov]\nrequests_per_second = inf", "2: sources.ctgov.requests_per_second"),
        ("[sources.euctr]\nbase_url = 'https://x.example'", "1: sources.euctr"),
        ("[sources.ctgov]\nuser_agent = 'a\\u000ab'".replace("'", '"'), "2: sources.ctgov.user_agent"),
        ("[[watches]]\nref = 1979-05-27", "2: watches[1].ref"),
        ("[[watches]]\nref = 'NCT04762485'\ntags = [1]", "3: watches[1].tags[1]"),
        ("[[watches]]\nref = 'NCT04762485'\ntags = ['']", "3: watches[1].tags"),
        ("[[watches]]\nref = 'NCT04762485'\ntags = ['a,b']", "3: watches[1].tags"),
        ("[[watches]]\nref = 'NCT04762485'\nlabel = ' '", "3: watches[1].label"),
        ("[[watches]]\nref = 'NCT04762485'\nsource = 'page'", "3: watches[1].source"),
        ("[[watches]]\nref = 'NCT04762485'\nsource = 'both '", "3: watches[1].source"),
        ("[[watches]]\nref = 'search:cancer'", "2: watches[1].ref"),
        ("[[watches]]\nref = 'https://example.org/x'", "2: watches[1].ref"),
        ("[[rules]]\nto = ['x']", "2: rules[1].to"),
        ("[[rules]]\ntags = ['x']", "1: rules[1].to"),
        ("[operator]\nto = 'x'", "2: operator.to"),
        ("[operator]\nping_url = 'ping'", "1: operator"),
        ("[checks]\nevery = '0h'", "2: checks.every"),
        ("[checks]\nevery = '-1h'", "2: checks.every"),
        ("[checks]\nevery = '6'", "2: checks.every"),
        ("[checks]\nevery = '9999w'", "2: checks.every"),
        ("[checks]\nevery = ''", "2: checks.every"),
        ("timezone = '../etc/passwd'", "1: timezone"),
        ("timezone = 'Europe'", "1: timezone"),
        ("timezone = ''", "1: timezone"),
        ("[store]", "1: store"),
        ("[store]\nurl = ''", "2: store.url"),
        ("[store]\nurl = 'sqlite://'", "1: store"),
        ("[store]\nurl = 'sqlite:///:memory:'", "1: store"),
        ("[store]\nurl = 'mysql://x/y'", "1: store"),
        ("[store]\nurl = 'monitor.db'", "1: store"),
        ("[destinations.team]", "1: destinations.team"),
        ("[destinations.team]\nallow_private_addresses = true", "1: destinations.team"),
        ("[destinations.'a/b']\nurl = 'json://127.0.0.1'", '1: destinations."a/b"'),
        ("[network]\nproxy = 'socks5://proxy.example:1080'", "2: network.proxy"),
        ("[network]\nproxy = 'http://proxy.example:port'", "2: network.proxy"),
        ("[network]\nproxy = 'http://proxy.example/path'", "2: network.proxy"),
        ("[sources.ctgov]\nbase_url = 'https://x.example:8443'", "2: sources.ctgov.base_url"),
        ("[sources.ctgov]\nbase_url = 'https://u:p@x.example'", "2: sources.ctgov.base_url"),
        ("[sources.ctgov]\nbase_url = 'https://x.example?a=b'", "2: sources.ctgov.base_url"),
        ("[sources.ctgov]\nbase_url = 'file:///etc/passwd'", "2: sources.ctgov.base_url"),
        ("[sources.ctgov]\nbase_url = 'https://x.example:99999'", "2: sources.ctgov.base_url"),
        ("[sources.ctgov]\ntransport = 'curl'", "2: sources.ctgov.transport"),
        ("[web]\npublic_url = 'javascript:alert(1)'", "2: web.public_url"),
    ],
)
def test_a_single_fault_is_told_once_and_alone(tmp_path: Path, text: str, place: str) -> None:
    assert list(faults(tmp_path, text + "\n")) == [place]


def test_a_faulty_destination_is_no_unknown_one_to_the_rules(tmp_path: Path) -> None:
    text = '[destinations.team]\nurl = 5\n[[rules]]\nto = ["team"]\n[operator]\nto = ["team"]\n'
    assert list(faults(tmp_path, text)) == ["2: destinations.team.url"]


def test_words_in_a_string_over_several_lines_are_no_keys(tmp_path: Path) -> None:
    text = 'timezone = """\nlabel = 1\n[store]\n"""\ncolour = 1\n'
    assert list(faults(tmp_path, text)) == ["1: timezone", "5: colour"]


def test_tables_written_in_one_line_are_placed_at_that_line(tmp_path: Path) -> None:
    text = 'watches = [\n  {ref = "NCT04762485"},\n  {ref = "NCT1"},\n]\n'
    assert list(faults(tmp_path, text)) == ["1: watches[2].ref"]


def test_a_missing_variable_of_a_destination_is_a_fault_even_beside_good_ones(tmp_path: Path) -> None:
    found = faults(tmp_path, TEAM + '[destinations.b]\nurl_env = "B_URL"\n')
    assert list(found) == ["4: destinations.b.url_env"]


def test_no_fault_repeats_a_secret(tmp_path: Path) -> None:
    text = """
[store]
url = "mysql://u:canary@db/x"
[network]
proxy = "socks5://u:canary@proxy.example:1"
[destinations.a]
url = "slack://canary"
[destinations.b]
url = "mailto://u:canary@"
[destinations.c]
url = "nothing://u:canary@host"
[operator]
ping_url = "canary"
"""
    assert "canary" not in str(faults(tmp_path, text))


def test_a_severity_of_nothing_known_and_an_unknown_word_are_faults_with_a_remedy(tmp_path: Path) -> None:
    text = '[severity]\n"status.unknwon" = "major"\nsites = "majro"\ndates.slip = "minor"\n'
    found = faults(tmp_path, text)
    assert set(found) == {"1: severity.dates", '2: severity."status.unknwon"', "3: severity.sites"}
    assert 'Did you mean "status.unknown"?' in found['2: severity."status.unknwon"']
    assert 'Did you mean "major"?' in found["3: severity.sites"]
    assert 'put it in quotes: "dates.x"' in found["1: severity.dates"]


def test_a_sentence_that_is_no_condition_is_a_fault_that_shows_the_forms(tmp_path: Path) -> None:
    text = f"""{TEAM}
[[rules]]
to = ["team"]
only = ["enrollment changes by at least 10 %", "enrolment grows", "sites within 5 km of 95, 2"]
[[rules]]
categories = ["status", "dates"]
only = ["a date slips at least 30 days", "sites in France", "criteria mention"]
to = ["team"]
"""
    found = faults(tmp_path, text)
    assert {place: told.partition(".")[0] for place, told in found.items()} == {
        "6: rules[1].only[2]": '"enrolment grows" is no condition that rules know',
        "6: rules[1].only[3]": "95 is no latitude: it lies between -90 and 90",
        "9: rules[2].only[2]": '"sites in France" is about locations, which this rule does not tell',
        "9: rules[2].only[3]": '"criteria mention" is no condition that rules know',
    }
    assert all(form in found["6: rules[1].only[2]"] for form in FORMS)
    assert 'Add "locations" to its categories' in found["9: rules[2].only[2]"]


def test_a_condition_that_is_no_text_is_a_fault(tmp_path: Path) -> None:
    assert list(faults(tmp_path, f'{TEAM}[[rules]]\nto = ["team"]\nonly = [10]\n')) == ["5: rules[1].only[1]"]
    assert list(faults(tmp_path, f'{TEAM}[[rules]]\nto = ["team"]\nonly = "sites in France"\n')) == ["5: rules[1].only"]
