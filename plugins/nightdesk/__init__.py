"""Nightdesk (晨单): overnight monitoring of a bank's branch VIP and project-finance clients."""

__version__ = "0.1.0"
