"""Webhooks of JSON: the facts of the alert, the id that tells a repeat, and signatures over the bytes that arrive."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from monitor.deliver.channels import open_channel
from monitor.deliver.destinations import read_destination
from monitor.deliver.render import plain
from monitor.deliver.render.facts import ROOM, facts_of
from monitor.deliver.signing import BadSecret, Seal
from monitor.egress.policy import Network
from monitor.errors import SendFailed
from monitor.model.change import change_json
from monitor.model.message import Message
from tests.deliver.large import CRITERIA, SITES, large
from tests.deliver.sinks import Answer, HttpSink
from tests.deliver.told import (
    CRITERION,
    DIGEST,
    ENROLLMENT,
    EVERY,
    HEADER,
    STATUS,
    SUSPENDED,
    backlog,
    message,
    of_changes,
)
from tests.project.tree import ROOT
from tests.settings.written import faults, read

NOW = datetime(2026, 2, 20, 1, 5, tzinfo=UTC)
SECRET = "whsec_" + base64.b64encode(bytes(range(32))).decode()
PLAIN = "a plain secret of some length"
Check = Callable[..., bool]


@pytest.fixture(scope="module")
def is_genuine() -> Check:
    """The receiver's check, as the README shows it."""
    [block] = re.findall(r"```python\n(.*?)```", (ROOT / "README.md").read_text(encoding="utf-8"), re.DOTALL)
    names: dict[str, Any] = {}
    exec(compile(block, "README.md", "exec"), names)  # noqa: S102 (what readers are told to type)
    check: Check = names["is_genuine"]
    return check


def post(
    web: HttpSink, told: Message = SUSPENDED, *, secrets: str | None = SECRET, rest: str = "", now: datetime = NOW
) -> None:
    parsed = read_destination("hook", f"json://localhost:{web.port}/hook{rest}")
    seal = Seal.of(secrets) if secrets else None
    way = open_channel(parsed, "", network=Network(), allow_private=True, clock=lambda: now, seal=seal)
    way.write(told)()


def received(web: HttpSink, n: int = -1) -> tuple[dict[str, str], bytes]:
    _, headers, body = web.posts[n]
    return {name.lower(): value for name, value in headers.items()}, body


def changed(headers: Mapping[str, str], **other: str) -> dict[str, str]:
    return {**headers, **{name.replace("_", "-"): value for name, value in other.items()}}


@pytest.mark.parametrize("secret", [SECRET, PLAIN.replace(" ", "-")])
@pytest.mark.parametrize("told", EVERY)
def test_the_signature_is_of_the_bytes_that_arrive(
    web: HttpSink, is_genuine: Check, secret: str, told: Message
) -> None:
    post(web, told, secrets=secret)
    headers, body = received(web)
    assert headers["webhook-id"] == told.code
    assert headers["webhook-timestamp"] == str(int(NOW.timestamp()))
    assert is_genuine(secret, headers, body, NOW.timestamp())
    assert int(headers["content-length"]) == len(body)


def test_text_of_any_letters_is_signed(web: HttpSink, is_genuine: Check) -> None:
    post(web, message(of_changes(STATUS, label="Żółć 王小明 \U0001f600", title="é\ud800")))
    headers, body = received(web)
    assert is_genuine(SECRET, headers, body, NOW.timestamp())


def test_what_was_tampered_with_is_not_genuine(web: HttpSink, is_genuine: Check) -> None:
    post(web)
    headers, body = received(web)
    now = NOW.timestamp()
    assert not is_genuine(SECRET, headers, body.replace(b"Suspended", b"Recruiting", 1), now)
    assert not is_genuine(SECRET, headers, body + b" ", now)
    assert not is_genuine(SECRET, changed(headers, webhook_id="7K2M-0413"), body, now)
    assert not is_genuine(SECRET, changed(headers, webhook_timestamp=str(int(now) + 1)), body, now)
    assert not is_genuine(SECRET, changed(headers, webhook_timestamp="x"), body, now)
    assert not is_genuine(SECRET, changed(headers, webhook_signature=""), body, now)
    assert not is_genuine(SECRET, changed(headers, webhook_signature="v1,AAAA"), body, now)
    assert not is_genuine(PLAIN, headers, body, now)


@pytest.mark.parametrize(("seconds", "taken"), [(0, True), (299, True), (-299, True), (301, False), (-301, False)])
def test_an_old_one_cannot_be_played_again(web: HttpSink, is_genuine: Check, seconds: int, taken: bool) -> None:  # noqa: FBT001 (a table)
    post(web)
    headers, body = received(web)
    assert is_genuine(SECRET, headers, body, NOW.timestamp() + seconds) is taken


@pytest.mark.parametrize("between", [" ", "\n", "\n\n  "])
def test_while_secrets_change_both_sign(web: HttpSink, is_genuine: Check, between: str) -> None:
    new = "whsec_" + base64.b64encode(bytes(range(40))).decode()
    post(web, secrets=f"{new}{between}{SECRET}\n")
    headers, body = received(web)
    assert is_genuine(SECRET, headers, body, NOW.timestamp())
    assert is_genuine(new, headers, body, NOW.timestamp())
    assert not is_genuine(PLAIN, headers, body, NOW.timestamp())
    assert len(headers["webhook-signature"].split()) == 2


def test_a_repeat_bears_the_same_id_and_a_signature_of_its_own(web: HttpSink, is_genuine: Check) -> None:
    web.answers.append(Answer(status=500))
    with pytest.raises(SendFailed):
        post(web)
    later = NOW + timedelta(minutes=10)
    post(web, message(SUSPENDED.content, maybe_repeat=True), now=later)
    (first, _), (second, body) = received(web, 0), received(web, 1)
    assert first["webhook-id"] == second["webhook-id"] == "7K2M-0412"
    assert first["webhook-signature"] != second["webhook-signature"]
    assert is_genuine(SECRET, second, body, later.timestamp())
    assert json.loads(body)["alert"]["may_be_repeat"] is True


def test_without_a_secret_the_id_is_sent_all_the_same(web: HttpSink) -> None:
    post(web, secrets=None)
    headers, _ = received(web)
    assert headers["webhook-id"] == "7K2M-0412"
    assert not {"webhook-signature", "webhook-timestamp"} & headers.keys()


def test_a_header_or_key_of_the_url_takes_the_place_of_none_of_ours(web: HttpSink, is_genuine: Check) -> None:
    post(web, rest="?+webhook-id=other&+Webhook-Signature=v1,x&:alert=mine")
    headers, body = received(web)
    assert headers["webhook-id"] == "7K2M-0412"
    assert is_genuine(SECRET, headers, body, NOW.timestamp())
    assert json.loads(body)["alert"]["code"] == "7K2M-0412"
    post(web, rest="?:message=alert")
    assert json.loads(received(web)[1])["alert"].strip() == plain.compose(SUSPENDED).body.strip()


def test_programs_need_not_read_the_text(web: HttpSink) -> None:
    post(web, message(of_changes(STATUS, ENROLLMENT, CRITERION)))
    body = json.loads(received(web)[1])
    assert {"version", "title", "message", "attachments", "type"} < body.keys()
    alert = body["alert"]
    assert (alert["code"], alert["kind"], alert["registry_id"]) == ("7K2M-0412", "change", "NCT07011550")
    assert alert["trial"]["label"] == HEADER.label
    assert alert["trial"]["title"] == HEADER.title
    assert alert["may_be_repeat"] is False
    assert alert["changes"] == json.loads(json.dumps([change_json(each) for each in (STATUS, CRITERION, ENROLLMENT)]))
    assert alert["changes_left_out"] == 0


def test_a_digest_has_the_facts_of_each_alert(web: HttpSink) -> None:
    post(web, DIGEST)
    alerts = json.loads(received(web)[1])["alert"]["alerts"]
    assert [each["kind"] for each in alerts] == ["change", "gone", "welcome", "notice", "change"]
    assert alerts[0]["changes"][0]["sentence"] == STATUS.sentence


def test_the_facts_of_a_huge_update_stay_small_and_say_what_is_cut(web: HttpSink) -> None:
    told = large()
    post(web, told)
    body = received(web)[1]
    alert = json.loads(body)["alert"]
    assert len(json.dumps(alert["changes"])) <= ROOM
    assert len(alert["changes"]) == CRITERIA + 2
    [opened] = [each for each in alert["changes"] if each["path"] == "locations.sites"]
    assert {"path": "detail.sites", "given": 50, "of": SITES} in opened["folded"]
    assert sum(each["category"] == "criteria" for each in alert["changes"]) == CRITERIA
    text = json.loads(body)["message"]
    assert all(f"Hospital {n}," in text for n in range(SITES)), "the text has them all"
    assert len(body) < 1_000_000


def test_however_much_there_is_the_facts_are_bounded_and_count_what_they_leave_out() -> None:
    long = [
        message(of_changes(*[ENROLLMENT] * 5_000)),
        backlog(50, *[CRITERION] * 200),
        message(of_changes(STATUS, title="é" * 10_000)),
    ]
    found: list[dict[str, Any]] = [dict(facts_of(told)) for told in long]
    for facts in found:
        changes = [each.get("changes", []) for each in facts.get("alerts", [facts])]
        assert len(json.dumps(changes)) <= ROOM * 1.1
    assert found[0]["changes_left_out"] > 0
    assert len(found[0]["changes"]) + found[0]["changes_left_out"] == 5_000


@pytest.mark.parametrize("text", ["short", "whsec_%%%", "whsec_AAAA", f"{SECRET} short"])
def test_a_bad_secret_is_refused_and_not_shown(text: str) -> None:
    with pytest.raises(BadSecret) as caught:
        Seal.of(text)
    assert text.removeprefix("whsec_") not in str(caught.value)
    assert SECRET not in repr(Seal.of(SECRET))


HOOK = '[destinations.hook]\nurl = "json://localhost/hook"\n'


def secret_file(folder: Path, text: str, mode: int = 0o600) -> None:
    path = folder / "hook.key"
    path.write_text(text, encoding="utf-8")
    path.chmod(mode)


def test_secrets_come_from_the_environment_or_a_file(tmp_path: Path) -> None:
    from_env = read(tmp_path, f'{HOOK}sign_env = "HOOK_KEY"\n', {"HOOK_KEY": f"{SECRET}\n{PLAIN.replace(' ', '-')}"})
    secret_file(tmp_path, f"{SECRET}\n{PLAIN.replace(' ', '-')}\n")
    from_file = read(tmp_path, f'{HOOK}sign_file = "hook.key"\n')
    for settings in (from_env, from_file):
        seal = settings.destinations["hook"].seal
        assert seal is not None
        assert seal.keys == (bytes(range(32)), PLAIN.replace(" ", "-").encode())
        assert {SECRET, PLAIN.replace(" ", "-")} <= set(settings.secrets)
    assert read(tmp_path, HOOK).destinations["hook"].seal is None


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (f'{HOOK}sign_env = "NOT_SET"\n', "NOT_SET is not set"),
        (f'{HOOK}sign_env = "KEY"\nsign_file = "hook.key"\n', "side by side"),
        (f'{HOOK}sign_env = "SHORT"\n', "can be guessed"),
        ('[destinations.hook]\nurl = "xml://localhost/hook"\nsign_env = "KEY"\n', "Nothing is signed at xml"),
    ],
)
def test_a_secret_that_cannot_sign_is_a_fault(tmp_path: Path, text: str, words: str) -> None:
    [said] = faults(tmp_path, text, {"KEY": SECRET, "SHORT": "short"}).values()
    assert words in said
    assert SECRET not in said


def test_a_secret_file_that_others_can_read_is_a_fault(tmp_path: Path) -> None:
    secret_file(tmp_path, SECRET, 0o644)
    [said] = faults(tmp_path, f'{HOOK}sign_file = "hook.key"\n').values()
    assert "can be read by others" in said
