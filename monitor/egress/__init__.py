"""The one way out to the watched sites: polite, bounded, and only to addresses that were configured."""
