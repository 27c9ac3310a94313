"""What the source of the program may not do, found in its syntax tree: each rule gives "file:line what" by breach."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Final

ROOM: Final = Path(__file__).parents[2] / "monitor"

NETWORK: Final = frozenset(
    {
        "socket", "ssl", "smtplib", "imaplib", "poplib", "nntplib", "ftplib", "telnetlib", "http.client", "http.server",
        "http.cookiejar", "urllib.request", "urllib3", "requests", "httpx", "httpcore", "h11", "h2", "aiohttp",
        "aiosmtpd", "socketserver", "xmlrpc", "websockets", "paramiko", "pycurl", "webbrowser",
        "multiprocessing.connection",
    }
)  # fmt: skip
MAY_CONNECT: Final = {
    "egress": {"socket", "ssl", "httpx", "httpcore", "http.cookiejar", "urllib3"},
    "deliver/mail.py": {"smtplib", "socket", "ssl"},
    "deliver/apprise_transport.py": {"requests", "urllib3", "ssl"},
    "deliver/reach.py": {"socket"},  # asks for addresses, connects to none
    "deliver/channels.py": {"ssl"},  # the type of a context
    "deliver/verdict.py": {"ssl"},  # the type of an error
    "demo": {"socket", "ssl", "http.server", "socketserver", "aiosmtpd"},  # its servers, on loopback
}
CONNECTING: Final = frozenset(
    {
        "create_connection", "open_connection", "open_unix_connection", "create_datagram_endpoint", "sock_connect",
        "connect_ex", "urlopen", "start_server", "create_server", "start_unix_server", "serve_forever", "bind",
    }
)  # fmt: skip
LISTENING: Final = frozenset(
    {"start_server", "create_server", "start_unix_server", "serve_forever", "bind", "server_bind"}
)
SERVERS: Final = frozenset(
    {"http.server", "socketserver", "aiosmtpd", "uvicorn", "starlette", "wsgiref", "xmlrpc.server"}
)
NEVER_IMPORTED: Final = frozenset(
    {
        "pickle", "cPickle", "_pickle", "marshal", "shelve", "dbm", "dill", "cloudpickle", "jsonpickle", "joblib",
        "yaml", "ruamel", "xml", "lxml", "defusedxml", "jinja2", "mako", "code", "codeop", "ctypes", "cffi", "imp",
        "runpy", "pty",
    }
)  # fmt: skip
NEVER_CALLED: Final = frozenset({"eval", "exec", "compile", "__import__", "execfile", "input_raw", "breakpoint"})
NEVER_ASKED: Final = {
    "os": {"system", "popen", "execv", "execvp", "execl", "spawnl", "spawnv", "posix_spawn", "fork"},
    "tempfile": {"mktemp"},
    "deepdiff": {"Delta"},
}
_NEVER_ATTRIBUTES: Final = frozenset({"from_string", "render_template_string", "Delta", "load_extension"})
_RUNS_SQL: Final = frozenset(
    {"execute", "executemany", "executescript", "exec_driver_sql", "text", "literal_column", "DDL", "literal"}
)
_SQL: Final = re.compile(
    r"\s*(SELECT|INSERT|UPDATE|DELETE|REPLACE|CREATE|DROP|ALTER|PRAGMA|WITH|ATTACH|VACUUM)\s", re.ASCII
)
BUILT_SQL: Final = {
    "store/copying.py: f'SELECT count(*) FROM {table.name}'": "a table of ours",
    "store/schema.py: f'PRAGMA application_id = {sqlite.APPLICATION_ID}'": "a number of ours",
    "store/sqlite.py: f'PRAGMA {pragma}'": "of the constants above it",
    "store/sqlite.py: f\"PRAGMA query_only = {('ON' if reads else 'OFF')}\"": "one of two words",
    "store/sqlite.py: f'PRAGMA journal_mode = {wanted}'": "one of two words",
    "store/batches.py: f\"'{state}'\"": "states of ours",
}
"""SQL that is put together all the same, each with its reason; bound parameters cannot stand there."""


@cache
def modules() -> tuple[tuple[str, ast.Module], ...]:
    """Every module of the program: its path within the package, and its tree."""
    files = sorted(ROOM.rglob("*.py"))
    return tuple((path.relative_to(ROOM).as_posix(), ast.parse(path.read_text(encoding="utf-8"))) for path in files)


def imports(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """(line, full dotted name) of whatever is imported, also the names taken from a module."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, each.name) for each in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield from ((node.lineno, f"{node.module}.{each.name}") for each in node.names)


def one_of(name: str, families: frozenset[str]) -> str | None:
    """The family that a dotted name belongs to."""
    return next((each for each in families if name == each or name.startswith(f"{each}.")), None)


def reaches_out(where: str, tree: ast.Module) -> Iterator[str]:
    """A network library where it has no business, or a connection made by hand."""
    own = next((found for room, found in MAY_CONNECT.items() if where == room or where.startswith(f"{room}/")), set())
    for line, name in imports(tree):
        family = one_of(name, NETWORK)
        if family is not None and family not in own:
            yield f"{where}:{line} imports {name}"
    if not own:
        yield from (f"{where}:{line} calls {name}" for line, name in calls(tree) if name in CONNECTING)


def listens(where: str, tree: ast.Module) -> Iterator[str]:
    """A server anywhere but in the demo."""
    if not where.startswith("demo/"):
        yield from (f"{where}:{line} calls {name}" for line, name in calls(tree) if name in LISTENING)
        yield from (f"{where}:{line} imports {name}" for line, name in imports(tree) if one_of(name, SERVERS))


def runs_data(where: str, tree: ast.Module) -> Iterator[str]:
    """Data that could become code: deserialisers, evaluation, templates, shells."""
    for line, name in imports(tree):
        module, _, last = name.rpartition(".")
        if one_of(name, NEVER_IMPORTED) or last in NEVER_ASKED.get(module, ()):
            yield f"{where}:{line} imports {name}"
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in NEVER_CALLED:
            yield f"{where}:{node.lineno} calls {node.func.id}"
        if isinstance(node, ast.Attribute):
            owner = node.value.id if isinstance(node.value, ast.Name) else ""
            if node.attr in _NEVER_ATTRIBUTES or node.attr in NEVER_ASKED.get(owner, ()):
                yield f"{where}:{node.lineno} uses {owner}.{node.attr}"
        if isinstance(node, ast.keyword) and node.arg == "shell" and getattr(node.value, "value", True):
            yield f"{where}:{node.value.lineno} asks for a shell"


def builds_sql(where: str, tree: ast.Module) -> Iterator[str]:
    """SQL with values written into it, whether at once or before it is run."""
    for node in ast.walk(tree):
        first = node.args[0] if isinstance(node, ast.Call) and node.args else None
        if first is not None and isinstance(node, ast.Call) and called(node) in _RUNS_SQL and _is_built(first):
            yield f"{where}: {ast.unparse(first)}"
        elif isinstance(node, ast.expr) and _is_built(node) and _SQL.match(_beginning(node)):
            yield f"{where}: {ast.unparse(node)}"


def calls(tree: ast.Module) -> Iterator[tuple[int, str]]:
    yield from ((node.lineno, called(node)) for node in ast.walk(tree) if isinstance(node, ast.Call))


def called(node: ast.Call) -> str:
    """The last name of what is called."""
    if isinstance(node.func, ast.Attribute):
        return node.func.attr
    return node.func.id if isinstance(node.func, ast.Name) else ""


def _is_built(node: ast.expr) -> bool:
    match node:
        case ast.JoinedStr(values=values):
            return any(isinstance(each, ast.FormattedValue) for each in values)
        case ast.BinOp(op=ast.Mod() | ast.Add(), left=left, right=right):
            return any(isinstance(each, ast.JoinedStr | ast.Constant) and _is_text(each) for each in (left, right))
        case ast.Call(func=ast.Attribute(attr="format" | "format_map" | "join", value=value)):
            return isinstance(value, ast.JoinedStr | ast.Constant) and _is_text(value)
        case _:
            return False


def _is_text(node: ast.expr) -> bool:
    return isinstance(node, ast.JoinedStr) or (isinstance(node, ast.Constant) and isinstance(node.value, str))


def _beginning(node: ast.expr) -> str:
    match node:
        case ast.JoinedStr(values=[ast.Constant(value=str(text)), *_]) | ast.Constant(value=str(text)):
            return text
        case ast.BinOp(left=left):
            return _beginning(left)
        case ast.Call(func=ast.Attribute(value=value)):
            return _beginning(value)
        case _:
            return ""
