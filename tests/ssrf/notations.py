"""How one address can be written, so that some reader takes it for another or for none."""

from __future__ import annotations

from functools import cache
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network

from tests.ssrf.ranges import ALL, sample

_WIDE = str.maketrans("0123456789.", "０１２３４５６７８９．")
_CIRCLED = str.maketrans("123456789", "①②③④⑤⑥⑦⑧⑨")
_MATHS = str.maketrans("0123456789", "𝟎𝟏𝟐𝟑𝟒𝟓𝟔𝟕𝟖𝟗")


@cache
def hosts() -> tuple[tuple[str, str], ...]:
    """(range and notation, a host as it stands in a URL) for every special range in every notation."""
    return tuple(
        (f"{network} {how}", written(network, how))
        for network in ALL
        for how in (FOUR_FORMS if isinstance(network, IPv4Network) else SIX_FORMS)
    )


def written(network: IPv4Network | IPv6Network, how: str) -> str:
    address = sample(network, how)
    return four(address)[how] if isinstance(address, IPv4Address) else six(address)[how]


def four(address: IPv4Address) -> dict[str, str]:
    """Every notation of an IPv4 address, by name."""
    return {**_numbers(address), **_signs(str(address)), **_within_six(address)}


def _numbers(address: IPv4Address) -> dict[str, str]:
    octets, number = list(address.packed), int(address)
    a, b, c, d = octets
    return {
        "decimal": str(number),
        "hex": f"0x{number:x}",
        "hex upper": f"0X{number:08X}",
        "octal": f"0{number:o}",
        "octal long": f"{number:0>22o}",
        "hex octets": ".".join(f"0x{octet:x}" for octet in octets),
        "octal octets": ".".join(f"0{octet:o}" for octet in octets),
        "mixed octets": f"0x{a:x}.0{b:o}.{c}.0x{d:x}",
        "padded": ".".join(f"{octet:03}" for octet in octets),
        "padded long": f"{a}.{b}.{c}.{d:0>12o}",
        "three parts": f"{a}.{b}.{number & 0xFFFF}",
        "two parts": f"{a}.{number & 0xFFFFFF}",
        "two parts hex": f"0x{a:x}.0x{number & 0xFFFFFF:x}",
        "too large": str(number + 2**32),
        "octets too large": ".".join(str(octet + 256) for octet in octets),
    }


def _signs(plain: str) -> dict[str, str]:
    return {
        "dotted": plain,
        "trailing dot": f"{plain}.",
        "two trailing dots": f"{plain}..",
        "trailing space": f"{plain}%20",
        "zero byte": f"{plain}%00",
        "zero byte and name": f"{plain}%00.registry.example",
        "percent": "".join(f"%{ord(sign):02x}" for sign in plain),
        "percent dots": plain.replace(".", "%2e"),
        "wide": plain.translate(_WIDE),
        "circled": plain.translate(_CIRCLED),
        "mathematical": plain.translate(_MATHS),
        "ideographic stops": plain.replace(".", "。"),
        "half-width stops": plain.replace(".", "｡"),
        "soft hyphen": plain.replace(".", ".\u00ad", 1),
        "zero-width": plain.replace(".", "\u200b.", 1),
        "plus": f"+{plain}",
        "name of the address": f"{plain}.nip.example",
        "name that leads there": f"leads-to-{plain.replace('.', '-')}.example",
    }


def _within_six(address: IPv4Address) -> dict[str, str]:
    plain, number = str(address), int(address)
    high, low = f"{number >> 16:x}", f"{number & 0xFFFF:x}"
    return {
        "bracketed": f"[{plain}]",
        "mapped": f"[::ffff:{plain}]",
        "mapped hex": f"[::ffff:{high}:{low}]",
        "mapped whole": f"[0:0:0:0:0:FFFF:{high}:{low}]",
        "mapped zone": f"[::ffff:{plain}%251]",
        "compatible": f"[::{plain}]",
        "translated": f"[::ffff:0:{plain}]",
        "6to4": f"[2002:{high}:{low}::1]",
        "Teredo": f"[2001:0:808:808::{(number >> 16) ^ 0xFFFF:x}:{(number & 0xFFFF) ^ 0xFFFF:x}]",
        "NAT64": f"[64:ff9b::{plain}]",
        "NAT64 hex": f"[64:ff9b::{high}:{low}]",
        "NAT64 local": f"[64:ff9b:1::{high}:{low}]",
        "ISATAP": f"[fe80::5efe:{high}:{low}]",
    }


def six(address: IPv6Address) -> dict[str, str]:
    """Every notation of an IPv6 address, by name."""
    tail = IPv4Address(address.packed[-4:])
    head = address.exploded.rpartition(":")[0].rpartition(":")[0]
    return {
        "short": f"[{address}]",
        "long": f"[{address.exploded}]",
        "upper": f"[{address.exploded.upper()}]",
        "embedded": f"[{head}:{tail}]",
        "zone": f"[{address}%lo]",
        "zone number": f"[{address}%251]",
        "zone percent": f"[{address}%25lo]",
        "percent": f"[{str(address).replace(':', '%3a')}]",
        "bare": str(address),
        "wide": f"[{address.exploded.translate(_WIDE)}]",
        "future": f"[v6.{address}]",
        "name that leads there": f"leads-to-{address.exploded.replace(':', '-')}.example",
    }


FOUR_FORMS = tuple(four(IPv4Address("127.0.0.1")))
SIX_FORMS = tuple(six(IPv6Address("::1")))


def leads_to(name: str) -> str | None:
    """The address that a "name that leads there" leads to: what a resolver of the attacker's answers."""
    if not (name.startswith("leads-to-") and name.endswith(".example")):
        return None
    parts = name.removeprefix("leads-to-").removesuffix(".example").split("-")
    return (":" if len(parts) > len("four") else ".").join(parts)
