"""What a mail server's refusal of a log-in means, provider by provider. Pure."""

from __future__ import annotations

GMAIL = (
    "Google takes no account passwords here. Make an app password (myaccount.google.com/apppasswords, which needs"
    " 2-step verification) and put it into the URL; or use your organisation's mail relay."
)
MICROSOFT = (
    "Microsoft 365 has switched password log-in off. Ask your administrator for a relay that needs none (a connector"
    " for this machine's address), register an app (OAuth), or post to a Teams channel instead (workflows://)."
)
YAHOO = "Yahoo takes app passwords only: Account security, Generate app password; put that into the URL."
ICLOUD = "iCloud takes app passwords only: account.apple.com, App-Specific Passwords; put that into the URL."
ORDINARY = (
    "Check user and password in the destination's URL; characters such as @ / : % must be percent-encoded. Many"
    " providers want an app password in place of the account's."
)

_BY_HOST = (
    (("gmail.com", "googlemail.com", "google.com"), GMAIL),
    (("office365.com", "outlook.com", "hotmail.com", "live.com", "microsoft.com"), MICROSOFT),
    (("yahoo.com", "yahoodns.net", "aol.com"), YAHOO),
    (("me.com", "icloud.com", "mac.com"), ICLOUD),
)
_BY_WORDS = (
    (("application-specific password", "gsmtp", "support.google.com"), GMAIL),
    (("smtpclientauthentication is disabled", "basic authentication is disabled", "5.7.139", "outlook.com"), MICROSOFT),
)


def log_in_advice(host: str, answer: str) -> str:
    """What to do about a refused log-in at `host` that `answer` was given with."""
    said = answer.casefold()
    for words, advice in _BY_WORDS:
        if any(word in said for word in words):
            return advice
    name = host.casefold().rstrip(".")
    for domains, advice in _BY_HOST:
        if any(name == domain or name.endswith(f".{domain}") for domain in domains):
            return advice
    return ORDINARY
