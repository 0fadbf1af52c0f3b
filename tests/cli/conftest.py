"""The fixtures of terminal and of the nights that it goes on from, for every test in this folder."""

from night_runs import first_night, fresh_settings, ten_source
from terminal import smtp, terminal, two_published

__all__ = ["first_night", "fresh_settings", "smtp", "ten_source", "terminal", "two_published"]
