"""The steps of a night, in one place and in one order: the ledger, the DAG, progress and the quality page go by it."""

#: the computed layers, in the order in which a night builds them
COMPUTED = ("features", "warnings", "tiers", "esg", "care", "tasks")
#: what an attempt does until its result is visible: a failure in one of these ends the attempt
UP_TO_PUBLICATION = ("extract", "check", *COMPUTED, "publish")
#: all of a night; the last two read what is published and may be done in parts, a chunk of branches each
STEPS = (*UP_TO_PUBLICATION, "render", "send")
