"""The schema's history. Append-only: a migration that was released is never edited."""
