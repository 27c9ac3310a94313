"""Handing messages over: composing them, and the ways to mailboxes, Slack and everything else Apprise reaches."""
