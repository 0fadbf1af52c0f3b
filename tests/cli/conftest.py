"""The fixtures of terminal, for every test in this folder."""

from terminal import smtp, terminal, two_published

__all__ = ["smtp", "terminal", "two_published"]
