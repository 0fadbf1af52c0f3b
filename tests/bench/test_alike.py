"""Like beside like: which of our tables stand beside the plain night's, and what the bench says of them."""

import pytest

from nightdesk.cli.options import Lang
from nightdesk.models import models
from nightdesk_lab.bench.alike import targets
from nightdesk_lab.bench.comparing import COMPARED
from nightdesk_lab.bench.measuring import Measure
from nightdesk_lab.bench.origin import Origin, Size
from nightdesk_lab.bench.plain.signals import INDICATORS
from nightdesk_lab.bench.rolling import CHANGED
from nightdesk_lab.bench.running import Bench
from nightdesk_lab.cli.bench import show


def test_given_the_rules_then_what_pandas_computes_is_ours_too_and_no_more() -> None:
    indicators = {name for name in targets() if name.startswith("warnings_indicator.")}
    assert len(indicators) == len(INDICATORS)
    assert {name.partition(".")[2][:3].upper() for name in indicators} == set(INDICATORS)
    assert targets() - indicators == {name.replace("/", ".") for name in COMPARED} - {"warnings.signal"}
    assert targets() <= models().keys()


def _bench() -> Bench:
    bench = Bench(Origin(Size(1, 13, 1, 1), "1", 1, 1, 0.0, "1"))
    bench.measures["recompute"] = {
        "nightdesk": Measure(wall_s=9.0, cpu_s=9.0, peak_bytes=4, rows=1),
        "pandas": Measure(wall_s=3.0, cpu_s=6.0, peak_bytes=4, rows=1),
        "same_rules": Measure(wall_s=2.0, cpu_s=3.0, peak_bytes=2, rows=1),
    }
    return bench


@pytest.mark.parametrize(
    ("lang", "said"),
    [
        (Lang.en, "pandas takes 1.5x the wall time, 2.0x the CPU, 2.0x the memory"),
        (Lang.zh_CN, "pandas 耗时为 1.5 倍、CPU 2.0 倍、内存 2.0 倍"),
    ],
)
def test_given_the_same_rules_measured_then_pandas_is_told_in_times_of_them(
    capsys: pytest.CaptureFixture[str], lang: Lang, said: str
) -> None:
    show(_bench(), lang)
    assert said in "".join(capsys.readouterr().out.split("\n"))


@pytest.mark.parametrize(
    ("lang", "said"),
    [
        (Lang.en, f"with {CHANGED} mappings changed: 5.20 CPU s to 4.00 without, 1.30x"),
        (Lang.zh_CN, f"{CHANGED} 个归属改变：CPU 5.20 秒，未改变 4.00 秒，为 1.30 倍"),
    ],
)
def test_given_nights_with_and_without_changed_mappings_then_one_is_told_in_times_of_the_other(
    capsys: pytest.CaptureFixture[str], lang: Lang, said: str
) -> None:
    bench = Bench(Origin(Size(1, 13, 1, 1), "1", 1, 1, 0.0, "1"))
    assert bench.rolling_ratio() is None  # not asked for
    bench.rolling = {
        0: Measure(wall_s=9.0, cpu_s=4.0, peak_bytes=1, rows=1),
        CHANGED: Measure(wall_s=9.0, cpu_s=5.2, peak_bytes=1, rows=1),
    }
    show(bench, lang)
    assert bench.document()["rolling"]["ratio"] == pytest.approx(1.3)
    assert said in "".join(capsys.readouterr().out.split("\n"))
