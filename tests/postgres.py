"""A real PostgreSQL for the tests: the installed server's own binaries, in a temporary folder, for this session."""

from __future__ import annotations

import itertools
import os
import pwd
import random
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

PLACES = ("/usr/lib/postgresql", "/usr/pgsql", "/usr/local/pgsql", "/opt/homebrew/opt")
PORTS = range(20000, 32768)
START_SECONDS = 60
numbers = itertools.count(1)


def _binaries() -> Path | None:
    """The folder of `initdb` and `postgres`, resolved: the server finds its files from there."""
    found = shutil.which("initdb")
    folders = [Path(found).resolve().parent] if found else []
    for place in PLACES:
        folders += sorted(Path(place).glob("*/bin"), reverse=True)
    return next((folder for folder in folders if (folder / "initdb").exists() and (folder / "postgres").exists()), None)


def _other_user() -> str | None:
    """PostgreSQL refuses to run as root: the user to run it as, None to run it as we are."""
    if os.geteuid() != 0:
        return None
    known = {entry.pw_name for entry in pwd.getpwall()}
    return next((name for name in ("postgres", "nobody") if name in known), "nobody")


def _free_port() -> int:
    for port in random.sample(PORTS, 50):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
    raise RuntimeError("no free port for PostgreSQL")


def _name_of(url: str) -> str:
    return url.rpartition("/")[2]


class Server:
    """A running server."""

    def __init__(self, binaries: Path, folder: Path, user: str | None) -> None:
        self.port = _free_port()
        self._binaries = binaries
        self._folder = folder
        self._user = user
        data = folder / "data"
        self._run("initdb", "-D", data, "-U", "monitor", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync")
        settings = ("fsync=off", "listen_addresses=127.0.0.1", f"unix_socket_directories={folder}")
        options = [part for setting in (*settings, "log_min_messages=fatal") for part in ("-c", setting)]
        self._process = subprocess.Popen(
            [binaries / "postgres", "-D", data, "-p", str(self.port), *options],
            cwd=folder,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            user=user,
        )

    def _run(self, program: str, *arguments: str | Path) -> str:
        command = [self._binaries / program, *arguments]
        done = subprocess.run(command, cwd=self._folder, user=self._user, check=True, capture_output=True, text=True)
        return done.stdout

    def wait(self) -> None:
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline:
            if self._process.poll() is not None:
                raise RuntimeError(f"PostgreSQL ended with {self._process.returncode}")
            ready = [str(self._binaries / "pg_isready"), "-q", "-h", "127.0.0.1", "-p", str(self.port)]
            if subprocess.run(ready, check=False).returncode == 0:
                return
            time.sleep(0.05)
        raise RuntimeError("PostgreSQL did not start in time")

    def new_database(self, like: str | None = None) -> str:
        """The URL of a new database: empty, or a copy of the one at `like`, to which nobody is connected."""
        name = f"monitor_{next(numbers)}"
        self._order(f"CREATE DATABASE {name}" + (f" TEMPLATE {_name_of(like)}" if like else ""))
        return f"postgresql+psycopg://monitor@127.0.0.1:{self.port}/{name}"

    def drop(self, url: str) -> None:
        """Take a database away, and end what is still connected to it."""
        self._order(f"DROP DATABASE {_name_of(url)} WITH (FORCE)")

    def _order(self, statement: str) -> None:
        address = f"host=127.0.0.1 port={self.port} user=monitor dbname=postgres"
        psycopg = pytest.importorskip("psycopg", reason="the driver of PostgreSQL is not installed")
        with psycopg.connect(address, autocommit=True) as connection:
            connection.execute(statement)

    def dump_schema(self, url: str) -> str:
        """The schema of a database as pg_dump writes it."""
        name = _name_of(url)
        where = ["-h", "127.0.0.1", "-p", str(self.port), "-U", "monitor"]
        return self._run("pg_dump", "--schema-only", "--no-owner", *where, name)

    def stop(self) -> None:
        self._process.send_signal(signal.SIGINT)  # "fast": ends all sessions
        try:
            self._process.wait(20)
        except subprocess.TimeoutExpired:
            self._process.send_signal(signal.SIGQUIT)
            self._process.wait(20)


@contextmanager
def running() -> Iterator[Server | None]:
    """A server for the block; None where none is installed."""
    binaries = _binaries()
    if binaries is None:
        yield None
        return
    user = _other_user()
    folder = Path(tempfile.mkdtemp(prefix="pg-"))
    if user is not None:
        shutil.chown(folder, user)
    try:
        server = Server(binaries, folder, user)
        try:
            server.wait()
            yield server
        finally:
            server.stop()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def postgres() -> Iterator[Server]:
    """The session's server; the test is skipped, visibly, where none is installed."""
    with running() as server:
        if server is None:
            pytest.skip("no PostgreSQL server is installed")
        yield server


@pytest.fixture
def postgres_url(postgres: Server) -> str:
    """The URL of a new, empty database."""
    return postgres.new_database()


@pytest.fixture(params=["sqlite", "postgresql"])
def store_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of a store that does not exist yet, on each of the two databases in turn."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'monitor.db'}"
    url: str = request.getfixturevalue("postgres_url")
    return url
