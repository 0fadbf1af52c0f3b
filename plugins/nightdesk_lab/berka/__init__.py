"""The PKDD'99 Czech bank as a source: its raw files in a database, for the profile `berka` to map."""

from nightdesk_lab.berka.loader import load

__all__ = ["load"]
