"""Invented words: no record has them, and no two of them are alike."""

from __future__ import annotations

VOCABULARY = (
    "ambrosil", "bractine", "coldevar", "dunmerol", "eskatine", "forlumab", "gravidex", "hestonil", "iverquin",
    "jaspurol", "kentovir", "lumpadex", "morgatin", "nuvexial", "orbitane", "pradusol", "quizamol", "rustipen",
    "solvanex", "tigmaron", "umbrolax", "vextanol", "wimberol", "xantrope", "yulfarin", "zephidol", "bluntory",
    "cherwick", "dwindale", "flockham", "grimsby", "hucknall", "jollyboat", "knapweed", "lodestar", "mudguard",
    "nightjar", "oakmoss", "pumphouse", "quarryman", "rivetgun", "sprocket", "tumbrel", "upstage", "viaduct",
    "whelk", "yardarm", "zinnwald", "gossamer", "thicket",
)  # fmt: skip
TOWNS = ("Drumlithie", "Quendorf", "Vasterholm", "Xicotepec", "Zbraslav", "Llanfynydd", "Hovdebygda", "Ipswichia")
COUNTRIES = ("Iceland", "Paraguay", "Mongolia", "Botswana", "Bhutan", "Fiji", "Malta", "Oman")
