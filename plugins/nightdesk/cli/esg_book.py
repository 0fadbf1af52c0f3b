"""nightdesk esg portfolio, disclosure: the review of the whole book, and its yearly tables."""

COMMANDS = ()
