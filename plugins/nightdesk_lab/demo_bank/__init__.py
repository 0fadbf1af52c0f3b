"""The demo bank: an invented bank with stories and dirt, in any SQLAlchemy database."""

from nightdesk_lab.demo_bank.generate import Summary, generate

__all__ = ["Summary", "generate"]
