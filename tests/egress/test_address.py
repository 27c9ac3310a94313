from __future__ import annotations

import ipaddress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.egress.address import is_public

# First and last address of each special range of the IANA registries, and neighbours that are public.
SPECIAL = [
    "0.0.0.1", "0.255.255.255", "10.0.0.0", "10.255.255.255", "100.64.0.0", "100.127.255.255", "127.0.0.1",
    "127.255.255.255", "169.254.0.0", "169.254.169.254", "172.16.0.0", "172.31.255.255", "192.0.0.1", "192.0.0.255",
    "192.0.2.7", "192.31.196.1", "192.52.193.1", "192.88.99.1", "192.168.0.0", "192.168.255.255", "192.175.48.1",
    "198.18.0.0", "198.19.255.255", "198.51.100.1", "203.0.113.1", "224.0.0.1", "239.255.255.255", "240.0.0.1",
    "255.255.255.255",
    "::", "::1", "::2", "64:ff9b:1::1", "100::1", "100:0:0:1::1", "2001::1", "2001:2::1", "2001:10::1", "2001:20::1",
    "2001:1ff:ffff::1", "2001:db8::1", "2002:7f00:1::", "2002:808:808::", "2620:4f:8000::1", "3fff::1", "3fff:fff::1",
    "5f00::1", "fc00::1", "fdff::1", "fe80::1", "febf::1", "fec0::1", "ff02::1", "::ffff:127.0.0.1", "::ffff:10.1.2.3",
    "::127.0.0.1", "::8.8.8.8", "64:ff9b::127.0.0.1", "64:ff9b::10.0.0.1", "4000::1",
]  # fmt: skip
PUBLIC = [
    "1.0.0.0", "9.255.255.255", "11.0.0.0", "100.63.255.255", "100.128.0.0", "126.255.255.255", "128.0.0.0",
    "169.253.255.255", "169.255.0.0", "172.15.255.255", "172.32.0.0", "192.0.1.0", "192.167.255.255", "192.169.0.0",
    "198.17.255.255", "198.20.0.0", "223.255.255.255", "8.8.8.8", "130.14.29.110",
    "2600::1", "2001:4860:4860::8888", "2a00:1450::1", "2001:200::1", "2003::1", "::ffff:8.8.8.8", "64:ff9b::8.8.8.8",
]  # fmt: skip
NOTATIONS = [
    "2130706433", "0x7f000001", "0x7f.0.0.1", "0177.0.0.1", "127.1", "127.0.1", "017700000001", "127.0.0.1.",
    " 127.0.0.1", "127.0.0.1 ", "127.0.0.1\n", "[::1]", "fe80::1%eth0", "2600::1%eth0", "::ffff:7f00:1%1", "localhost",
    "", ".", "8.8.8", "8.8.8.8/32", "0x08080808", "８.8.8.8", "①27.0.0.1", "8.8.8.8\x00", "1.2.3.4.5", "08.8.8.8",
]  # fmt: skip


@pytest.mark.parametrize("address", SPECIAL)
def test_special_addresses_are_not_public(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", PUBLIC)
def test_other_addresses_are_public(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize("text", NOTATIONS)
def test_only_the_notation_of_resolvers_counts_as_an_address(text: str) -> None:
    assert not is_public(text)


@given(st.ip_addresses(v=4))
def test_every_ipv6_form_of_an_address_is_judged_like_the_address_or_refused(address: ipaddress.IPv4Address) -> None:
    direct = is_public(str(address))
    assert is_public(f"::ffff:{address}") is direct
    assert is_public(f"64:ff9b::{address}") is direct
    assert not is_public(str(ipaddress.IPv6Address(b"\x20\x02" + address.packed + bytes(10))))


@given(st.ip_addresses())
def test_nothing_that_python_knows_as_private_or_reserved_is_public(address: ipaddress.IPv4Address) -> None:
    known = address.is_private or address.is_multicast or address.is_reserved or address.is_unspecified
    if known and not str(address).startswith(("64:ff9b::", "::ffff:")):
        assert not is_public(str(address))
