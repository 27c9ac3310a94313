"""The files of config/, and the text that init writes."""

from __future__ import annotations

import json
import stat
import tomllib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.errors import UsageError
from monitor.model.change import Category, Severity
from monitor.model.watch import WatchSpec
from monitor.settings import load
from monitor.settings.document import Document
from monitor.settings.schema import schema
from monitor.settings.shape import faults_of, keys_of
from monitor.settings.template import quoted, render, write_new
from monitor.sources.references import parse_reference
from tests.settings.test_load import WHOLE
from tests.settings.written import MAIL, SLACK, read

CONFIG = Path(__file__).parents[2] / "config"
URLS = {"TEAM_MAIL_URL": MAIL, "TEAM_SLACK_URL": SLACK}


def test_the_schema_for_editors_is_that_of_the_reader() -> None:
    checked_in = json.loads((CONFIG / "monitor.schema.json").read_text(encoding="utf-8"))
    assert checked_in == schema(), (
        "write it anew: python -c 'import json; from monitor.settings.schema import schema; "
        "print(json.dumps(schema(), indent=2, ensure_ascii=False))' > config/monitor.schema.json"
    )


def misfits(value: Any, rule: Any, path: str = "") -> list[str]:
    """Where a document departs from the schema, read as an editor would; only the words that the schema uses."""
    if "enum" in rule:
        return [] if value in rule["enum"] else [f"{path}: {value}"]
    kinds: dict[str, Any] = {"string": str, "boolean": bool, "number": (int, float), "array": list, "object": dict}
    if not isinstance(value, kinds[rule["type"]]):
        return [f"{path}: no {rule['type']}"]
    if isinstance(value, list):
        return [each for n, item in enumerate(value) for each in misfits(item, rule["items"], f"{path}[{n}]")]
    if not isinstance(value, dict):
        return []
    found = [f"{path}: no {name}" for name in rule.get("required", []) if name not in value]
    ways = [set(way["required"]) <= set(value) for way in rule.get("oneOf", [])]
    found += [f"{path}: {sum(ways)} ways"] if ways and sum(ways) != 1 else []
    for name, item in value.items():
        inner = rule.get("properties", {}).get(name) or rule["additionalProperties"]
        found += misfits(item, inner, f"{path}.{name}") if inner else [f"{path}: unknown {name}"]
    return found


@pytest.mark.parametrize("text", [(CONFIG / "monitor.example.toml").read_text(encoding="utf-8"), WHOLE])
def test_the_schema_takes_what_the_reader_takes(text: str) -> None:
    assert misfits(tomllib.loads(text), schema()) == []


@pytest.mark.parametrize(
    "text", ["colour = 1", "[store]", "[[watches]]\ntags = []", "timezone = 1", "[[rules]]\nto = [1]"]
)
def test_the_schema_refuses_what_the_reader_refuses(text: str) -> None:
    assert misfits(tomllib.loads(text), schema()) != []


def test_every_key_of_the_declaration_is_used_by_the_test_of_the_contract() -> None:
    """Keys beside the contract's own are few and named here."""
    beside = {
        "every",
        "correction_within",
        "url_file",
        "url_env",
        "url",
        "ping_url",
        "ping_url_file",
        "sign_env",
        "sign_file",
        "quiet",
        "critical_passes",
        "away",
        "still_watching",
        "digest",
        "even_when_quiet",
    }
    raw = tomllib.loads(WHOLE)
    for name, key in keys_of(Document).items():
        if name in ("severity", "retention"):  # the keys of one are free; the other is beside the contract
            continue
        value: Any = raw[name]
        tables = value if isinstance(value, list) else [value]
        if name in ("destinations", "sources"):
            tables = list(value.values())
        kind = key.type if not hasattr(key.type, "__args__") else key.type.__args__[-1]
        if name == "sources":
            kind = keys_of(kind)["ctgov"].type
        if isinstance(tables[0], dict):
            used = {each for table in tables for each in table}
            assert set(keys_of(kind)) - used <= beside, name


def test_categories_and_severities_are_those_of_the_model() -> None:
    categories = ", ".join(f'"{category}"' for category in Category)
    raw = tomllib.loads(f'[[rules]]\nto = ["a"]\ncategories = [{categories}]\n')
    assert faults_of(raw) == ()
    for severity in Severity:
        assert faults_of({"rules": [{"to": [], "min_severity": severity.value}]}) == ()
    text = json.dumps(schema())
    assert all(f'"{word}"' in text for word in (*Category, *Severity))


def test_the_example_is_a_configuration_with_both_trials() -> None:
    settings = load(CONFIG / "monitor.example.toml", URLS)
    assert {str(watch.reference.key) for watch in settings.watches} == {
        "NCT04762485",
        "ctv.veeva.com/study/humanized-cd7-car-t-cell-therapy",
        "ctv.veeva.com/study/cd5-car-t-therapy",
    }
    assert {each.parsed.scheme for each in settings.destinations.values()} == {"mailto", "slack"}
    labels = {watch.label for watch in settings.watches}
    assert {name for rule in settings.rules for name in rule.watches} <= labels


def test_the_commented_keys_of_the_example_are_right_too(tmp_path: Path) -> None:
    lines = (CONFIG / "monitor.example.toml").read_text(encoding="utf-8").splitlines()
    commented = [
        line[2:] if line.startswith("# ") and (" = " in line or line.startswith("# [")) and "#:" not in line else line
        for line in lines
    ]
    (tmp_path / "ca.pem").write_text("-----BEGIN CERTIFICATE-----\n")
    text = "\n".join(line for line in commented if not line.startswith(("closed to others", "or its exact")))
    text = text.replace("/etc/ssl/certs/ca-certificates.crt", "ca.pem").replace('"..."', '"x/1.0"')
    kept: list[str] = []
    for line in text.splitlines():
        try:
            tomllib.loads("\n".join([*kept, line]))
        except tomllib.TOMLDecodeError:
            continue
        kept.append(line)
    settings = read(tmp_path, "\n".join(kept), {**URLS, "PING_URL": "https://ping.example/x", "HOOK_KEY": "k" * 32})
    assert settings.destinations["own-program"].seal is not None
    assert settings.network.proxy is not None
    assert settings.public_url is not None
    assert settings.sources["ctgov"].transport == "urllib3"
    assert settings.operator.ping_url is not None


@pytest.mark.parametrize("mail", [None, "mail.url"])
def test_what_init_writes_is_a_configuration(tmp_path: Path, mail: str | None) -> None:
    specs = (
        WatchSpec(reference=parse_reference("NCT04762485"), tags=frozenset({"car-t", "b"}), label='a "quoted" one'),
        WatchSpec(reference=parse_reference("https://ctv.veeva.com/study/cd5-car-t-therapy"), source="page"),
    )
    write_new(tmp_path / "mail.url", MAIL, private=True)
    settings = read(tmp_path, render(mail_url_file=mail, timezone="Europe/Berlin", watches=specs))
    assert settings.watches == specs
    assert settings.timezone.key == "Europe/Berlin"
    assert tuple(settings.destinations) == (() if mail is None else ("mail",))
    assert read(tmp_path, render(mail_url_file=mail)).watches == ()


def test_init_writes_over_nothing(tmp_path: Path) -> None:
    path = tmp_path / "config/monitor.toml"
    write_new(path, "first")
    with pytest.raises(UsageError, match="is there already"):
        write_new(path, "second")
    assert path.read_text() == "first"
    dangling = tmp_path / "dangling"
    dangling.symlink_to(tmp_path / "target")
    with pytest.raises(UsageError):
        write_new(dangling, "through a link")
    assert not (tmp_path / "target").exists()


def test_a_secret_file_is_closed_from_the_start(tmp_path: Path) -> None:
    path = tmp_path / "mail.url"
    write_new(path, MAIL, private=True)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_place_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(UsageError, match="no folder"):
        write_new(tmp_path / "file/monitor.toml", "x")
    with pytest.raises(UsageError, match="cannot be written"):
        write_new(tmp_path / ("x" * 300), "x")


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_any_text_survives_as_a_toml_string(text: str) -> None:
    assert tomllib.loads(f"a = {quoted(text)}")["a"] == text
