"""The bank's source: any SQLAlchemy URL, mapped to the contract by one SELECT per table."""

from nightdesk.source.bank import Source, open_source
from nightdesk.source.moment import Moment
from nightdesk.source.portable import day_of
from nightdesk.source.selection import Selection

__all__ = ["Moment", "Selection", "Source", "day_of", "open_source"]
