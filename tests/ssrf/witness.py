"""Who was really connected to: an audit hook in the interpreter, and the packets of a network of our own.

An audit hook cannot be taken out again, so all of this lives in a process of its own (see inside.py).
"""

from __future__ import annotations

import errno
import os
import socket
import struct
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from ipaddress import ip_address
from typing import Any, Final, TypeAlias

from tests.ssrf.notations import leads_to
from tests.ssrf.ranges import special

Place: TypeAlias = tuple[str, int]
NAMESPACE: Final = "TRIAL_MONITOR_OWN_NETWORK"
CANARY: Final = "/etc/passwd"
_ETH_ALL: Final = 3
_SYN, _SYN_ACK, _TCP, _UDP = 0x02, 0x12, 6, 17
_OUTGOING: Final = 4


@dataclass(slots=True)
class Witness:
    """What happened since `begin`. Without a network of our own a connection is noted, and refused in its stead."""

    open: frozenset[Place] = frozenset()
    nobody_else: bool = False
    connects: list[Place] = field(default_factory=list)
    opened: list[str] = field(default_factory=list)
    wire: Wire | None = None

    def begin(self, *servers: Place) -> None:
        """A new case; it may reach these `servers` of ours and, where there are any, nobody else, public or not."""
        self.open = frozenset(servers)
        self.nobody_else = bool(servers)
        self.connects.clear()
        self.opened.clear()

    def faults(self) -> list[str]:
        """What must not have happened."""
        packets = self.wire.seen() if self.wire else []
        found = dict.fromkeys(place for place in (*self.connects, *packets) if place not in self.open)
        inside = [f"CONNECT: {host} port {port}" for host, port in found if self.nobody_else or special(host)]
        return inside + [f"FILE: {name} was opened" for name in self.opened]

    def hook(self, event: str, args: tuple[Any, ...]) -> None:
        if event == "socket.connect" or event in ("socket.sendto", "socket.sendmsg"):
            self._connects(args[-1])
        elif event == "open" and args[0] == CANARY:
            self.opened.append(CANARY)

    def _connects(self, address: object) -> None:
        if not isinstance(address, tuple):
            return
        place = (str(address[0]), int(address[1]))
        self.connects.append(place)
        if self.wire is None and place not in self.open:
            raise ConnectionRefusedError(errno.ECONNREFUSED, "nobody is asked outside a network of our own")


class Wire:
    """Every packet that begins something in this network namespace, from the kernel's point of view."""

    def __init__(self) -> None:
        self._socket = socket.socket(socket.AF_PACKET, socket.SOCK_DGRAM, socket.htons(_ETH_ALL))
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 8 << 20)
        self._socket.bind(("lo", 0))
        self._socket.setblocking(False)

    def seen(self) -> list[Place]:
        """Where to, since it was last asked."""
        found: list[Place] = []
        while True:
            try:
                packet, (_, _, kind, *_) = self._socket.recvfrom(128)
            except BlockingIOError:
                return found
            place = _begun(packet) if kind == _OUTGOING else None
            if place is not None:
                found.append(place)


def _begun(packet: bytes) -> Place | None:
    """Address and port of the first packet of a TCP connection, or of any UDP packet."""
    if packet[0] >> 4 == 4:
        protocol, target, rest = packet[9], packet[16:20], packet[(packet[0] & 15) * 4 :]
    else:
        protocol, target, rest = packet[6], packet[24:40], packet[40:]
    if protocol == _UDP or (protocol == _TCP and len(rest) > 13 and rest[13] & _SYN_ACK == _SYN):
        return str(ip_address(target)), struct.unpack("!H", rest[2:4])[0]
    return None


@dataclass(slots=True)
class Zone:
    """A resolver: names of its own, one answer after the other, the last again; else what the system reads as numbers.

    Nothing is asked over the network: without a name of ours the system's own resolver is only let to read a number,
    in all of its notations.
    """

    answers: dict[str, list[Sequence[str]]] = field(default_factory=dict)

    def lookup(self, host: Any, port: Any, family: int = 0, *_rest: int, **_named: int) -> list[tuple[Any, ...]]:
        """In place of socket.getaddrinfo."""
        name = host.decode() if isinstance(host, bytes) else host
        found = self._of(name) if isinstance(name, str) else None
        if found is None:
            return _numbers(host, port, family)
        entries = [entry for each in found for entry in _entries(each, port, family)]
        if not entries:
            raise socket.gaierror(socket.EAI_NONAME, "nothing of that kind")
        return entries

    def _of(self, name: str) -> Sequence[str] | None:
        name = name.casefold().rstrip(".")
        if (led := leads_to(name)) is not None:
            return (led,)
        answers = self.answers.get(name)
        if answers is None:
            return None
        return answers.pop(0) if len(answers) > 1 else answers[0]


_system = socket.getaddrinfo


def _numbers(host: Any, port: Any, family: int) -> list[tuple[Any, ...]]:
    return list(_system(host, port, family, socket.SOCK_STREAM, 0, socket.AI_NUMERICHOST))


def _entries(address: str, port: Any, family: int) -> list[tuple[Any, ...]]:
    try:
        return _numbers(address, port, family)
    except socket.gaierror:  # an answer of the resolver that is no address as the system gives them
        return [] if family == socket.AF_INET6 else [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port))]


def own_network() -> list[str] | None:
    """How to start a command in a network of its own, in which all addresses lead here; None if it cannot be."""
    command = ["unshare", "--user", "--map-root-user", "--net"]
    try:
        subprocess.run([*command, "sh", "-c", _SET_UP], check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError):
        return None
    return [*command, "sh", "-c", f'{_SET_UP} && exec "$@"', "sh"]


_SET_UP = "ip link set lo up && ip route add local default dev lo && ip -6 route add local ::/0 dev lo"


def install() -> tuple[Witness, Zone]:
    """From here on nothing in this process is connected or resolved without being seen."""
    witness, zone = Witness(), Zone()
    if os.environ.get(NAMESPACE):
        witness.wire = Wire()
    sys.addaudithook(witness.hook)
    socket.getaddrinfo = zone.lookup
    return witness, zone
