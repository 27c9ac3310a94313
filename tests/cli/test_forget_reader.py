"""`destination forget`: the files of the configuration, and what is said of what is left to do."""

from __future__ import annotations

import subprocess
import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.deliver.destinations import read_destination
from monitor.settings.leaving import url_without
from monitor.store import lock
from tests.privacy.canaries import scan_folder

Run = Callable[..., subprocess.CompletedProcess[str]]
JANE, TOM = "jane.reader@clinic.example", "tom@clinic.example"
BASE = "mailto://127.0.0.1:2525?from=monitor@example.org"
BOTH = f"{BASE}&to={JANE},{TOM}&name=Trials"
CONFIG = f"""\
# ours\r
[store]\r
url = "sqlite:///monitor.db"\r
\r
[destinations.team] # the team\r
url   =  '{BOTH}'   # who reads\r
timezone = "Europe/Berlin"\r
[destinations.boss]\r
url_file = "boss.url"\r
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write(tmp_path / "boss.url", f"{BASE}&to={TOM}%2CJane.Reader%40clinic.example\n")
    write(tmp_path / "monitor.toml", CONFIG)
    return tmp_path


def write(path: Path, text: str, mode: int = 0o600) -> None:
    path.write_bytes(text.encode())
    path.chmod(mode)


def forget(call: Run, *options: str, address: str = JANE) -> tuple[int, str, str]:
    done = call("destination", "forget", address, "--config", "monitor.toml", *options)
    return done.returncode, " ".join(done.stdout.split()), " ".join(done.stderr.split())


def test_a_reader_goes_out_of_every_file_and_all_else_stays(call: Run, folder: Path) -> None:
    (folder / "boss.url").chmod(0o400)
    code, out, err = forget(call)
    assert (code, err) == (0, "")
    assert 'Taken out of the destination "team" in' in out
    assert 'Taken out of the destination "boss" in' in out
    assert (folder / "monitor.toml").read_bytes().decode() == CONFIG.replace(f"{JANE},", "")
    assert (folder / "boss.url").read_text() == f"{BASE}&to={TOM}\n"
    assert [(folder / name).stat().st_mode & 0o777 for name in ("monitor.toml", "boss.url")] == [0o600, 0o400]
    assert scan_folder(folder, (JANE, "jane.reader")) == {}, "no file names her, and none is left over"
    assert sorted(each.name for each in folder.iterdir() if each.name.startswith(".")) == []
    assert "Neither the configuration nor the store names" in forget(call)[1]


def test_a_rehearsal_changes_no_file(call: Run, folder: Path) -> None:
    before = {path.name: path.read_bytes() for path in folder.glob("*.[tu]*")}
    code, out, err = forget(call, "--dry-run")
    assert (code, err) == (0, "")
    assert "Nothing was changed" in out
    assert before == {path.name: path.read_bytes() for path in folder.glob("*.[tu]*")}


def test_the_only_reader_of_a_destination_is_left_to_a_person(call: Run, folder: Path) -> None:
    write(folder / "boss.url", f"{BASE}&to={JANE}\n")
    code, out, err = forget(call)
    assert code == 1
    assert 'Taken out of the destination "team"' in out
    assert f'{JANE} is the only reader of the destination "boss"' in err
    assert "are planned again" in err
    assert (folder / "boss.url").read_text() == f"{BASE}&to={JANE}\n"


@pytest.mark.parametrize("variable", ["TEAM_URL", "TEAM_URL_FILE"])
def test_an_environment_variable_is_left_to_a_person(
    call: Run, folder: Path, monkeypatch: pytest.MonkeyPatch, variable: str
) -> None:
    write(folder / "team.url", BOTH)
    monkeypatch.setenv(variable, BOTH if variable == "TEAM_URL" else str(folder / "team.url"))
    config = '[destinations.team]\nurl_env = "TEAM_URL"\n'
    write(folder / "monitor.toml", config)
    code, _, err = forget(call)
    assert code == 1
    assert "comes from the environment variable TEAM_URL: take" in err
    assert (folder / "monitor.toml").read_text() == config
    assert (folder / "team.url").read_text() == BOTH


def test_what_a_comment_says_is_named_and_left(call: Run, folder: Path) -> None:
    write(folder / "monitor.toml", f"{CONFIG}# Jane is Jane.Reader@clinic.example\r\n")
    code, _, err = forget(call)
    assert code == 1
    assert f"{JANE} still stands in" in err
    assert "line 10" in err


ODD = {
    "escapes": f'[destinations.team]\nurl = "{BOTH.replace("@clinic", chr(92) + "u0040clinic")}"\n',
    "several lines": f'[destinations.team]\nurl = """{BOTH.replace(",", "," + chr(92) + chr(10))}"""\n',
}


@pytest.mark.parametrize("text", ODD.values(), ids=ODD)
def test_a_place_that_is_not_certain_is_not_touched(call: Run, folder: Path, text: str) -> None:
    write(folder / "monitor.toml", text)
    code, _, err = forget(call)
    assert code == 1
    assert "could not be changed" in err
    assert (folder / "monitor.toml").read_text() == text


def test_an_inline_table_and_a_link_are_edited_where_they_are(call: Run, folder: Path) -> None:
    (folder / "real").mkdir()
    write(folder / "real" / "own.toml", f'destinations = {{ team = {{ url = "{BOTH}" }} }} # mine\n')
    (folder / "monitor.toml").unlink()
    (folder / "monitor.toml").symlink_to(folder / "real" / "own.toml")
    code, _, err = forget(call)
    assert (code, err) == (0, "")
    assert (folder / "monitor.toml").is_symlink()
    text = (folder / "real" / "own.toml").read_text()
    assert text == f'destinations = {{ team = {{ url = "{BASE}&to={TOM}&name=Trials" }} }} # mine\n'
    assert tomllib.loads(text)


def test_while_another_run_works_nothing_is_done(call: Run, folder: Path) -> None:
    with lock.hold(f"sqlite:///{folder / 'monitor.db'}"):
        code, out, _ = forget(call)
    assert (code, out) == (75, "")
    assert (folder / "monitor.toml").read_bytes().decode() == CONFIG


def test_an_empty_address_names_nobody(call: Run, folder: Path) -> None:
    assert folder.is_dir()
    assert forget(call, address=" ")[0] == 2


URLS = [
    (f"{BASE}&to={JANE},{TOM}", f"{BASE}&to={TOM}"),
    (f"{BASE}&to={TOM},{JANE}", f"{BASE}&to={TOM}"),
    (f"{BASE}&to=Jane<{JANE}>,{TOM}", f"{BASE}&to={TOM}"),
    (f"mailto://127.0.0.1/{JANE}/{TOM}?from=a@example.org", f"mailto://127.0.0.1/{TOM}?from=a@example.org"),
    (f"mailto://127.0.0.1/{TOM}?to={JANE}&from=a@example.org", f"mailto://127.0.0.1/{TOM}?from=a@example.org"),
    (f"mailto://127.0.0.1/{TOM}?from=a@example.org&to={JANE}", f"mailto://127.0.0.1/{TOM}?from=a@example.org"),
]


@pytest.mark.parametrize(("url", "left"), URLS)
def test_the_url_reaches_all_others_as_before(url: str, left: str) -> None:
    assert url_without(read_destination("team", url), JANE) == left


NAMES = st.lists(st.from_regex(r"[a-z]{1,6}([.+-][a-z0-9]{1,5})?", fullmatch=True), min_size=2, max_size=5, unique=True)


@settings(max_examples=30, deadline=None)
@given(NAMES, st.data())
def test_of_any_readers_only_the_one_who_leaves_goes(names: list[str], data: st.DataObject) -> None:
    readers = [f"{name.replace('+', '%2B')}@clinic.example" for name in names]
    parsed = read_destination("team", f"{BASE}&to={','.join(readers)}&mode=insecure")
    gone = data.draw(st.sampled_from(parsed.recipients))
    new = url_without(parsed, gone)
    if len(parsed.recipients) > 1:
        assert new is not None
        again = read_destination("team", new)
        assert again.recipients == tuple(each for each in parsed.recipients if each != gone)
        assert again.mail is not None
        assert parsed.mail is not None
        assert (again.mail.mode, again.mail.sender) == (parsed.mail.mode, parsed.mail.sender)
