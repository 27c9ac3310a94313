"""Which addresses are not public, written down a second time: the judge must not share a mistake with what it judges.

Source: the IANA IPv4 and IPv6 Special-Purpose Address Registries, with the multicast ranges, site-local addresses and
the IPv6 space that nobody was given. See https://www.iana.org/assignments/iana-ipv4-special-registry and its sister.
"""

from __future__ import annotations

from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from random import Random
from typing import Final

FOUR: Final = tuple(
    map(
        IPv4Network,
        [
            "0.0.0.0/32", "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "127.0.0.1/32", "169.254.0.0/16",
            "169.254.169.254/32", "172.16.0.0/12", "192.0.0.0/24", "192.0.0.0/29", "192.0.0.8/32", "192.0.0.9/32",
            "192.0.0.10/32", "192.0.0.170/32", "192.0.0.171/32", "192.0.2.0/24", "192.31.196.0/24", "192.52.193.0/24",
            "192.88.99.0/24", "192.168.0.0/16", "192.175.48.0/24", "198.18.0.0/15", "198.51.100.0/24",
            "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4", "255.255.255.255/32",
        ],
    )
)  # fmt: skip
SIX: Final = tuple(
    map(
        IPv6Network,
        [
            "::1/128", "::/128", "64:ff9b:1::/48", "100::/64", "100:0:0:1::/64", "2001::/32", "2001:1::1/128",
            "2001:1::2/128", "2001:1::3/128", "2001:2::/48", "2001:3::/32", "2001:4:112::/48", "2001:10::/28",
            "2001:20::/28", "2001:30::/28", "2001::/23", "2001:db8::/32", "2002::/16", "2620:4f:8000::/48",
            "3fff::/20", "4000::/3", "5f00::/16", "6000::/3", "8000::/2", "fc00::/7", "fe80::/10", "fec0::/10",
            "ff00::/8",
        ],
    )
)  # fmt: skip
_GIVEN_OUT: Final = IPv6Network("2000::/3")
_MAPPED: Final = IPv6Network("::ffff:0:0/96")
_NAT64: Final = IPv6Network("64:ff9b::/96")
ALL: Final[tuple[IPv4Network | IPv6Network, ...]] = (*FOUR, *SIX)
PUBLIC: Final = ("8.8.8.8", "1.1.1.1", "130.14.29.110", "2606:4700::1111", "2600::1")


def special(text: str) -> bool:
    """True unless the text is an address, in a resolver's notation, that lies on the public Internet."""
    try:
        address = ip_address(text)
    except ValueError:
        return True
    if isinstance(address, IPv4Address):
        return any(address in network for network in FOUR)
    if address.scope_id is not None:
        return True
    if address in _MAPPED or address in _NAT64:
        return special(str(IPv4Address(address.packed[-4:])))
    return address not in _GIVEN_OUT or any(address in network for network in SIX)


def sample(network: IPv4Network | IPv6Network, word: str) -> IPv4Address | IPv6Address:
    """One address of a range, always the same for one word: its first, its last, or one in between."""
    chance = Random(f"{network} {word}")
    last = network.num_addresses - 1
    return network[chance.choice((0, last, chance.randint(0, last)))]
