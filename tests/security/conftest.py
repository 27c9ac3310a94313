"""The program within the process of the tests, as its other tests call it."""

from tests.cli.conftest import call

__all__ = ["call"]
