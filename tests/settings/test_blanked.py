"""A configuration as it may stand in a backup."""

from __future__ import annotations

import tomllib

import pytest

from monitor.settings.blanked import blanked

SECRET = "hunter2-hunter2"  # noqa: S105 (of nobody)
TEXT = f"""\
# kept as it is
timezone = "Europe/Berlin"   # so is this
[store]
url = "postgresql+psycopg://monitor:{SECRET}@db.example.org/monitor"
[network]
proxy = "http://me:{SECRET}@proxy.example.org:3128"
[destinations.mail]
url_file = "mail.url"
[destinations."team slack"]
url = "slack://T/B/{SECRET}"
[destinations.hook]
url_env = "HOOK_URL"
[operator]
ping_url = "https://ping.example.org/{SECRET}"
[[watches]]
ref = "NCT04762485"
"""


def test_secrets_are_blanked_and_named_and_all_else_stays() -> None:
    text, names = blanked(TEXT)
    assert SECRET not in text
    assert set(names) == {
        "store.url (written in the configuration)",
        "network.proxy (written in the configuration)",
        "file mail.url (destinations.mail.url_file)",
        "destinations.team slack.url (written in the configuration)",
        "environment variable HOOK_URL (destinations.hook.url_env)",
        "operator.ping_url (written in the configuration)",
    }
    read = tomllib.loads(text)
    assert read["timezone"] == "Europe/Berlin"
    assert read["destinations"]["team slack"] == {"url": "***"}
    assert "# so is this" in text


def test_a_store_without_a_password_is_no_secret() -> None:
    text = '[store]\nurl = "sqlite:///monitor.db"\n'
    assert blanked(text) == (text, ())


@pytest.mark.parametrize(
    "text",
    [
        f'[destinations.a]\nurl = """\\\nslack://T/B/{SECRET}"""\n',
        f'# {SECRET}\n[destinations.a]\nurl = "{SECRET}"\n',
        f'destinations = {{ a = {{ url = "{SECRET}" }}, b = {{ url = "{SECRET}2" }} }}\n',
    ],
)
def test_a_secret_that_cannot_be_blanked_leaves_the_configuration_out(text: str) -> None:
    try:
        left, _ = blanked(text)
    except ValueError:
        return
    assert SECRET not in left
