"""Why a decision is refused, in words, and what there is to do about it."""

from collections.abc import Mapping

#: why a decision is refused, by the code of asked/decision_refusal.sql: what happened, and what the line ends with
SAID: Mapping[str, tuple[str, str]] = {
    "verdict_does_not_fit": ("{verdict} is no verdict on {subject}", "fits"),
    "decider_unknown": ("{by} is not in the staff register", "decide"),
    "decider_not_yet": ("{by} is not at work yet", "decide"),
    "decider_left": ("{by} has left", "decide"),
    "decider_role": ("the role of {by} may not give {verdict} on {subject}", "decide"),
    "decider_branch": ("{by} is of another branch than the client", "decide"),
    "decider_is_maker": ("{by} asked for it, and whoever asks does not decide", "decide"),
    "checker_is_decider": ("{by} cannot be the second person as well", "check"),
    "checker_is_maker": ("{checker} asked for it, and cannot be the second person", "check"),
    "checker_missing": ("{verdict} by {by} takes a second person (--checker)", "check"),
    "checker_unknown": ("{checker} is not in the staff register", "check"),
    "checker_not_yet": ("{checker} is not at work yet", "check"),
    "checker_left": ("{checker} has left", "check"),
    "checker_role": ("the role of {checker} may not be the second person", "check"),
    "checker_branch": ("{checker} is of another branch than the client", "check"),
    "end_not_taken": ("{verdict} on {subject} takes no end date", "none"),
    "end_missing": ("{verdict} on {subject} needs an end date (--until)", "end"),
    "end_passed": ("the end date is not after today", "end"),
    "end_too_late": ("the end date lies further ahead than policy decision_rule allows {by}", "end"),
    "condition_missing": ("its verdict is conditional, and it sets no condition", "anew"),
    "not_returned": ("only a review that was sent back can be closed", "returned"),
    "is_returned": ("it was sent back, and waits to be prepared anew", "prepared"),
}
#: what there is to do, by what the line ends with; the others name people or verdicts
REMEDY = {
    "none": "Leave out --until.",
    "anew": "Reject it, or have it prepared anew with its conditions (nightdesk esg edit).",
    "returned": "Approve it, or reject it with what is lacking.",
    "prepared": "Have it prepared anew (nightdesk esg edit), or close it where it is needed no more.",
    "end": "See policy decision_rule (max_days).",
}
