"""Publish: the whole night becomes visible at once, or not at all."""

from nightdesk.desk import publication as publications
from nightdesk.desk.publication import Publication
from nightdesk.night.opening import Night
from nightdesk.night.published import content_hash


def publish(night: Night) -> tuple[Publication, bool]:
    """Move the pointer to this attempt; returns the publication and whether its content is new.

    Raises Refused when another run came first or the standing revision has a later cut-off.
    """
    digest = content_hash(night.settings, night.desk, night.attempt.attempt_id)
    return publications.publish(night.desk, night.attempt, digest)
