from __future__ import annotations

from pathlib import Path

import pytest

from monitor.settings.modes import is_handed_in, keeps_modes
from tests.settings.written import MAIL, TEAM, faults, read, written

ENV = '[destinations.team]\nurl_env = "TEAM_URL"\n'
FILE = '[destinations.team]\nurl_file = "team.url"\n'


def secret(folder: Path, text: str = MAIL + "\n", mode: int = 0o600, name: str = "team.url") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    path.chmod(mode)
    return path


def test_a_url_comes_from_the_environment(tmp_path: Path) -> None:
    settings = read(tmp_path, ENV, {"TEAM_URL": f" {MAIL}\n"})
    assert settings.destinations["team"].parsed.recipients == ("team@example.org",)


def test_a_file_stands_in_for_any_variable(tmp_path: Path) -> None:
    named = {"TEAM_URL_FILE": str(secret(tmp_path))}
    assert read(tmp_path, ENV, named).destinations["team"].parsed.scheme == "mailto"
    named = {"STORE_FILE": str(secret(tmp_path, "sqlite:///x.db", name="store"))}
    text = '[store]\nurl_env = "STORE"\n[operator]\nping_url_env = "PING"\n'
    named["PING_FILE"] = str(secret(tmp_path, "https://ping.example/x", name="ping"))
    settings = read(tmp_path, text, named)
    assert settings.store_url.reveal() == f"sqlite:///{tmp_path}/x.db"
    assert settings.operator.ping_url is not None


def test_a_url_comes_from_a_file_beside_the_configuration(tmp_path: Path) -> None:
    secret(tmp_path, f"\ufeff{MAIL}\r\n")
    assert read(tmp_path, FILE).destinations["team"].parsed.scheme == "mailto"


@pytest.mark.parametrize(
    ("environ", "words"),
    [
        ({}, "TEAM_URL is not set"),
        ({"TEAM_URL": " "}, "TEAM_URL is not set"),
        ({"TEAM_URL": MAIL, "TEAM_URL_FILE": "x"}, "both set"),
        ({"TEAM_URL_FILE": "/nowhere/at/all"}, "cannot be read"),
    ],
)
def test_a_variable_that_gives_nothing_is_a_fault(tmp_path: Path, environ: dict[str, str], words: str) -> None:
    [said] = faults(tmp_path, ENV, environ).values()
    assert words in said


@pytest.mark.parametrize(("text", "words"), [("", "is empty"), (" \n", "is empty"), (f"{MAIL}\n{MAIL}", "one line")])
def test_a_file_without_one_value_is_a_fault(tmp_path: Path, text: str, words: str) -> None:
    secret(tmp_path, text)
    [said] = faults(tmp_path, FILE).values()
    assert words in said


def test_a_folder_or_bytes_in_place_of_a_file_are_faults(tmp_path: Path) -> None:
    (tmp_path / "team.url").mkdir(mode=0o700)
    [said] = faults(tmp_path, FILE).values()
    assert "cannot be read" in said
    (tmp_path / "team.url").rmdir()
    secret(tmp_path).write_bytes(b"\xff\xfe")
    [said] = faults(tmp_path, FILE).values()
    assert "UTF-8" in said


HOLDING = {
    "the url of a destination": TEAM,
    "the password of the store": '[store]\nurl = "postgresql+psycopg://u:p@db/x"\n',
    "an odd password of the store": '[store]\nurl = "postgresql+psycopg://u:p[/#w@db/x"\n',
    "the password of the proxy": '[network]\nproxy = "http://u:p@proxy.example:3128"\n',
    "the ping address": '[operator]\nping_url = "https://ping.example/0ff1ce-token"\n',
}
HARMLESS = {
    "nothing": "",
    "a store without password": '[store]\nurl = "postgresql+psycopg://u@db/x"\n',
    "a proxy without password": '[network]\nproxy = "http://proxy.example:3128"\n',
    "the name of a variable": ENV,
    "the name of a file": FILE,
}


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o644, 0o660, 0o610, 0o601, 0o602, 0o777])
@pytest.mark.parametrize("what", HOLDING)
def test_a_configuration_with_a_secret_must_be_closed(tmp_path: Path, what: str, mode: int) -> None:
    path = written(tmp_path, "")
    [(place, said)] = faults(tmp_path, HOLDING[what], mode=mode).items()
    assert place == ""
    assert said.endswith(f"Run: chmod 600 {path}")
    assert f"{mode:04o}" in said


@pytest.mark.parametrize("key", ["password", "sslpassword", "Password"])
def test_a_password_of_the_store_stands_before_its_host(tmp_path: Path, key: str) -> None:
    [(_, said)] = faults(tmp_path, f'[store]\nurl = "postgresql+psycopg://u@db/x?{key}=hunter2secret"\n').items()
    assert "USER:PASSWORD@HOST" in said
    assert "hunter2secret" not in said


def test_what_is_behind_the_host_of_the_ping_address_is_a_secret(tmp_path: Path) -> None:
    settings = read(tmp_path, '[operator]\nping_url = "https://ping.example/0ff1ce-token?key=another-token"\n')
    assert {"0ff1ce-token", "another-token"} <= set(settings.secrets)


@pytest.mark.parametrize("mode", [0o600, 0o400, 0o700])
@pytest.mark.parametrize("what", HOLDING)
def test_a_closed_configuration_may_hold_secrets(tmp_path: Path, what: str, mode: int) -> None:
    path = written(tmp_path, HOLDING[what])
    path.chmod(mode)
    from monitor.settings import load

    assert load(path, {})


@pytest.mark.parametrize("what", HARMLESS)
def test_without_secrets_any_mode_is_fine(tmp_path: Path, what: str) -> None:
    secret(tmp_path)
    path = written(tmp_path, HARMLESS[what], mode=0o666)
    from monitor.settings import load

    assert load(path, {"TEAM_URL": MAIL})


def test_a_secret_file_must_be_closed(tmp_path: Path) -> None:
    path = secret(tmp_path, mode=0o644)
    [(place, said)] = faults(tmp_path, FILE).items()
    assert place == "2: destinations.team.url_file"
    assert said.endswith(f"Run: chmod 600 {path}")
    [said] = faults(tmp_path, ENV, {"TEAM_URL_FILE": str(path)}).values()
    assert said.endswith(f"Run: chmod 600 {path}")


def test_the_command_to_run_can_be_pasted(tmp_path: Path) -> None:
    folder = tmp_path / "my trials; rm"
    folder.mkdir()
    [said] = faults(folder, TEAM, mode=0o644).values()
    assert said.endswith(f"Run: chmod 600 '{folder}/monitor.toml'")


def test_credentials_handed_in_by_the_service_manager_may_have_any_mode(tmp_path: Path) -> None:
    path = secret(tmp_path, mode=0o644)
    environ = {"TEAM_URL_FILE": str(path), "CREDENTIALS_DIRECTORY": str(tmp_path)}
    assert read(tmp_path, ENV, environ).destinations
    assert faults(tmp_path, ENV, environ | {"CREDENTIALS_DIRECTORY": str(tmp_path / "other")})
    assert faults(tmp_path, ENV, environ | {"CREDENTIALS_DIRECTORY": ""})


@pytest.mark.parametrize(
    ("path", "handed_in"),
    [
        ("/run/secrets/team", True),
        ("/run/secrets/a/b", True),
        ("/run/secrets/../../etc/team", False),
        ("/run/secrets-of-others/team", False),
        ("/run/secret", False),
        ("/home/me/run/secrets/x", False),
    ],
)
def test_only_the_folders_of_the_contract_are_exempt(path: str, *, handed_in: bool) -> None:
    assert is_handed_in(Path(path), {}) is handed_in


MOUNTS = r"""/dev/sda1 / ext4 rw,relatime 0 0
/dev/sdb1 /mnt/stick vfat rw,fmask=0022 0 0
C:\134 /mnt/c 9p rw,noatime,aname=drvfs;path=C:\;uid=1000 0 0
D:\134 /mnt/d 9p rw,noatime,aname=drvfs;path=D:\;uid=1000;metadata;umask=22 0 0
//nas/share /mnt/my\040share cifs rw,file_mode=0755 0 0
/dev/sdc1 /mnt/stick/inner ext4 rw 0 0
broken line
"""


@pytest.mark.parametrize(
    ("path", "kept"),
    [
        ("/etc/monitor.toml", True),
        ("/mnt/stick/monitor.toml", False),
        ("/mnt/stick2/monitor.toml", True),
        ("/mnt/stick/inner/monitor.toml", True),
        ("/mnt/c/Users/me/monitor.toml", False),
        ("/mnt/d/monitor.toml", True),
        ("/mnt/my share/monitor.toml", False),
    ],
)
def test_modes_are_asked_for_only_where_the_file_system_keeps_them(path: str, *, kept: bool) -> None:
    assert keeps_modes(Path(path), MOUNTS) is kept


def test_without_a_mount_table_modes_count() -> None:
    assert keeps_modes(Path("/etc/x"), "")
