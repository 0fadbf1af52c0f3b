"""The fixtures of night_runs, for every test in this folder."""

from night_runs import copy_of, eve, first_night, fresh_settings, ten_source, two_nights

__all__ = ["copy_of", "eve", "first_night", "fresh_settings", "ten_source", "two_nights"]
