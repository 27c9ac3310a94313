"""How a mailto(s):// URL says that mail is to be sent, as Apprise reads it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeAlias

from monitor.deliver.redact import Secret

if TYPE_CHECKING:
    from monitor.deliver.apprise_channel import Plugin

Mode: TypeAlias = Literal["starttls", "ssl", "insecure"]


@dataclass(frozen=True, slots=True, kw_only=True)
class MailRoute:
    """Where and as whom to send. `names` gives the display name of an address, where the URL has one."""

    host: str
    port: int
    mode: Mode
    user: str | None
    password: Secret | None
    sender: str
    sender_name: str
    names: tuple[tuple[str, str], ...] = ()
    reply_to: tuple[str, ...] = ()

    @classmethod
    def of(cls, plugin: Plugin) -> MailRoute:
        """From Apprise's own reading of the URL."""
        name, sender = plugin.from_addr
        mode: Mode = plugin.secure_mode
        return cls(
            host=plugin.smtp_host,
            port=plugin.port,
            mode=mode,
            user=plugin.user or None,
            password=Secret(plugin.password) if plugin.password else None,
            sender=sender,
            sender_name=name or "Trial Monitor",
            names=tuple((address, shown) for shown, address in plugin.targets if shown),
            reply_to=tuple(sorted(plugin.reply_to)),
        )

    @property
    def domain(self) -> str:
        """Of the sender: what Message-IDs end in."""
        return self.sender.rpartition("@")[2]

    def name_of(self, address: str) -> str:
        return dict(self.names).get(address, "")
