"""Where a destination's name may lead."""

from __future__ import annotations

import socket
from typing import Any

import pytest

from monitor.deliver.reach import addresses_of
from monitor.errors import DestinationDown


def leads_to(monkeypatch: pytest.MonkeyPatch, *addresses: str) -> None:
    """Every name has these addresses, in this order."""

    def resolve(_host: str, port: int, **_: Any) -> list[Any]:
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port)) for address in addresses]

    monkeypatch.setattr(socket, "getaddrinfo", resolve)


@pytest.mark.parametrize("addresses", [("10.0.0.1", "8.8.8.8"), ("8.8.8.8", "10.0.0.1")])
def test_one_private_address_among_public_ones_is_enough_to_refuse(
    monkeypatch: pytest.MonkeyPatch, addresses: tuple[str, ...]
) -> None:
    leads_to(monkeypatch, *addresses)
    with pytest.raises(DestinationDown, match=r"10\.0\.0\.1"):
        addresses_of("mail.example", 25, allow_private=False)
    assert addresses_of("mail.example", 25, allow_private=True) == addresses


def test_a_name_that_leads_outside_may_be_reached(monkeypatch: pytest.MonkeyPatch) -> None:
    leads_to(monkeypatch, "8.8.8.8", "8.8.8.8")
    assert addresses_of("mail.example", 25, allow_private=False) == ("8.8.8.8",)
