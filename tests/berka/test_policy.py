"""The profile's own policy rows: they replace the baseline's of their key, and nothing else of it."""

from decimal import Decimal

from nightdesk.policy import Row, policy


def rows(profile: str, table: str) -> dict[str, Row]:
    found = policy(profile)[table]
    return {str(row[found.key[0]]): row for _, row in found.rows}


def changed(table: str) -> dict[str, set[str]]:
    """What of which rows the profile has otherwise than the baseline."""
    own, baseline = rows("berka", table), rows("contract", table)
    found = {code: {name for name in own[code] if own[code][name] != baseline[code][name]} for code in own}
    return {code: names for code, names in found.items() if names}


def test_an_own_row_replaces_the_baselines_and_the_others_stay() -> None:
    own, baseline = rows("berka", "indicator"), rows("contract", "indicator")
    assert set(own) == set(baseline)
    assert {code for code in own if own[code] != baseline[code]} == {"T02"}
    assert len(policy("berka")["indicator"].rows) == len(policy("contract")["indicator"].rows)


def test_what_an_own_indicator_changes_is_the_baseline_of_t02() -> None:
    assert changed("indicator") == {"T02": {"min_days", "reason"}}
    assert rows("berka", "indicator")["T02"]["min_days"] == 120


def test_amounts_are_the_profiles_alone_none_of_another_currency() -> None:
    for table in ("indicator_amount", "tier_floor"):
        assert {row["ccy"] for _, row in policy("berka")[table].rows} == {"CZK"}
    assert rows("berka", "tier_floor")["core"]["dep_avg_amt"] == Decimal(40000)
