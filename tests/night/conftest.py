"""The fixtures of night_runs, for every test in this folder."""

from night_runs import copy_of, eve, fresh_settings, published_eve, two_nights

__all__ = ["copy_of", "eve", "fresh_settings", "published_eve", "two_nights"]
