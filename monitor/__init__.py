"""Watches clinical-trial records, finds what changed, and tells people."""

__version__ = "0.1.0"
