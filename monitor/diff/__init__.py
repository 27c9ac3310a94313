"""What changed between two versions of a record: found, aligned, judged and said. Pure."""

COMPARER_VERSION = 2
