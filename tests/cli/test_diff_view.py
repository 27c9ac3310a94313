"""Comparisons as a reader sees them."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from monitor.cli.diff_view import Comparison, count_criteria, render_diff
from monitor.cli.files import read_file
from monitor.cli.json_out import Side
from monitor.cli.terminal import Screen
from monitor.model.change import Category, Cause, Change, Kind, Severity
from monitor.model.json import Json
from monitor.model.people import Locations, Site
from monitor.model.record import TrialRecord

Run = Callable[..., subprocess.CompletedProcess[str]]
PAYLOADS = Path(__file__).parent.parent / "payloads" / "cli"
HEAVY = {"sqlalchemy", "httpx", "apprise", "pydantic", "alembic", "structlog"}


def change(category: Category, path: str, before: Json, after: Json, sentence: str, **more: Any) -> Change:
    plain = Change(
        category=category,
        path=path,
        kind=Kind.CHANGED,
        before=before,
        after=after,
        severity=Severity.MAJOR,
        cause=Cause.SPONSOR,
        sentence=sentence,
    )
    return replace(plain, **more)


STATUS = change(
    Category.STATUS, "status.overall", "ACTIVE_NOT_RECRUITING", "RECRUITING", "Now Recruiting. It was Active."
)
CRITERION = change(
    Category.CRITERIA,
    "eligibility.exclusion",
    "old",
    "new",
    "Exclusion 2 was rewritten. Unclear: one clause is tighter, one is looser.",
    detail={
        "direction": "unclear",
        "pieces": [["=", "Has"], ["+", " any"], ["=", " history of"], ["-", " (non-infectious) ILD"], ["=", " now"]],
    },
)
RENAMED = change(
    Category.CONTACTS,
    "contacts.central",
    {"name": "Kim Ross", "role": "CONTACT", "phone": "713-794-1623"},
    None,
    "The contact Kim Ross is no longer listed.",
    kind=Kind.REMOVED,
    severity=Severity.MINOR,
)


def site(city: str, country: str, status: str | None = None) -> Site:
    return Site(facility="Hospital", city=city, country=country, status=status)


def opened(*sites: Site) -> Change:
    listed = [{"before": None, "after": {"facility": s.facility, "city": s.city, "country": s.country}} for s in sites]
    told = f"{len(sites)} sites opened."
    return change(Category.LOCATIONS, "locations.sites", None, None, told, detail={"sites": listed}, kind=Kind.ADDED)


def view(*changes: Change, **more: object) -> Comparison:
    record = read_file(PAYLOADS / "NCT07227597_0.json", None)
    plain = Comparison(
        before=record,
        after=record,
        old=Side(version=1, posted="2025-12-31", content_hash="a"),
        new=Side(version=2, posted="2026-02-20", content_hash="b"),
        changes=changes,
    )
    return replace(plain, **more)  # type: ignore[arg-type] # fields of the comparison


def test_eighty_columns_read_as_the_mock_up() -> None:
    assert (
        render_diff(view(CRITERION, RENAMED, STATUS), Screen(width=80))
        == """\
NCT07227597  A Clinical Study of Gocatamig (MK-6070) and Infinatamab Deruxteca…
version 1, posted 31 Dec 2025   →   version 2, posted 20 Feb 2026

▲ Status      Active, not recruiting → Recruiting

▲ Criteria    1 of 28 changed
  ▲ Exclusion 2 was rewritten. Unclear: one clause is tighter, one is looser.
    Has {+any+} history of [-(non-infectious) ILD-] now

● Contacts    The contact Kim Ross is no longer listed.
    was  [-Kim Ross, Contact, 713-794-1623-]

Same: title and identifiers, dates, sponsor, design, enrollment, conditions,
arms, outcomes, sites, description, documents, results, references, oversight,
sharing, other fields."""
    )


def test_a_wide_screen_puts_one_section_side_by_side() -> None:
    text = render_diff(view(CRITERION, STATUS, only=Category.CRITERIA), Screen(width=120))
    assert "Status" not in text
    assert "    Has history of [-(non-infectious) ILD-] now              │ Has {+any+} history of now" in text


def test_without_utf8_nothing_else_is_printed() -> None:
    text = render_diff(
        view(CRITERION, RENAMED, STATUS, opened(*[site("a", "Spain")] * 9)), Screen(width=80, encoding="ascii")
    )
    assert text.isascii()
    assert "Active, not recruiting -> Recruiting" in text


def test_sites_are_counted_by_country() -> None:
    sites = [site(f"Town {n}", "Spain") for n in range(5)] + [site("Lyon", "France"), site("Nice", "France")]
    after = replace(
        view().after, locations=Locations(count=9, sites=(*sites, site("Rome", "Italy"), site("X", "France")))
    )
    text = render_diff(view(opened(*sites), after=after), Screen(width=80))
    assert "▲ Sites       9, in 3 countries" in text
    assert "    Spain   5  █████" in text
    assert "    France  2  ██░" in text
    assert "7 sites one by one" in text
    assert "Town 4" not in text
    assert "Town 4" in render_diff(view(opened(*sites), after=after, unfolded=True), Screen(width=80))


def test_of_a_site_spelled_anew_only_the_place_is_shown() -> None:
    old, new = (
        {"facility": name, "city": "Lyon", "status": "RECRUITING", "contacts": [{"name": "Kim"}]} for name in ("A", "B")
    )
    told = replace(
        opened(site("Lyon", "France")), detail={"event": "sites.respelled", "sites": [{"before": old, "after": new}]}
    )
    text = render_diff(view(told), Screen(width=80))
    assert "[-A, Lyon-] {+B, Lyon+}" in text


def test_what_the_source_did_not_show_is_said_to_be_not_compared() -> None:
    record = view().before
    hidden = replace(record, unavailable={"locations": "loaded later"})
    text = render_diff(view(STATUS, after=hidden), Screen(width=200))
    assert "Not compared, for the source does not show them: sites (loaded later)." in text
    assert "sites," not in text.partition("Same:")[2].partition("\n")[0]


def test_nothing_to_tell_is_one_sentence() -> None:
    assert render_diff(view(), Screen(width=80)).endswith("\nNothing differs.")


@pytest.mark.parametrize("width", [20, 39, 40, 59, 60, 80, 119, 120, 200])
@pytest.mark.parametrize("unfolded", [False, True])
def test_no_line_is_wider_than_the_screen(width: int, *, unfolded: bool) -> None:
    changes = (CRITERION, RENAMED, STATUS, opened(*[site("a very long town name", f"Country {n}") for n in range(20)]))
    text = render_diff(view(*changes, unfolded=unfolded), Screen(width=width))
    assert max(map(len, text.splitlines())) <= width


def test_criteria_are_counted_with_their_sub_items() -> None:
    record: TrialRecord = view().before
    assert count_criteria(record) == 28


def test_two_files_are_compared_without_a_configuration(run: Run) -> None:
    done = run("diff", "--files", str(PAYLOADS / "NCT07011550_0.json"), str(PAYLOADS / "NCT07011550_1.json"))
    assert done.returncode == 0
    assert done.stderr == ""
    assert "◆ Status" in done.stdout
    assert "Suspended" in done.stdout


def test_two_files_as_json_have_the_shape_of_the_contract(run: Run) -> None:
    old, new = (str(PAYLOADS / f"NCT07011550_{n}.json") for n in (0, 1))
    done = run("diff", "--files", old, new, "--json")
    told = json.loads(done.stdout)
    assert list(told) == ["registry_id", "from", "to", "changes"]
    assert told["registry_id"] == "NCT07011550"
    assert (told["from"]["file"], told["from"]["posted"]) == (old, "2025-08-27")
    assert {"status", "enrollment", "contacts", "dates"} <= {each["category"] for each in told["changes"]}


def test_the_same_file_twice_differs_in_nothing(run: Run) -> None:
    path = str(PAYLOADS / "NCT07011550_0.json")
    done = run("diff", "--files", path, path, "--json")
    assert json.loads(done.stdout)["changes"] == []
    assert run("diff", "--files", path, path).stdout.endswith("\nNothing differs.\n")


def test_two_trials_are_compared_with_a_word_of_warning(run: Run) -> None:
    done = run("diff", "--files", str(PAYLOADS / "NCT07011550_0.json"), str(PAYLOADS / "NCT07227597_0.json"))
    assert done.returncode == 0
    assert "These are two trials" in done.stderr


def test_a_file_is_read_without_a_configuration(run: Run) -> None:
    done = run("inspect", str(PAYLOADS / "NCT07227597_0.json"))
    assert done.returncode == 0
    assert "Not yet recruiting" in done.stdout
    told = json.loads(run("inspect", str(PAYLOADS / "NCT07227597_0.json"), "--json").stdout)
    assert told["registry_id"] == "NCT07227597"


@pytest.mark.parametrize("content", [b"", b"{}", b"[1]", b"not a record", b'{"protocolSection": {', b"\xff\xfe\x00"])
def test_what_is_no_record_is_said_to_lack_something(run: Run, tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "body"
    path.write_bytes(content)
    done = run("inspect", str(path))
    assert done.returncode == 1
    assert done.stdout == ""
    assert "is no complete trial record" in done.stderr
    assert len(done.stderr.strip().splitlines()[0]) > len("is no complete trial record.")


@pytest.mark.parametrize(
    "arguments",
    [
        ["inspect", str(PAYLOADS / "NCT07227597_0.json"), "--json"],
        ["inspect", str(PAYLOADS / "NCT07227597_0.json")],
        ["diff", "--files", str(PAYLOADS / "NCT07011550_0.json"), str(PAYLOADS / "NCT07011550_1.json")],
    ],
)
def test_files_need_no_heavy_library(tmp_path: Path, arguments: list[str], modules_of: Callable[..., set[str]]) -> None:
    assert not modules_of(*arguments, cwd=tmp_path) & HEAVY
