"""The configuration that the demo runs with, and leaves behind."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from monitor.demo.recorded import CD5_PAGE, CD7_PAGE, mirrored_slug
from monitor.demo.registry import RecordedRegistry

CONFIG = "monitor.toml"
READERS = "team@example.org"
OPERATOR = "operator@example.org"
SLACK_TOKENS = "T0DEMO000/B0DEMO000/notARealTokenOfSlack0000"
_PRIVATE_FILE = 0o600

_SLACK = f"""
[destinations.team-slack]
url = "slack://{SLACK_TOKENS}/#trials"
allow_private_addresses = true
"""

_NO_SLACK = """
# In the demo the messages also went to Slack's own plugin, pointed at a server of the demo. That destination is left
# out here, because any other command would call Slack itself.
"""

_FIRST_WORDS = "# Written by `trial-monitor demo`."
_TEXT = (
    _FIRST_WORDS
    + """ Everything here points at servers of the demo on this machine; they run while
# `trial-monitor demo` or `trial-monitor demo --serve` runs. The store beside this file can be looked at any time.
timezone = "UTC"

[store]
url = "sqlite:///monitor.db"

[sources.ctgov]
base_url = "{ctgov_url}"
requests_per_second = 0
allow_private_addresses = true

[sources.ctv]
base_url = "{ctv_url}"
requests_per_second = 0
allow_private_addresses = true

[checks]
every = "6h"

[destinations.team-mail]
url = "mailto://127.0.0.1:{mail_port}?from=monitor@example.org&to={readers}"
allow_private_addresses = true

[destinations.operator]
url = "mailto://127.0.0.1:{mail_port}?from=monitor@example.org&to={operator}"
allow_private_addresses = true
{slack}
[[rules]]
to = [{to}]

[operator]
to = ["operator"]

[[watches]]
ref = "NCT07011550"
tags = ["colorectal"]
label = "BMS-986340 in colorectal cancer"

[[watches]]
ref = "NCT04895709"
tags = ["solid-tumours"]
label = "BMS-986340 in solid tumours"

[[watches]]
ref = "NCT05414032"
tags = ["residual-disease"]

[[watches]]
ref = "NCT06302556"
tags = ["lung"]

[[watches]]
ref = "NCT07099898"
tags = ["lung", "b7-h3"]

[[watches]]
ref = "NCT07227597"
tags = ["lung", "b7-h3"]

# A page of ClinicalTrials.Veeva. It names NCT07268053, so the registry's record is followed too.
[[watches]]
ref = "https://ctv.veeva.com/study/{mirrored}"
tags = ["b7-h3", "brain"]
label = "B7-H3 ADC in glioma"

# Two pages whose registry records were not recorded; so the pages alone are followed.
[[watches]]
ref = "https://ctv.veeva.com/study/{cd7}"
tags = ["car-t"]
label = "CD7 CAR-T, Soochow"
source = "page"

[[watches]]
ref = "https://ctv.veeva.com/study/{cd5}"
tags = ["car-t"]
label = "CD5 CAR-T, Capital Medical"
source = "page"
"""
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Addresses:
    """Where the demo's servers listen."""

    ctgov_url: str
    ctv_url: str
    mail_port: int

    @classmethod
    def of(cls, registry: RecordedRegistry, mail_port: int) -> Addresses:
        return cls(ctgov_url=registry.ctgov_url, ctv_url=registry.ctv_url, mail_port=mail_port)


def config_text(addresses: Addresses, *, slack: bool) -> str:
    """The configuration as TOML, with or without the Slack destination."""
    destinations = ["team-mail", "team-slack"] if slack else ["team-mail"]
    return _TEXT.format(
        ctgov_url=addresses.ctgov_url,
        ctv_url=addresses.ctv_url,
        mail_port=addresses.mail_port,
        readers=READERS,
        operator=OPERATOR,
        slack=_SLACK if slack else _NO_SLACK,
        to=", ".join(f'"{name}"' for name in destinations),
        mirrored=mirrored_slug(),
        cd7=CD7_PAGE,
        cd5=CD5_PAGE,
    )


def is_ours(path: Path) -> bool:
    """True if `path` is a configuration that a demo wrote."""
    return path.is_file() and path.read_text(encoding="utf-8").startswith(_FIRST_WORDS)


def write_config(path: Path, addresses: Addresses, *, slack: bool) -> None:
    """Write the configuration; it names destinations, so only its owner may read it."""
    path.touch(mode=_PRIVATE_FILE)
    path.chmod(_PRIVATE_FILE)
    path.write_text(config_text(addresses, slack=slack), encoding="utf-8")
