"""The challenger of a published night: learned from the offers that night knew, tried on the later of them."""

import datetime

from nightdesk.challenger.judging import drift, judge
from nightdesk.challenger.learning import known_by, learn
from nightdesk.challenger.reasons import reasons
from nightdesk.policy import policy
from nightdesk.reading.published_night import PublishedNight
from nightdesk.render.challenger_figures import Beside, ChallengerInput


def challenger_input(night: PublishedNight) -> ChallengerInput:
    """Train and try the challenger on what a published night knew.

    One model learns from what was answered by the day `later_days` before the youngest settled offer, and is judged on
    what was offered after that day; another learns from all, and is shown beside the rule's offers of that night.
    Raises Refused where there is too little to learn from or to try it on.
    """
    day = night.publication.business_date
    settings = {
        str(row["setting"]): float(str(row["value"]))
        for row in policy(night.night.profile.name)["challenger_setting"].effective(day)
    }
    rows = sorted(night.inputs.ask("tasks_challenging.offer_known"), key=lambda row: (row["as_of"], row["row_key"]))
    offers = [row for row in rows if not row["is_tonight"]]
    tonight = [row for row in rows if row["is_tonight"]]
    settled = day - datetime.timedelta(days=int(settings["settle_days"]))
    tried_on = settled - datetime.timedelta(days=int(settings["later_days"]))
    now = learn(offers, day, settings)
    tried = learn(offers, tried_on, settings)
    made_since = [row for row in offers if row["as_of"] > tried_on]
    later = known_by(made_since, day, int(settings["settle_days"]))
    said = now.probabilities(tonight)
    by_rule = sorted(range(len(tonight)), key=lambda at: (-float(tonight[at]["rule_score_tonight"]), at))
    by_it = sorted(range(len(tonight)), key=lambda at: (-said[at], at))
    shown = by_rule[: int(settings["shown_offers"])]
    told = reasons(now, [tonight[at] for at in shown])
    return ChallengerInput(
        business_date=day,
        revision=night.publication.revision,
        profile=night.night.profile.name,
        settings=settings,
        tried_on=tried_on,
        tried_rows=len(tried.rows),
        tried_accepted=tried.accepted,
        trained_rows=len(now.rows),
        trained_accepted=now.accepted,
        pending=sum(row["outcome"] == "pending" and row["as_of"] <= settled for row in offers),
        judged=judge(tried, later, settings),
        drift=drift(tried, later, tonight, settings),
        tonight=len(tonight),
        beside=[
            Beside(tonight[at], place, float(said[at]) * 100, by_it.index(at) + 1, why)
            for place, (at, why) in enumerate(zip(shown, told, strict=True), start=1)
        ],
    )
