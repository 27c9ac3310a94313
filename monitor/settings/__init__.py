"""The configuration: one TOML file and the environment, read once and strictly into frozen values."""

from monitor.settings.reading import find, load

__all__ = ["find", "load"]
