"""The fixtures of terminal and of the nights that it goes on from, for every test in this folder."""

from night_runs import copy_of, first_night, fresh_settings, second_night, ten_source
from terminal import smtp, terminal, two_published

__all__ = [
    "copy_of",
    "first_night",
    "fresh_settings",
    "second_night",
    "smtp",
    "ten_source",
    "terminal",
    "two_published",
]
