"""The night's own rules of what the plain night does too, and no others: like beside like."""

from nightdesk.attempt.inputs import Inputs
from nightdesk.attempt.night_engine import night_engine
from nightdesk.attempt.opening import Night
from nightdesk.desk.pins import pins_of
from nightdesk.models import build, earlier_products, models, ordered
from nightdesk.night.computing import compute
from nightdesk.night.hands import hands_of
from nightdesk.steps import COMPUTED
from nightdesk_lab.bench.catalogue import INDICATOR, rested_on
from nightdesk_lab.bench.comparing import COMPARED
from nightdesk_lab.bench.plain.signals import INDICATORS

#: what the plain night has of this, of the indicators that it computes: held equal, but gathered from all of ours
_GATHERED = "warnings.signal"


def targets() -> frozenset[str]:
    """The kept tables that are held equal to the plain night's, and the indicators that it computes."""
    known = models()
    indicators = {name for name in known if name.startswith(INDICATOR) and code_of(name) in INDICATORS}
    return frozenset({name.replace("/", ".") for name in COMPARED} - {_GATHERED} | indicators)


def code_of(indicator: str) -> str:
    """The code of an indicator's table: `warnings_indicator.t01_balance_decline` is T01."""
    return indicator.removeprefix(INDICATOR).partition("_")[0].upper()


def recompute(night: Night) -> int:
    """Compute the targets and what they rest on, and keep of it what the night keeps; returns how many tables that is.

    The attempt has been computed whole before: what a target reads of earlier layers is this or what was kept then.
    """
    wanted = targets()
    tables = rested_on(models(), wanted)
    for layer in COMPUTED:
        if layer == "warnings":
            _indicators(night, sorted(name for name in wanted if name.startswith(INDICATOR)))
        elif any(models()[name].layer == layer for name in wanted):
            compute(night, layer, tables)
    return len(tables)


def _indicators(night: Night, wanted: list[str]) -> None:
    """Steps on the way of their layer: built, and gathered by nobody here."""
    before = earlier_products("warnings")
    with night.desk.connect() as connection:
        clients = pins_of(connection, night.attempt.attempt_id)["source/client"].row_count
    with night_engine(night) as engine:
        present = Inputs(night, engine).register(ordered(wanted, before), "warnings")
        build(engine, wanted, present, hands=hands_of(night.settings, clients))
