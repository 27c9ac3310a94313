"""Which URLs are destinations, whom they reach, and what of them is secret."""

from __future__ import annotations

import importlib
import subprocess
import sys
from datetime import UTC, datetime

import pytest

from monitor.deliver.channels import open_channel
from monitor.deliver.destinations import BadDestination, read_destination
from monitor.deliver.redact import Secret, redacted
from monitor.deliver.services import KNOWN_BY, SERVICES
from monitor.egress.policy import Network

KEY = "TIiajkdnlazkcOXrIdevi7"
SLACK = f"slack://T1JJ3T3L2/A1BRTD4JD/{KEY}"

GOOD = [
    ("mailto://user:pass@example.org?to=a@example.org,b@example.org", ("a@example.org", "b@example.org")),
    ("mailto://relay.example.org/a@example.org/b@example.org?from=m@example.org", ("a@example.org", "b@example.org")),
    ("mailtos://me%40gmail.com:app-password@gmail.com", ("me@gmail.com",)),
    ("mailto://h.example.org?from=m@example.org&to=A@example.org,a@example.org", ("a@example.org",)),
    (SLACK, ("",)),
    (f"{SLACK}/#a/#b", ("#a", "#b")),
    (SLACK.replace("slack", "SLACK"), ("",)),
    ("  jsons://hooks.example.org/x \n", ("",)),
    ("json://user:password@[::1]:8080/x", ("",)),
    ("workflows://prod.example.org:443/workflow-id/signature/", ("",)),
    ("discord://4174216298/JHMHI8qBe7bk2ZwO5U711o3dV_js", ("",)),
    ("ntfys://ntfy.example.org/topic", ("",)),
    ("tgram://123456789:abcdefg_hijklmnop/12315544", ("12315544",)),
    ("mmosts://chat.example.org/3ccdd113474722377935511fc85d3dd4/?channels=a,b", ("#a", "#b")),
    ("signal://relay.example.org/+15551234567/+15551234568/+15551234569", ("+15551234568", "+15551234569")),
    ("pover://useraaaaaaaaaaaaaaaaaaaaaaaaaa@tokenbbbbbbbbbbbbbbbbbbbbbbbbb", ("",)),
]


@pytest.mark.parametrize(("url", "recipients"), GOOD)
def test_a_url_is_split_into_its_recipients(url: str, recipients: tuple[str, ...]) -> None:
    assert read_destination("team", url).recipients == recipients


BAD = [
    ("", "begins with the service"),
    ("not a url", "begins with the service"),
    ("team@example.org", "begins with the service"),
    ("file:///etc/passwd", "These are"),
    ("exec://rm", "These are"),
    ("syslog://", "These are"),
    ("dbus://", "These are"),
    ("windows://", "These are"),
    ("macosx://", "These are"),
    ("gnome://", "These are"),
    ("https://hooks.slack.com/services/T1/B2/C3", "slack://A/B/C"),
    ("https://hooks.example.org/x", "jsons://"),
    ("https://prod-1.westeurope.logic.azure.com/workflows/x", "workflows://"),
    ("smtp://relay.example.org", "mailto://"),
    ("msteams://x/y/z", "workflows://"),
    ("slack://too/short", "https://appriseit.com/services/slack/"),
    ("mailto://", "https://appriseit.com/services/email/"),
    ("mailtos://u:p@example.org?to=a@example.org&mode=bogus", "https://appriseit.com/services/email/"),
    ("mailtos://u:p@example.org?to=a@example.org,nobody", "several with commas"),
    ("mailtos://u:p@example.org/nobody?to=a@example.org", "several with commas"),
    ("mailtos://u:p@example.org?to=m%C3%BCller@example.org", "ASCII|plain letters|several with commas"),
    ("mailtos://u:p@example.org?to=a@example.org&cc=b@example.org", "in to="),
    ("mailtos://u:p@example.org?to=a@example.org&bcc=b@example.org", "in to="),
    ("mailtos://u:p@example.org?to=a@example.org&pgp=sign", "Leave it out"),
    ("mailtos://u:p@example.org?to=a@example.org&verify=no", "ca_bundle"),
    (f"{SLACK}?optional=yes", "Leave it out"),
    (f"{SLACK}?Verify=False", "ca_bundle"),
    (f"{SLACK}?retry=3", "Leave it out"),
    (f"{SLACK}?format=text", "Leave it out"),
    (f"{SLACK}?template=/etc/passwd", "Leave it out"),
    (f"{SLACK}?a=b;template=/etc/passwd", "Leave it out"),
    (f"{SLACK}?%20Template=/etc/passwd", "Leave it out"),
    (f"{SLACK}#x?template=/etc/passwd", "Leave it out"),
    ("mailtos://u:pass@example.org?to=a@example.org&%20bcc=b@example.org", "in to="),
    ("mailtos://u:pass@example.org?to=a@example.org&x=y;verify=no", "ca_bundle"),
    ("ntfys://ntfy.example.org/one/two", "a destination of its own"),
    ("jsons://hooks.example.org:99999/", "65535"),
    ("jsons://hooks.example.org:http/", "https://appriseit.com/services/json/"),
    ("jsons://[::1/", "Percent-encode"),
]


@pytest.mark.parametrize(("url", "remedy"), BAD)
def test_a_url_that_cannot_be_used_is_named_with_a_remedy(url: str, remedy: str) -> None:
    with pytest.raises(BadDestination) as told:
        read_destination("team", url)
    assert told.value.problem
    assert any(each in told.value.remedy for each in remedy.split("|"))


CANARY = "C4naryC4naryC4nary"


@pytest.mark.parametrize(
    "url",
    [
        f"mailtos://user:{CANARY}@example.org?to=nobody",
        f"mailtos://user:{CANARY}@example.org?to=a@example.org&mode=bogus",
        f"slack://{CANARY}/short",
        f"slack://{CANARY}%20/x/y",
        f"{SLACK}?token={CANARY}&verify=no",
        f"nothing://{CANARY}",
        f"https://hooks.slack.com/services/{CANARY}",
        f"{CANARY}",
        f"json://u:{CANARY}@h:99999/",
        f"jsons://u:{CANARY}@[::1/",
        f"tgram://123:{CANARY}!/x",
    ],
)
def test_no_fault_shows_a_secret(url: str) -> None:
    with pytest.raises(BadDestination) as told:
        read_destination("team", url)
    assert CANARY not in str(told.value)


def test_what_is_secret_is_listed_and_what_is_shown_is_not() -> None:
    parsed = read_destination("team", f"{SLACK}/#trials")
    assert KEY in parsed.secrets
    assert f"{SLACK}/#trials" in parsed.secrets
    assert "#trials" not in parsed.secrets
    assert KEY not in repr(parsed)
    mail = read_destination("team", f"mailtos://user:{CANARY}@example.org?to=a@example.org")
    assert CANARY in mail.secrets
    assert CANARY not in repr(mail)
    assert mail.mail
    assert mail.mail.password == Secret(CANARY)


def test_a_secret_is_taken_out_in_each_of_its_spellings() -> None:
    said = redacted("p@ss/word p%40ss%2Fword\x1b[0m other", ["p@ss/word"])
    assert said == "*** ***[0m other"


@pytest.mark.parametrize(
    "said",
    [
        "Basic dXNlcjpww6QvczMrcg==",
        "Basic dXNlcjpw5C9zMyty",
        "/p%C3%A4/s3+r",
        "/p%c3%a4%2Fs3%2Br?x",
        '{"p\\u00e4/s3+r"}',
        "p\ufffd/s3+r",
    ],
)
@pytest.mark.parametrize("secret", ["pä/s3+r", "p%C3%A4%2Fs3%2Br"])
def test_a_secret_is_taken_out_however_a_server_says_it_back(said: str, secret: str) -> None:
    shown = redacted(said, [secret])
    assert "***" in shown
    assert "s3" not in shown
    assert "RyK3" not in shown


def test_the_way_to_a_mail_server_shows_no_password() -> None:
    parsed = read_destination("team", f"mailtos://user:{CANARY}@example.org?to=a@example.org")
    way = open_channel(parsed, "a@example.org", network=Network(), allow_private=False, clock=lambda: datetime.now(UTC))
    assert CANARY not in repr(way)


def test_mail_is_read_as_apprise_reads_it() -> None:
    route = read_destination("team", "mailtos://me%40gmail.com:secret@gmail.com?to=a@example.org").mail
    assert route
    assert (route.host, route.port, route.mode, route.user) == ("smtp.gmail.com", 587, "starttls", "me@gmail.com")
    route = read_destination(
        "team", "mailtos://u:p@example.org?smtp=relay.example.org&mode=ssl&from=m@example.org&name=Us&to=a@example.org"
    ).mail
    assert route
    assert (route.host, route.port, route.mode) == ("relay.example.org", 465, "ssl")
    assert (route.sender, route.sender_name) == ("m@example.org", "Us")


@pytest.mark.parametrize("scheme", sorted(SERVICES))
def test_every_scheme_names_a_plugin_that_serves_it_over_the_network(scheme: str) -> None:
    module, name = SERVICES[scheme].plugin
    plugin = getattr(importlib.import_module(module), name)
    served = []
    for each in (plugin.protocol, plugin.secure_protocol):
        served += [each] if isinstance(each, str) else list(each or ())
    assert scheme in served
    over_http = hasattr(sys.modules[plugin.__module__], "requests")
    assert over_http or SERVICES[scheme].form == "mail"


def test_what_people_write_by_mistake_leads_to_schemes_that_exist() -> None:
    assert set(KNOWN_BY.values()) <= set(SERVICES)
    assert not set(KNOWN_BY) & set(SERVICES)


def test_reading_a_url_loads_only_the_plugin_that_it_needs() -> None:
    code = (
        "import sys; from monitor.deliver.destinations import read_destination;"
        "assert 'apprise' not in sys.modules;"
        "read_destination('a', 'mailto://h.example.org?from=m@example.org&to=a@example.org');"
        "print(len([n for n in sys.modules if n.startswith('apprise.plugins.')]), 'httpx' in sys.modules)"
    )
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    plugins, httpx = found.stdout.split()
    assert int(plugins) < 15
    assert httpx == "False"
