"""Addresses that one reader takes to lead to a host that is allowed, and another to one that is not."""

from __future__ import annotations

from collections.abc import Iterator

SCHEMES = (
    "http", "HTTP", "https", "ftp", "ftps", "file", "FILE", "File", "gopher", "dict", "ldap", "ldaps", "tftp", "sftp",
    "smb", "unix", "http+unix", "jar", "netdoc", "source", "view-source", "javascript", "JaVaScRiPt", "data", "about",
    "chrome", "blob", "filesystem", "ws", "wss", "php", "phar", "expect", "ogg", "rsync", "ssh", "telnet", "imap",
)  # fmt: skip
PATHS = ("///etc/passwd", "/etc/passwd", "//localhost/etc/passwd", ":..", "//127.0.0.1/etc/passwd", "%2f%2f/etc/passwd")
LEADING = ("", " ", "\t", "\x00", "\x01", "\n", "\u00a0", "\u200b", "\ufeff")
_BETWEEN = {
    "user": "{good}@{evil}",
    "user and port": "{good}:443@{evil}",
    "user and password": "{good}:x@{evil}",
    "two at": "x@{good}@{evil}",
    "two at turned": "x@{evil}@{good}",
    "at as percent": "{good}%40{evil}",
    "backslash": "{evil}\\{good}",
    "backslash at": "{evil}\\@{good}",
    "backslash at turned": "{good}\\@{evil}",
    "slash as percent": "{evil}%2f{good}",
    "slash at": "{evil}/@{good}",
    "question at": "{evil}?@{good}",
    "question at turned": "{good}?@{evil}",
    "number sign at": "{evil}#@{good}",
    "number sign at turned": "{good}#@{evil}",
    "semicolon": "{good};@{evil}",
    "tab": "{good}\t@{evil}",
    "tab inside": "{evil}\t.{good}",
    "new line": "{good}\n@{evil}",
    "carriage return": "{good}\r\n@{evil}",
    "zero byte": "{evil}\x00.{good}",
    "zero byte as percent": "{evil}%00.{good}",
    "space": "{good} @{evil}",
    "space and host": "{good} {evil}",
    "two ports": "{evil}:80:443",
    "port of a name": "{evil}:{good}",
    "port zero": "{evil}:0",
    "port with sign": "{evil}:+443",
    "port padded": "{evil}:0000443",
    "port wide": "{evil}:４４３",
    "port too large": "{evil}:65979",
    "empty port": "{evil}:",
    "comma": "{evil},{good}",
    "wide slash": "{evil}／{good}",
    "division slash": "{evil}∕{good}",
    "fraction slash": "{evil}⁄{good}",
    "account of": "{evil}℀{good}",
    "wide at": "{good}＠{evil}",
    "wide colon": "{good}：@{evil}",
    "wide number sign": "{evil}＃{good}",
    "wide question": "{evil}？{good}",
    "below": "{good}.{evil}",
    "above": "{evil}.{good}",
    "one stop more": "{evil}..",
    "extra slashes": "/{evil}",
    "no slashes": "\\\\{evil}",
}


def urls(good: str, evil: str, path: str) -> Iterator[tuple[str, str]]:
    """(name, address): each mixes the host that is allowed with the one that must not be asked."""
    for name, form in _BETWEEN.items():
        yield name, f"https://{form.format(good=good, evil=evil)}{path}"
    yield "no scheme", f"//{evil}{path}"
    yield "one slash", f"https:/{evil}{path}"
    yield "backslashes", f"https:\\\\{evil}{path.replace('/', chr(92))}"
    yield "plain http", f"http://{evil}{path}"
    yield "http and our port", f"http://{evil}:443{path}"
    yield "another port", f"https://{evil}:8443{path}"
    yield "plain", f"https://{evil}{path}"
    yield "header", f"https://{good}{path}\r\nHost: {evil}\r\n\r\n"


def schemes() -> Iterator[tuple[str, str]]:
    """(name, address) that would read a file, run a script, or speak another protocol."""
    for scheme in SCHEMES:
        for path in PATHS:
            yield f"{scheme}{path}", f"{scheme}:{path}"
    for lead in LEADING[1:]:
        for scheme in ("file", "javascript", "source"):
            yield f"{lead!r} {scheme}", f"{lead}{scheme}:///etc/passwd"
