"""What the sources show: one message for one change, and none for an answer that proves nothing."""

from __future__ import annotations

from typing import Any

import pytest

from monitor.demo.faults import Fault
from tests.acceptance.world import NCT, World, study, with_status
from tests.sources_ctv.skins import SKINS, WITH_NUMBER, Content, Skin, content_of, headings

PAGE = f"https://ctv.veeva.com/study/{WITH_NUMBER}"
NUMBER = "NCT04762485"
RECRUITING, STOPPED = "Enrolling", "Active, not enrolling"
CAPTCHA = "<html><body><h1>One moment</h1><p>Please verify that you are human (captcha).</p></body></html>"


def content(status: str) -> Content:
    page = content_of(WITH_NUMBER)
    page.facts["Status and phase"][0] = status
    return page


def registered(status: str) -> Any:
    """A recorded document in the name of the page's trial."""
    document = with_status(study(NCT), status)
    protocol = document["protocolSection"]
    protocol["identificationModule"] |= {"nctId": NUMBER, "briefTitle": content_of(WITH_NUMBER).title}
    return document


@pytest.fixture
def page_world(world: World) -> World:
    """Readers and an operator apart; the page and the registry show the trial on day 1."""
    world.destinations["ops"] = world.mail_url("ops@example.org")
    world.more = '[operator]\nto = ["ops"]\n'
    world.registry.add_study(registered("RECRUITING"))
    world.registry.add_page(WITH_NUMBER, headings(content(RECRUITING)))
    world.configure()
    return world


def test_a_change_at_the_registry_and_later_on_the_mirror_is_one_message(page_world: World) -> None:
    world = page_world
    assert world.run("watch", "add", PAGE).returncode == 0
    world.json("check")
    world.registry.add_study(registered("ACTIVE_NOT_RECRUITING"), day=2)
    world.registry.set_day(2)
    world.json("check")
    world.registry.set_day(3)
    world.registry.add_page(WITH_NUMBER, headings(content(STOPPED)), day=3)
    for _ in range(2):
        assert world.run("check").returncode == 0
    assert [subject.split()[0] for subject in world.subjects()] == ["Now", NUMBER]
    assert "now Active, not recruiting (was Recruiting)" in world.subjects()[1]
    told = {(change["cause"], change["category"], change["severity"]) for change in world.json("history")}
    assert told >= {("mirror", "status", "administrative")}
    assert len(told) == 2, "the page's echo is kept in the change log"
    assert world.subjects("ops@example.org") == []


def test_a_new_look_of_a_page_tells_nobody(page_world: World) -> None:
    world = page_world
    world.run("watch", "add", PAGE, "--source", "page")
    world.json("check")
    for day, skin in enumerate(SKINS, start=2):
        world.registry.add_page(WITH_NUMBER, skin(content(RECRUITING)), day=day)
        world.registry.set_day(day)
        report = world.json("check")
        assert (report["coverage"]["unchanged"], report["changes"]) == (1, []), skin.__name__
    assert len(world.mailbox.letters) == 1, "the welcome"


def half(skin: Skin) -> str:
    page = skin(content(STOPPED))
    return page[: len(page) // 2]


def another_trial() -> str:
    page = content(STOPPED)
    page.facts["Identifiers"][:] = ["NCT07777777"]
    return headings(page)


@pytest.mark.parametrize("page", [half(headings), another_trial(), CAPTCHA], ids=["half", "another trial", "captcha"])
def test_a_page_that_proves_nothing_is_kept_aside_and_only_the_operator_hears_of_it(
    page_world: World, page: str
) -> None:
    world = page_world
    world.run("watch", "add", PAGE, "--source", "page")
    world.json("check")
    world.registry.add_page(WITH_NUMBER, page, day=2)
    world.registry.set_day(2)
    report = world.json("check", code=1)
    assert (report["coverage"]["suspect"], report["changes"]) == (1, [])
    assert [problem["kind"] for problem in report["problems"]] == ["suspect"]
    assert len(world.subjects()) == 1
    assert len(world.subjects("ops@example.org")) == 1
    (suspect,) = world.json("suspect", "list")
    assert world.run("suspect", "discard", str(suspect["id"])).returncode == 0
    assert world.json("suspect", "list") == []


def test_what_is_accepted_becomes_the_next_version_and_its_changes_are_told(page_world: World) -> None:
    world = page_world
    world.run("watch", "add", PAGE, "--source", "page")
    world.json("check")
    moved = content(STOPPED)
    moved.facts["Identifiers"].clear()
    other = Content("A trial by another name", moved.logo, "Another Sponsor", moved.facts)
    moved.facts["Inclusion criteria"][:] = ["Everybody who comes."]
    moved.facts["Exclusion criteria"][:] = ["Nobody who comes."]
    world.registry.add_page(WITH_NUMBER, headings(other), day=2)
    world.registry.set_day(2)
    world.json("check", code=1)
    (suspect,) = world.json("suspect", "list")
    assert world.run("suspect", "accept", str(suspect["id"])).returncode == 0
    assert world.run("deliver").returncode == 0
    assert len(world.subjects()) == 2
    assert {(change["from_version"], change["to_version"]) for change in world.json("history")} == {(1, 2)}
    assert world.json("check")["coverage"]["unchanged"] == 1


@pytest.mark.parametrize("label", ["Conditions", "Inclusion criteria", "Central trial contact"])
def test_a_section_that_is_loading_is_no_loss(page_world: World, label: str) -> None:
    world = page_world
    world.run("watch", "add", PAGE, "--source", "page")
    world.json("check")
    page = content(RECRUITING)
    page.facts[label][:] = ["Loading..."]
    world.registry.add_page(WITH_NUMBER, headings(page), day=2)
    world.registry.set_day(2)
    assert world.json("check")["changes"] == []
    world.registry.add_page(WITH_NUMBER, headings(content(RECRUITING)), day=3)
    world.registry.set_day(3)
    assert world.json("check")["changes"] == []
    assert len(world.mailbox.letters) == 1, "the welcome"


@pytest.mark.parametrize(
    ("fault", "outcome"),
    [
        (Fault(body=b'{"studies": [{"protocolSection": {"identif'), "failed"),
        (Fault(body=b"<html>Maintenance</html>", headers={"Content-Type": "text/html"}), "failed"),
        (Fault(cut_after=100), "failed"),
        (Fault(status=503, headers={"Retry-After": "3600"}, body=b""), "throttled"),
        (Fault(status=429, headers={"Retry-After": "900"}, body=b""), "throttled"),
        (Fault(status=403, body=b""), "refused"),
    ],
    ids=["cut JSON", "a web page", "a cut body", "503", "429", "403"],
)
def test_a_fault_of_the_registry_tells_no_reader_and_a_rest_is_kept_by_the_next_run(
    world: World, fault: Fault, outcome: str
) -> None:
    world.follow(NCT)
    world.change(NCT)
    world.registry.faults.always("filter.ids", fault)
    report = world.json("check", code=1)
    assert (report["coverage"][outcome], report["changes"]) == (1, [])
    assert len(world.letters()) == 1
    world.registry.faults.clear()
    world.registry.forget_requests()
    again = world.json("check", code=0 if outcome == "failed" else 1)
    if outcome == "failed":
        assert again["coverage"]["changed"] == 1
    else:
        assert list(world.registry.requests) == []
        assert "not asked again before" in again["problems"][0]["message"]
