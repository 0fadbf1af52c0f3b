"""What a night took, and the published nights before it, for the quality page."""

from dataclasses import asdict

from nightdesk.attempt.opening import Night
from nightdesk.desk.steps import NightCost, recent_costs, steps_of
from nightdesk.render.made_of import Cost
from nightdesk.steps import UP_TO_PUBLICATION

#: nights of the trend, this one counted
_NIGHTS = 30


def night_cost(night: Night) -> Cost:
    """The steps of a night's attempt up to its publication, and what the last published nights took up to theirs.

    A page cannot tell what its own rendering took; `export step` can.
    """
    with night.desk.connect() as connection:
        steps = [row for row in steps_of(connection, night.attempt.attempt_id) if row["step"] in UP_TO_PUBLICATION]
        nights = recent_costs(connection, night.attempt.profile, night.business_date, _NIGHTS - 1)
    done = [row for row in steps if row["status"] == "done"]
    if any(row["step"] == "publish" for row in done):
        nights.append(
            NightCost(
                business_date=night.business_date,
                seconds=sum(row["seconds"] for row in done),
                cpu_seconds=sum(row["cpu_seconds"] for row in done),
                peak_bytes=max(row["peak_bytes"] for row in done),
                spill_bytes=max(row["spill_bytes"] for row in done),
                written_bytes=sum(row["written_bytes"] for row in done),
            )
        )
    return Cost(steps=steps, nights=[asdict(cost) for cost in nights])
