"""The patterns of a mail: tables with inline style, 620 pixels wide; dark by media query and by Outlook's data-ogsc.

A mail reads with its style block stripped. Colours and sizes are those of the project's design notes: contrast is 5.0
or better in both schemes; nothing is told by colour alone.
"""

from __future__ import annotations

from typing import Final, LiteralString

_FONT: Final = "font-family:-apple-system,BlinkMacSystemFont,'Segoe UI',Roboto,Helvetica,Arial,sans-serif;"
_TABLE: Final = '<table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0"'
_WRAP: Final = "word-break:break-word;overflow-wrap:anywhere;"

_PHONE: Final = (
    "@media (max-width:619px){.pad{padding-left:18px!important;padding-right:18px!important}"
    ".h1{font-size:23px!important;line-height:29px!important}"
    ".btn,.btn tbody,.btn tr,.btn td{display:block!important;width:auto!important}.btn a{display:block!important}"
    ".gap{height:10px!important;width:100%!important}"
    ".cat{display:block!important;width:auto!important;padding-top:0!important;padding-bottom:0!important}"
    ".say{display:block!important;padding-top:1px!important}}"
)
_DARK: Final = (
    "@media (prefers-color-scheme:dark){.bg{background:#131618!important}.card{background:#1b1f22!important}"
    ".ink{color:#e8e6e0!important}.ink2{color:#bcc0c4!important}.ink3{color:#9aa0a7!important}"
    ".link{color:#8fc2f0!important}.line{border-color:#373d43!important}"
    ".critical{color:#ff9f8f!important}.criticalbar{background:#ff9f8f!important}"
    ".major{color:#efc071!important}.majorbar{background:#efc071!important}"
    ".minor{color:#a9c8e8!important}.minorbar{background:#a9c8e8!important}"
    ".administrative{color:#a3a9b0!important}.administrativebar{background:#a3a9b0!important}"
    ".new{background:#12384d!important;color:#c9e8fa!important}"
    ".old{background:#4b2615!important;color:#ffcfb8!important}"
    ".tag{background:#3b2d12!important;color:#efc071!important}"
    ".cta{background:#e8e6e0!important}.ctat{color:#131618!important}"
    ".fill{background:#7fb2e0!important}.rest{background:#2e3940!important}}"
)
_OUTLOOK: Final = (
    "[data-ogsc] .ink{color:#e8e6e0!important}[data-ogsc] .ink2{color:#bcc0c4!important}"
    "[data-ogsc] .ink3{color:#9aa0a7!important}[data-ogsc] .link{color:#8fc2f0!important}"
    "[data-ogsc] .critical{color:#ff9f8f!important}[data-ogsc] .major{color:#efc071!important}"
    "[data-ogsc] .minor{color:#a9c8e8!important}[data-ogsc] .administrative{color:#a3a9b0!important}"
    "[data-ogsc] .new{color:#c9e8fa!important}[data-ogsc] .old{color:#ffcfb8!important}"
    "[data-ogsb] .new{background:#12384d!important}[data-ogsb] .old{background:#4b2615!important}"
    "[data-ogsb] .card{background:#1b1f22!important}[data-ogsb] .bg{background:#131618!important}"
)

PAGE: Final[LiteralString] = (
    '<!doctype html><html lang="en" dir="ltr" xmlns:v="urn:schemas-microsoft-com:vml" '
    'xmlns:o="urn:schemas-microsoft-com:office:office"><head><meta charset="utf-8">'
    '<meta name="viewport" content="width=device-width, initial-scale=1">'
    '<meta name="x-apple-disable-message-reformatting">'
    '<meta name="format-detection" content="telephone=no,date=no,address=no,email=no">'
    '<meta name="color-scheme" content="light dark"><meta name="supported-color-schemes" content="light dark">'
    "<title>$title</title><!--[if mso]><xml><o:OfficeDocumentSettings><o:PixelsPerInch>96</o:PixelsPerInch>"
    "</o:OfficeDocumentSettings></xml><style>td,a,span{font-family:Arial,sans-serif!important}</style><![endif]-->"
    "<style>:root{color-scheme:light dark;supported-color-schemes:light dark}a{text-decoration:underline}"
    + _PHONE
    + _DARK
    + _OUTLOOK
    + '</style></head><body class="bg" style="margin:0;padding:0;background:#f5f4f0;-webkit-text-size-adjust:100%;">'
    '<div style="display:none;max-height:0;overflow:hidden;mso-hide:all;">$preview$filler</div>'
    '<div role="main" lang="en">'
    + _TABLE
    + ' class="bg" bgcolor="#f5f4f0" style="background:#f5f4f0;"><tr><td align="center" style="padding:16px 0 32px;">'
    '<!--[if mso]><table role="presentation" width="620" cellpadding="0" cellspacing="0" border="0"><tr><td>'
    "<![endif]-->"
    + _TABLE
    + ' style="max-width:620px;"><tr><td class="pad" style="padding:0 32px 10px;">'
    + _TABLE
    + "><tr>"
    '<td class="ink2" style="' + _FONT + 'font-size:14px;line-height:20px;font-weight:bold;color:#454c54;">'
    '&#8800;&nbsp; Trial Monitor</td><td class="ink3" align="right" style="'
    + _FONT
    + 'font-size:14px;line-height:20px;color:#5d646c;">$corner</td></tr></table></td></tr>'
    '<tr><td class="card" bgcolor="#fffffd" style="background:#fffffd;border-radius:6px;">'
    + _TABLE
    + '>$bar$card</table></td></tr><tr><td class="pad" style="padding:20px 32px 0;">$foot</td></tr></table>'
    "<!--[if mso]></td></tr></table><![endif]--></td></tr></table></div></body></html>"
)
FILLER: Final[LiteralString] = "&#847;&zwnj;&nbsp;" * 40  # keeps what follows the preview out of the inbox list

_STRIPE: Final = "font-size:0;line-height:5px;border-radius:6px 6px 0 0;"
STRIPE: Final[LiteralString] = (
    '<tr><td class="${kind}bar" bgcolor="$colour" height="5" style="background:$colour;'
    + _STRIPE
    + '">&nbsp;</td></tr>'
)
OPENING: Final[LiteralString] = (
    '<tr><td class="pad" style="padding:20px 32px 0;'
    + _WRAP
    + '"><p class="ink" style="margin:0;'
    + _FONT
    + 'font-size:16px;line-height:23px;color:#1c2024;">$text</p></td></tr>'
)
BLOCK: Final[LiteralString] = '<tr><td class="pad" style="padding:20px 32px 4px;' + _WRAP + '">$inside</td></tr>'
LABEL: Final[LiteralString] = (
    '<p class="ink2" style="margin:0 0 6px;' + _FONT + "font-size:15px;line-height:22px;font-weight:bold;"
    'color:#454c54;">$text</p>'
)
H1: Final[LiteralString] = (
    '<h1 class="h1 ink" style="margin:0;' + _FONT + "font-size:27px;line-height:33px;font-weight:bold;color:#1c2024;"
    'letter-spacing:-.3px;">$mark$lines</h1>'
)
MARK: Final[LiteralString] = '<span class="$kind" role="img" aria-label="$kind" style="color:$colour;">$mark</span>'
SAY: Final[LiteralString] = (
    '<p class="ink2" style="margin:10px 0 0;' + _FONT + 'font-size:18px;line-height:27px;color:#454c54;">$text</p>'
)
NOTE: Final[LiteralString] = (
    '<p class="ink2" style="margin:8px 0 0;' + _FONT + 'font-size:15px;line-height:22px;color:#454c54;">$text</p>'
)
STRONG: Final[LiteralString] = '<b class="ink" style="color:#1c2024;">$text</b>'
OLD: Final[LiteralString] = (
    '<span class="old" style="background:#f7ded0;color:#76280c;text-decoration:line-through;">$text</span>'
)
NEW: Final[LiteralString] = (
    '<span class="new" style="background:#d2e8f3;color:#0a3a56;text-decoration:underline;">$text</span>'
)
TAG: Final[LiteralString] = (
    ' <span class="tag" style="background:#faeed6;color:#744600;font-size:13px;font-weight:bold;'
    'white-space:nowrap;">&nbsp;$text&nbsp;</span>'
)
IDENTITY: Final[LiteralString] = (
    '<tr><td class="pad" style="padding:16px 32px 4px;"><table role="presentation" width="100%" cellpadding="0" '
    'cellspacing="0" border="0"><tr><td class="line" style="border-top:2px solid #d6d3ca;padding-top:12px;'
    + _WRAP
    + '"><p class="ink3" style="margin:0;'
    + _FONT
    + 'font-size:13px;line-height:20px;color:#5d646c;">$facts</p>$title</td></tr></table></td></tr>'
)
TITLE: Final[LiteralString] = (
    '<p class="ink" style="margin:2px 0 0;' + _FONT + 'font-size:15px;line-height:22px;color:#1c2024;">$title</p>'
)
LIST: Final[LiteralString] = (
    '<tr><td class="pad" style="padding:14px 32px 0;"><h2 class="ink2" style="margin:0 0 2px;'
    + _FONT
    + "font-size:14px;"
    'line-height:20px;font-weight:bold;color:#454c54;">$heading</h2>' + _TABLE + ">$rows</table></td></tr>"
)
ROW: Final[LiteralString] = (
    '<tr><td class="line" width="26" valign="top" style="${rule}padding:10px 6px 10px 0;' + _FONT + "font-size:17px;"
    'line-height:22px;">$mark</td><td class="line" valign="top" style="${rule}padding:10px 0;">' + _TABLE + "><tr>"
    '<td class="cat ink3" width="88" valign="top" style="padding-right:8px;'
    + _FONT
    + "font-size:13px;line-height:22px;"
    'color:#5d646c;">$word</td><td class="say ink" valign="top" style="' + _WRAP + _FONT + "font-size:16px;"
    'line-height:23px;color:#1c2024;">$said</td></tr></table></td></tr>'
)
RULE: Final[LiteralString] = "border-top:1px solid #e8e5dd;"
PLAIN_ROW: Final[LiteralString] = (
    '<tr><td class="line ink" style="${rule}padding:10px 0;' + _WRAP + _FONT + "font-size:16px;line-height:23px;"
    'color:#1c2024;">$said</td></tr>'
)
VALUES: Final[LiteralString] = (
    '<p class="ink2" style="margin:4px 0 0;'
    + _WRAP
    + _FONT
    + 'font-size:14px;line-height:21px;color:#454c54;">$text</p>'
)
SMALL: Final[LiteralString] = (
    '<p class="ink3" style="margin:4px 0 0;'
    + _WRAP
    + _FONT
    + 'font-size:13px;line-height:20px;color:#5d646c;">$text</p>'
)
SHARE: Final[LiteralString] = (
    _TABLE
    + ' style="margin-top:8px;max-width:360px;"><tr>$cells</tr><tr><td colspan="2" class="ink2" style="'
    + _FONT
    + 'font-size:13px;line-height:20px;color:#454c54;">$words</td></tr></table>'
)
FILL: Final[LiteralString] = (
    '<td class="fill" bgcolor="#20527f" width="$share%" height="12" style="background:#20527f;font-size:0;'
    'line-height:12px;">&nbsp;</td>'
)
REST: Final[LiteralString] = (
    '<td class="rest" bgcolor="#dfe4e8" width="$share%" height="12" style="background:#dfe4e8;font-size:0;'
    'line-height:12px;">&nbsp;</td>'
)
ASIDE: Final[LiteralString] = (
    '<tr><td class="pad" style="padding:6px 32px 0;'
    + _WRAP
    + '"><p class="ink3" style="margin:0;'
    + _FONT
    + 'font-size:14px;line-height:21px;color:#5d646c;">$text</p></td></tr>'
)
BUTTONS: Final[LiteralString] = (
    '<tr><td class="pad" style="padding:18px 32px 28px;"><table role="presentation" class="btn" cellpadding="0" '
    'cellspacing="0" border="0"><tr>$buttons</tr></table></td></tr>'
)
FIRST_BUTTON: Final[LiteralString] = (
    '<td class="cta" bgcolor="#1c2024" align="center" style="background:#1c2024;border-radius:5px;">'
    '<a class="ctat" href="$url" style="display:inline-block;' + _FONT + "font-size:16px;line-height:20px;"
    'font-weight:bold;color:#ffffff;text-decoration:none;padding:13px 20px;">$text</a></td>'
)
GAP: Final[LiteralString] = '<td class="gap" width="12" style="font-size:0;line-height:0;">&nbsp;</td>'
BUTTON: Final[LiteralString] = (
    '<td class="line" align="center" style="border:1px solid #d6d3ca;border-radius:5px;">'
    '<a class="link" href="$url" style="display:inline-block;' + _FONT + "font-size:16px;line-height:20px;"
    'color:#0b4f8a;text-decoration:none;padding:12px 18px;">$text</a></td>'
)
LINK: Final[LiteralString] = '<a class="link" href="$url" style="color:#0b4f8a;">$text</a>'
SPACE: Final[LiteralString] = '<tr><td height="24" style="font-size:0;line-height:24px;">&nbsp;</td></tr>'
FOOT: Final[LiteralString] = (
    '<p class="ink3" style="margin:0 0 6px;'
    + _WRAP
    + _FONT
    + 'font-size:13px;line-height:19px;color:#5d646c;">$text</p>'
)
COLOURS: Final = {"critical": "#9a1b0f", "major": "#744600", "minor": "#2c4d70", "administrative": "#5a616a"}
