"""The exception tree of the monitor. Each leaf says whether trying again helps, and when.

MonitorError
├── UsageError            a person must change the command or the configuration        exit 2, never retried
│   └── ConfigFaults      every fault of a configuration at once, each with a remedy
├── StoreError            the store cannot be used                                     exit 3
│   ├── StoreMissing      there is no store yet; a reading command creates none        after the first writing one
│   ├── StoreLocked       another process writes for longer than we wait               retried later
│   ├── ConcurrentChange  another run moved the same rows since we read them           read again, then retried
│   ├── StoreNewer        written by a newer release; never touched                    never retried
│   ├── StoreDamaged      fails its integrity check; never touched                     never retried
│   ├── StoreReadOnly     no permission, read-only file system, disk full              retried later
│   └── BodyPruned        the bytes asked for were pruned; that they were is kept      never retried
├── LockHeld              another run works on this store                              exit 75
├── FetchError            a page could not be had; says nothing about the trial
│   ├── FetchFailed       network, TLS, time-out, cut or oversized body                retried later
│   ├── AddressRefused    the address is not one we may ask                            never retried
│   └── HostResting       the host asked for quiet (429, 503) or refused (403)         not before `until`
├── NotARecord            bytes that are no complete trial record                      kept aside
├── BadReference          text that names no trial                                     told to the user
└── SendError            a message was not taken
    ├── SendFailed        for now: time-out, 4xx of SMTP, 429, 5xx                     retried with back-off
    ├── MessageRefused    the message as it is written is not taken                    tried some times, then plainer
    │   └── RecipientRefused   the address takes no mail, however it is written        dead
    └── DestinationDown   nothing will be taken there until a person acts (log-in)     all its rows wait
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime


class MonitorError(Exception):
    """Root of everything this program raises on purpose."""


class UsageError(MonitorError):
    """The command or the configuration must be changed by a person; nothing was done."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault of a configuration: where it stands, what is wrong, what to do."""

    place: str
    problem: str
    remedy: str

    def __str__(self) -> str:
        return f"{self.place}: {self.problem} {self.remedy}"


class ConfigFaults(UsageError):
    """Every fault of a configuration at once."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        super().__init__("\n".join(str(fault) for fault in faults))
        self.faults = tuple(faults)


class StoreError(MonitorError):
    """The store cannot be used; what was committed stays, nothing is half done."""


class StoreMissing(StoreError):
    """There is no store at this address yet; reading commands create none."""


class ConcurrentChange(StoreError):
    """Rows were moved by another run since they were read; nothing of this transaction was written."""


class StoreLocked(StoreError):
    """Another process held the store for longer than we wait."""


class StoreNewer(StoreError):
    """The store was written by a newer release of the monitor."""


class StoreDamaged(StoreError):
    """The store fails its integrity check or is no store of ours."""


class StoreReadOnly(StoreError):
    """The store cannot be written: permission, read-only file system or a full disk."""


class BodyPruned(StoreError):
    """The bytes of a body were pruned, at `at` (aware, UTC); what was made of them may still be there."""

    def __init__(self, message: str, at: datetime) -> None:
        super().__init__(message)
        self.at = at


class LockHeld(MonitorError):
    """Another run holds the lock of this store."""


class FetchError(MonitorError):
    """A page could not be had. It says nothing about the trial."""


class FetchFailed(FetchError):
    """Network, TLS, deadline, or a cut, oversized or undecodable body. Trying later may help."""


class AddressRefused(FetchError):
    """The address is not one that this program may ask (scheme, host, port or private network)."""


class HostResting(FetchError):
    """A host asked for quiet or refused us; it is not asked again before `until` (aware, UTC)."""

    def __init__(self, host: str, status: int, until: datetime) -> None:
        super().__init__(f"{host} answered {status}; it is not asked again before {until:%Y-%m-%dT%H:%M:%SZ}")
        self.host = host
        self.status = status
        self.until = until


class NotARecord(MonitorError):
    """Bytes that do not prove to be the complete record asked for. `reasons` are sentences."""

    def __init__(self, reasons: Sequence[str]) -> None:
        super().__init__(" ".join(reasons))
        self.reasons = tuple(reasons)


class BadReference(MonitorError):
    """Text that names no trial we can follow."""


class SendError(MonitorError):
    """A message was not taken by its destination."""


class SendFailed(SendError):
    """Not taken for now. `retry_after` in seconds if the other side named it; `unknown` if it may have been taken.

    `unreached` if the other side could not be spoken to at all, whatever the message.
    """

    def __init__(
        self, message: str, *, retry_after: float | None = None, unknown: bool = False, unreached: bool = False
    ) -> None:
        super().__init__(message)
        self.retry_after = retry_after
        self.unknown = unknown
        self.unreached = unreached


class MessageRefused(SendError):
    """The other side rejects the message as it is written; it may take the same facts in another form."""


class RecipientRefused(MessageRefused):
    """The address takes no message of ours, however it is written."""


class DestinationDown(SendError):
    """Nothing will be taken there until a person acts: log-in refused, webhook removed."""
