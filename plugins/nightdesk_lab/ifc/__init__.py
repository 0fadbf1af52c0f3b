"""The investment projects that IFC has disclosed as a source: their file in a database, for the profile `ifc`."""

from nightdesk_lab.ifc.loader import load

__all__ = ["load"]
