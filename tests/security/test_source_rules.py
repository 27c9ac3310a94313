"""The rules that a reader of the source would have to check by eye, and proof that each of them sees a breach."""

from __future__ import annotations

import ast
import json
import subprocess
import sys
from collections.abc import Callable, Iterator

import pytest

from tests.security.source_rules import (
    BUILT_SQL,
    MAY_CONNECT,
    builds_sql,
    called,
    imports,
    listens,
    modules,
    reaches_out,
    runs_data,
)
from tests.ssrf.tricks import schemes

Rule = Callable[[str, ast.Module], Iterator[str]]

SINKS = {
    "csv.writer": {"cli/csv_out.py", "cli/watch_files.py"},
    "html.escape": {"deliver/render/markup.py", "deliver/redact.py"},
    "EmailMessage": {"deliver/mail_message.py"},
    "Header": {"deliver/mail_message.py"},
    "escape_slack": {
        "deliver/render/slack.py",
        "deliver/render/slack_pieces.py",
        "deliver/render/slack_syntax.py",
    },
    "Template": {"deliver/render/markup.py"},
    "print": {"app.py", "cli/ending.py", "cli/pager.py", "cli/progress.py", "cli/demo.py", "cli/init.py"},
}
"""Who may write in the syntax of a sink: each has its one escape function there or beside it."""


def breaches(rule: Rule) -> list[str]:
    return [breach for where, tree in modules() for breach in rule(where, tree)]


def test_only_the_rooms_of_the_way_out_import_what_connects() -> None:
    assert breaches(reaches_out) == []
    assert all(any(where.startswith(room) for where, _ in modules()) for room in MAY_CONNECT)


def test_no_verb_listens_but_the_demo() -> None:
    assert breaches(listens) == []
    importers = {where for where, tree in modules() for _, name in imports(tree) if name.startswith("monitor.demo")}
    assert {where for where in importers if not where.startswith("demo/")} == {"cli/demo.py"}


def test_nothing_that_is_read_can_become_code() -> None:
    assert breaches(runs_data) == []


def test_modules_are_loaded_by_name_in_two_places_only() -> None:
    loading = {where for where, tree in modules() for _, name in imports(tree) if name == "importlib.import_module"}
    assert loading == {"cli/group.py", "deliver/apprise_channel.py"}


def test_sql_is_put_together_only_from_words_of_ours() -> None:
    assert set(breaches(builds_sql)) == set(BUILT_SQL)


@pytest.mark.parametrize(
    ("rule", "where", "line"),
    [
        (reaches_out, "cli/check.py", "import socket"),
        (reaches_out, "cli/check.py", "from urllib.request import urlopen"),
        (reaches_out, "cli/check.py", "from http import client"),
        (reaches_out, "sources/ctv/client.py", "import httpx"),
        (reaches_out, "deliver/reach.py", "import requests"),
        (reaches_out, "deliver/render/slack.py", "async def f(): await asyncio.open_connection('x', 1)"),
        (listens, "web.py", "import http.server"),
        (listens, "daemon.py", "loop.create_server(f, '0.0.0.0', 80)"),
        (listens, "daemon.py", "asyncio.start_server(f)"),
        (runs_data, "store/x.py", "import pickle"),
        (runs_data, "store/x.py", "from marshal import loads"),
        (runs_data, "diff/leaves.py", "from deepdiff import Delta"),
        (runs_data, "diff/leaves.py", "x = deepdiff.Delta(y)"),
        (runs_data, "app.py", "import yaml"),
        (runs_data, "app.py", "eval('1')"),
        (runs_data, "app.py", "exec(code)"),
        (runs_data, "app.py", "environment.from_string(title)"),
        (runs_data, "app.py", "os.system('x')"),
        (runs_data, "app.py", "subprocess.run('x', shell=True)"),
        (runs_data, "sources/x.py", "from xml.etree import ElementTree"),
        (builds_sql, "store/x.py", "connection.execute(f'SELECT {x}')"),
        (builds_sql, "store/x.py", "connection.execute('SELECT ' + x)"),
        (builds_sql, "store/x.py", "connection.execute('SELECT %s' % x)"),
        (builds_sql, "store/x.py", "connection.execute(text('SELECT {}'.format(x)))"),
        (builds_sql, "store/x.py", "query = f'DELETE FROM {x}'\nconnection.execute(query)"),
        (builds_sql, "store/x.py", "literal_column(f'{x}')"),
    ],
)
def test_each_rule_sees_a_breach(rule: Rule, where: str, line: str) -> None:
    assert list(rule(where, ast.parse(line)))


@pytest.mark.parametrize("sink", SINKS)
def test_only_the_module_of_a_sink_writes_in_its_syntax(sink: str) -> None:
    owner, _, name = sink.rpartition(".")
    found = set()
    for where, tree in modules():
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and called(node) == name:
                by = node.func.value if isinstance(node.func, ast.Attribute) else None
                if not owner or (isinstance(by, ast.Name) and by.id.strip("_") == owner):
                    found.add(where)
    assert found <= SINKS[sink]
    assert found, f"nobody writes to {sink} any more: take it out of the list"


def test_no_sentence_with_foreign_words_goes_to_the_terminal_as_it_is() -> None:
    found = [
        f"{where}:{node.lineno}"
        for where, tree in modules()
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and ast.unparse(node.func) == "context.say"
        and isinstance(node.args[0], ast.JoinedStr)
    ]
    assert found == []


def test_no_address_of_another_kind_is_ever_a_link() -> None:
    from monitor.deliver.render.markup import linkable
    from monitor.deliver.render.slack_syntax import link_slack
    from monitor.sources.references import find_references

    for _, url in schemes():
        if not url.casefold().startswith("http"):
            assert linkable(url) is None, url
            assert link_slack(url, "text") is None, url
            assert find_references(url) == (), url


SERVERS_OF_THE_DEMO = """
import json, sys
bound = []
sys.addaudithook(lambda event, args: bound.append(args[1][0]) if event == "socket.bind" else None)
from monitor.demo.mailbox import Mailbox
from monitor.demo.registry import RecordedRegistry
from monitor.demo.webhooks import WebhookSink
with RecordedRegistry(), Mailbox(), WebhookSink():
    pass
print(json.dumps(bound))
"""


def test_the_servers_of_the_demo_are_reached_from_this_machine_alone() -> None:
    command = [sys.executable, "-c", SERVERS_OF_THE_DEMO]
    bound = json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout)
    assert len(bound) >= 3
    assert set(bound) == {"127.0.0.1"}
