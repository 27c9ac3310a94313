"""`make pictures`: mails as Chromium shows them, on a phone and a desk, light and dark, into tests/reports/mail.

Made from the invented messages of tests/deliver. For people to look at; nothing is judged by them.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from html import escape
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final
from zoneinfo import ZoneInfo

from monitor.deliver.render import email
from monitor.model.message import DigestMessage, Head, Message, Occasion, Standing
from tests.deliver.told import CRITERION, ENROLLMENT, GONE, START, STATUS, digest, message, of_changes

TO: Final = Path(__file__).parents[1] / "reports" / "mail"
WIDTHS: Final = {"phone": 390, "desk": 800}
MODES: Final[Mapping[str, tuple[str, ...]]] = {"light": (), "dark": ("--force-dark-mode",)}
NOW: Final = datetime(2026, 2, 20, 7, 0, tzinfo=UTC)
_BROWSERS: Final = ("chromium", "chromium-browser", "google-chrome")
_QUIETLY: Final = ("--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--force-device-scale-factor=1")
_TALL: Final = 4_000


STOPPED: Final = message(replace(of_changes(STATUS, ENROLLMENT, CRITERION, START), unchanged=("outcomes",)))


def daily() -> Message:
    """A digest of a morning."""
    inside = (replace(STOPPED, code="7K2M-0412"), replace(GONE, code="9QRS-TVWX", thread="NCT04895709"))
    content = DigestMessage(
        messages=inside,
        occasion=Occasion.SCHEDULE,
        name="daily 08:00 Europe/Paris",
        standing=Standing(trials=157, checked=157, since=NOW - timedelta(hours=9), data_day="2026-02-19"),
        head=Head(digest="8f2a91bc04de77c1" * 4, records=163, at=NOW),
    )
    return replace(digest(*inside), content=content, created_at=NOW, timezone=ZoneInfo("Europe/Paris"))


def browser() -> str:
    found = next((path for name in _BROWSERS if (path := shutil.which(name))), None)
    if found is None:
        raise SystemExit("There is no Chromium here; Debian's package is named chromium.")
    return found


def height(page: Path, width: int) -> int:
    """How tall a page is at this width: another page, which holds it, says so in its title."""
    frame = page.with_name("frame.html")
    told = "document.title=this.contentDocument.documentElement.scrollHeight"
    style = f"width:{width}px;height:10px;border:0"
    source = escape(page.read_text(encoding="utf-8"))
    frame.write_text(f'<title></title><iframe style="{style}" srcdoc="{source}" onload="{told}"></iframe>')
    command = [browser(), *_QUIETLY, f"--window-size={width},{_TALL}", "--dump-dom", frame.as_uri()]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    title = re.search(r"<title>(\d+)</title>", said)
    if title is None:
        raise RuntimeError("the browser did not say how tall the page is")
    return int(title[1])


def picture(page: Path, name: str, width: str, mode: str) -> None:
    across = WIDTHS[width]
    to = TO / f"{name}-{width}-{mode}.png"
    size = f"--window-size={across},{height(page, across)}"
    command = [browser(), *_QUIETLY, *MODES[mode], size, f"--screenshot={to}", page.as_uri()]
    subprocess.run(command, capture_output=True, check=True)
    sys.stdout.write(f"{to.relative_to(TO.parents[2])}\n")


def main() -> None:
    TO.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory() as folder:
        page = Path(folder) / "mail.html"
        for name, message in (("change", STOPPED), ("digest", daily())):
            page.write_text(email.compose(message).html, encoding="utf-8")
            for width in WIDTHS:
                for mode in MODES:
                    picture(page, name, width, mode)


if __name__ == "__main__":
    main()
