"""The fixtures of night_runs, for every test in this folder."""

from night_runs import (
    copy_of,
    deciding_night,
    eve,
    first_night,
    fresh_settings,
    mailing_night,
    night_of,
    reviewing_night,
    second_night,
    ten_source,
    two_nights,
)

__all__ = [
    "copy_of",
    "deciding_night",
    "eve",
    "first_night",
    "fresh_settings",
    "mailing_night",
    "night_of",
    "reviewing_night",
    "second_night",
    "ten_source",
    "two_nights",
]
