"""What incidents are told with: cause, what was done, the document's number, and who has seen that it is mended."""

from nightdesk_lab.demo_bank.frames import NULL, Bools, Ints, ids
from nightdesk_lab.demo_bank.names import spoken

#: by kind of incident why it happened and what was done, each in Chinese and English
_WORDS = {
    "penalty": (
        ("废水排放超标", "Effluent above the limit"),
        ("更换曝气设备并复测达标", "Aeration replaced, measured again"),
    ),
    "stop_order": (
        ("除尘设施停运未报告", "Dust filter off, not told"),
        ("设施恢复并经复查", "Filter running, inspected"),
    ),
    "accident": (("临边防护缺失", "Guard rail missing"), ("加装防护并全员培训", "Rails fitted, everybody trained")),
    "fatality": (
        ("高处作业未系安全带", "No harness at height"),
        ("停工并更换分包商", "Work stopped, subcontractor replaced"),
    ),
    "spill": (("油罐阀门老化", "Worn valve of a tank"), ("更换阀门并清理土壤", "Valve replaced, soil cleaned")),
    "grievance": (
        ("夜间施工噪声", "Noise of work at night"),
        ("调整工时并答复居民", "Hours changed, neighbours answered"),
    ),
    "protest": (("征地补偿分歧", "Compensation for land disputed"), ("补偿协议重新签订", "Agreement signed anew")),
    "physical_damage": (
        ("台风损坏围墙和箱变", "Storm hit fence and transformer"),
        ("修复并加固基础", "Repaired and anchored"),
    ),
}
#: kinds that an authority writes about
_WRITTEN = ("penalty", "stop_order")
#: one in so many that are mended has a day of verifying and no evidence of it
_UNPROVEN = 5


def words(kinds: tuple[str, ...], kind: Ints, number: Ints, english: Bools) -> dict[str, object]:
    """Columns known from the first day: cause, and the authority's number where it has written."""
    written = [place for place, name in enumerate(kinds) if name in _WRITTEN]
    numbered = number + 1
    numbered[[code not in written for code in kind.tolist()]] = -1
    return {
        "cause": spoken([_WORDS[name][0] for name in kinds], kind, english),
        "document_no": ids("环罚 ", numbered, 8),
    }


def mended(kinds: tuple[str, ...], kind: Ints, number: Ints, closed: Ints, english: Bools) -> dict[str, object]:
    """Columns known once it is closed: what was done, the day on which somebody saw it, and the evidence of that."""
    evidence = number + 1
    evidence[(closed == NULL) | (number % _UNPROVEN == 3)] = -1
    fix = kind.copy()
    fix[closed == NULL] = -1
    return {
        "fix": spoken([_WORDS[name][1] for name in kinds], fix, english),
        "verified_on": closed,
        "evidence_id": ids("EVX", evidence, 8),
    }
