"""The URL of a mail destination, from what a person knows of their mail server. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal
from urllib.parse import quote, urlencode

from monitor.errors import UsageError

Security = Literal["starttls", "ssl", "none"]

PORTS: dict[Security, int] = {"starttls": 587, "ssl": 465, "none": 25}


@dataclass(frozen=True, slots=True, kw_only=True)
class MailAnswers:
    """`port` and `security` are settled; `user` None means that the server asks for no log-in."""

    host: str
    port: int
    security: Security
    sender: str
    recipients: Sequence[str]
    user: str | None = None
    password: str | None = field(default=None, repr=False)


def read_server(text: str, security: Security | None) -> tuple[str, int, Security]:
    """Host, port and security from "smtp.example.org:587"; what is not said follows from the rest.

    Port 465 speaks TLS at once, 25 is taken for a relay inside the house; every other port begins with STARTTLS.
    """
    host, _, given = (
        text.strip().rpartition(":") if text.strip().rpartition(":")[2].isdigit() else (text.strip(), "", "")
    )
    if not host or any(c.isspace() or c in "/@?#" for c in host):
        raise UsageError(f"{text!r} is no mail server. Write it as smtp.example.org or smtp.example.org:587.")
    if not given:
        chosen: Security = security or "starttls"
        return host, PORTS[chosen], chosen
    port = int(given)
    by_port: dict[int, Security] = {number: name for name, number in PORTS.items()}
    return host, port, security or by_port.get(port, "starttls")


def mail_url(answers: MailAnswers) -> str:
    """An Apprise URL with every part encoded."""
    scheme = "mailto" if answers.security == "none" else "mailtos"
    mode = "insecure" if answers.security == "none" else answers.security
    user = quote(answers.user, safe="") if answers.user else ""
    password = f":{quote(answers.password, safe='')}" if answers.user and answers.password else ""
    door = f"{user}{password}@" if user else ""
    query = urlencode({"from": answers.sender, "to": ",".join(answers.recipients), "mode": mode}, quote_via=quote)
    return f"{scheme}://{door}{answers.host}:{answers.port}?{query}"
