"""What the plugins that we serve can do besides: they speak through the name that we lend, and through nothing else."""

from __future__ import annotations

import ast
from importlib import import_module
from pathlib import Path

import pytest
from apprise import Apprise

from monitor.deliver.destinations import BadDestination, read_destination
from monitor.deliver.services import SERVICES
from tests.security.source_rules import NETWORK, called, imports, one_of

MODULES = sorted({service.plugin[0] for service in SERVICES.values() if service.form != "mail"})
VERBS = frozenset({"get", "post", "put", "patch", "delete", "head", "request"})


@pytest.mark.parametrize("name", MODULES)
def test_a_plugin_reaches_the_network_through_the_name_that_we_lend(name: str) -> None:
    """What it imports of `requests` by another name, or opens itself, would go past the checks of addresses."""
    tree = ast.parse(Path(str(import_module(name).__file__)).read_text(encoding="utf-8"))
    found = {each for _, each in imports(tree) if one_of(each, NETWORK)}
    assert found <= {"requests"}
    used = {
        node.attr
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "requests"
    }
    assert used <= VERBS | {"codes", "RequestException", "exceptions", "Timeout", "TooManyRedirects"}
    assert used & VERBS
    assert not {called(node) for node in ast.walk(tree) if isinstance(node, ast.Call)} & {"Popen", "system", "urlopen"}


DANGEROUS = (
    "exec", "dbus", "qt", "glib", "kde", "gnome", "macosx", "windows", "syslog", "rsyslog", "growl", "smbus", "mqtt",
    "mqtts", "xmpp", "xmpps", "file", "http", "https", "config", "include", "apprise", "apprises", "memory", "fluxer",
    "irc", "ircs", "socket", "pgp", "vapid", "ses", "sns", "sqs", "python", "shell", "x+y", "mailto+x", "json+exec",
)  # fmt: skip


@pytest.mark.parametrize("scheme", DANGEROUS)
def test_a_scheme_that_is_not_on_our_list_is_refused_when_it_is_read(scheme: str) -> None:
    for spelled in (scheme, scheme.upper(), f" {scheme}"):
        with pytest.raises(BadDestination) as told:
            read_destination("team", f"{spelled}://localhost/x?to=a@example.org")
        assert told.value.remedy


def test_every_scheme_that_apprise_knows_is_served_by_our_list_or_refused() -> None:
    known = {
        str(each)
        for entry in Apprise().details()["schemas"]
        for kind in ("protocols", "secure_protocols")
        for each in entry[kind] or ()
    }
    assert len(known) > 100
    refused = known - set(SERVICES)
    assert {"syslog", "apprise"} <= refused  # dbus and the like are known only where their libraries are
    for scheme in refused:
        with pytest.raises(BadDestination):
            read_destination("team", f"{scheme}://localhost/x")


@pytest.mark.parametrize("option", ["template", "redirect", "verify", "bcc", "cc", "optional", "overflow", "pgp"])
@pytest.mark.parametrize(
    "form",
    [
        "?{}=no",
        "?a=b&{}=no",
        "?a=b;{}=no",
        "?%20{}=no",
        "?{}%20=no",
        "#x?{}=no",
        "?+x=y&{}=no",
        "?;;{}=no",
    ],
)
def test_an_option_that_is_not_taken_is_seen_however_it_is_written(option: str, form: str) -> None:
    for spelled in (option, option.upper(), "".join(f"%{ord(sign):02x}" for sign in option)):
        url = f"jsons://hooks.example.org/x{form.format(spelled)}"
        with pytest.raises(BadDestination, match=rf"{option}=|is no"):
            read_destination("team", url)
