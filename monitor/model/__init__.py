"""The words of the domain as frozen values: record, change, watch, reading, version, alert, coverage, message."""
