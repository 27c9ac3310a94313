"""The recorded sources of an earlier demo, started again where its configuration expects them."""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

from monitor.demo import recorded
from monitor.demo.setting import CONFIG, is_ours
from monitor.demo.story import open_stage
from monitor.errors import UsageError


def serve_demo(folder: Path, say: Callable[[str], None], wait: Callable[[], None]) -> None:
    """Serve as on the last day, and take mail, until `wait` returns. Raises UsageError if that cannot be done."""
    config = folder / CONFIG
    if not is_ours(config):
        raise UsageError(f"There is no demo in {folder} yet. Run `trial-monitor demo` first.")
    parsed = tomllib.loads(config.read_text(encoding="utf-8"))
    registry_port = _port(parsed["sources"]["ctgov"]["base_url"])
    mirror_port = _port(parsed["sources"]["ctv"]["base_url"])
    mail_port = _port(parsed["destinations"]["team-mail"]["url"])
    try:
        with open_stage(registry_port=registry_port, mirror_port=mirror_port, mail_port=mail_port) as stage:
            recorded.turn_to(stage.registry, recorded.DAYS[-1])
            say(
                f"The recorded sources listen on ports {registry_port} and {mirror_port}, the mail server on\n"
                f"{mail_port}, all on this machine only. In another terminal:\n\n"
                f"  export TRIAL_MONITOR_CONFIG={config.absolute()}\n"
                "  trial-monitor check\n\n"
                "Control-C ends this."
            )
            wait()
    except OSError as error:
        raise UsageError(f"A port of the demo is in use ({error.strerror}). Is the demo served already?") from error


def _port(url: str) -> int:
    port = urlsplit(url).port
    if port is None:
        raise UsageError(f"{url} names no port; run `trial-monitor demo` again.")
    return port
