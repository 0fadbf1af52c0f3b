"""What an explanation stands on: which night, which source rows, and what was not used or not there."""

from typing import Any
from zoneinfo import ZoneInfo

from nightdesk.bank_time import bank_time
from nightdesk.cli.explained.part import Part
from nightdesk.released import Overridden, Release

_KEYS_SHOWN = 20


class Ground(Part):
    """The night, the rows and the gaps."""

    def head(self, found: dict[str, Any]) -> None:
        """Which client, night, revision and policy, and who released the night."""
        from nightdesk.render.missing import release_words

        self.line(
            f"{found['client_id']}  {found['business_date']}  {self.t('revision', n=found['revision'])}  "
            f"{self.t('note.policy')} {found['policy_version']}  {self.t('cli.explain.cutoff')} "
            f"{bank_time(found['cutoff_at'], ZoneInfo(found['timezone']))}  {found['base_ccy']}"
        )
        if release := found["release"]:
            self.line(f"{self.t('flag.released')}{self.t('list.colon')}{release_words(_release(release), self.t)}")

    def source_rows(self, keys: dict[str, list[str]]) -> None:
        """Keys of the source rows behind it all."""
        self.section(self.t("cli.explain.rows"))
        for name, found in keys.items():
            if found:
                more = f"  … {self.t('cli.explain.more')}" if len(found) > _KEYS_SHOWN else ""
                self.line(f"  {name} ({len(found)}): {' '.join(found[:_KEYS_SHOWN])}{more}")

    def gaps(self, withheld: list[dict[str, Any]], basis: dict[str, Any]) -> None:
        """What the verdict does not rest on: rows that were not used, tables that are missing or that no rule reads."""
        from nightdesk.render.missing import table_word, table_words

        t = self.t
        if withheld:
            self.section(f"{t('cli.explain.withheld')} ({len(withheld)})")
        for row in withheld[:_KEYS_SHOWN]:
            what = ".".join(part for part in (row["table_name"], row["column_name"]) if part)
            self.line(
                f"  {table_word(what, t)} {row['row_key']}  {t.label('withheld_reason', row['reason'])}  {row['rule']}"
            )
        if len(withheld) > _KEYS_SHOWN:
            self.line(f"  … {t('cli.explain.more')}")
        said = {
            "gone": "flag.gone",
            "not_supplied": "note.not_supplied",
            "not_assessed": "note.unassessed",
            "floor_only": "cli.explain.floor_only",
            "deeds_only": "cli.explain.deeds_only",
            "not_point_in_time": "flag.reconstructed",
        }
        self.section(t("cli.explain.gaps"))
        for name, key in said.items():
            if basis[name]:
                self.line(f"  {t(key)}{t('list.colon')}{table_words(basis[name], t)}")
        for token, words in basis["read_as"].items():
            self.line(f"  {t('cli.explain.read_as', what=table_word(token, t), words=words[t.language])}")


def _release(found: dict[str, Any]) -> Release:
    """The release in the document that explain makes."""
    checks = [Overridden(one["table_name"], one["rule"], "") for one in found["overridden"]]
    return Release(found["released_by"], found["reason"], tuple(checks), found["is_replayed"])
