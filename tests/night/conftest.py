"""The fixtures of night_runs, for every test in this folder."""

from night_runs import fresh_settings, two_nights

__all__ = ["fresh_settings", "two_nights"]
