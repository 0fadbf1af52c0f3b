"""The 123 small firms of CUMCM 2020 (problem C) as a source: their raw files in a database, for the profile `cumcm`."""

from nightdesk_lab.cumcm.loader import load

__all__ = ["load"]
