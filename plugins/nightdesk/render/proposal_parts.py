"""What both pages about proposals show of a bundle: the ways of repaying side by side, payments, and their chart."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from decimal import Decimal

from nightdesk.financing.proposal.cash import Flow
from nightdesk.financing.proposal.reckoning import Reckoned, Shaped
from nightdesk.financing.proposal.take_out import SHAPE as TAKE_OUT
from nightdesk.financing.schedule.table import Row as Due
from nightdesk.render.catalogue import Catalogue
from nightdesk.render.drawing import (
    BASE,
    FIRST,
    LAST,
    Box,
    Days,
    Drawing,
    Key,
    Scale,
    Stroke,
    Word,
    keyed,
    line,
    rounded_up,
)
from nightdesk.render.figures import Figures
from nightdesk.render.project_model import Cell, Chart, Mark, Sheet
from nightdesk.render.proposal_source import Proposed, Words
from nightdesk.render.rows import Row, text_of

_BELOW, _HEIGHT = BASE + 15, BASE + 24
#: amounts of a chart are shown in units of so much
_UNIT = {"zh_CN": Decimal(10_000), "en": Decimal(1_000)}
#: how many payments a chart draws at most: of more, each box is several due dates
_BARS = 60
#: the least height of interest that is paid: what is not nothing is seen
_THINNEST = Decimal(1)


def said(row: Row, name: str, t: Catalogue) -> str:
    """A word of policy in the page's language."""
    return text_of(row, f"{name}_{'zh' if t.language == 'zh_CN' else 'en'}") or ""


def side_by_side(bundle: Proposed, words: Words, t: Catalogue, f: Figures, *, is_internal: bool) -> Sheet | None:
    """A row a shape: covers, most due on one day, interest, average life. None where no table was made.

    A client is told of the ways that are covered as often as each limit asks.
    """
    reckoned = bundle.reckoned
    if reckoned is None or not any(shape.rows for shape in reckoned.shapes):
        return None
    has_cover = any(shape.min_dscr is not None for shape in reckoned.shapes)
    names = ["shape", *(["min_dscr", "avg_dscr"] if has_cover else [])]
    names += ["min_dscr_down", "life_cover"] if has_cover and is_internal else []
    names += ["peak_service", "total_interest", "average_life"]
    made = [shape for shape in reckoned.shapes if shape.rows and (is_internal or shape.is_covered(reckoned.cover))]
    return Sheet(
        title=t("proposal.side_by_side"),
        hint=t("proposal.side_by_side_hint"),
        columns=tuple((t(f"proposal_column.{name}"), name != "shape") for name in names),
        rows=tuple(_shape_row(shape, names, shape is reckoned.chosen, words, t, f) for shape in made),
        said=t("proposal.semicolon").join([*reasons(bundle, "why_shape", t), *_left_out(reckoned, words, t, f)]),
    )


def _shape_row(
    shape: Shaped, names: Sequence[str], is_chosen: bool, words: Words, t: Catalogue, f: Figures
) -> tuple[Cell, ...]:
    name = said(words.shape[shape.shape], "name", t)
    figures = {
        "shape": t("proposal.chosen", name=name) if is_chosen else name,
        "min_dscr": f.number(shape.min_dscr),
        "avg_dscr": f.number(shape.avg_dscr),
        "min_dscr_down": f.number(shape.min_dscr_down),
        "life_cover": f.number(shape.life_cover),
        "peak_service": f.money(shape.peak_service),
        "total_interest": f.money(shape.total_interest),
        "average_life": f.number(shape.average_life_years, 1),
    }
    return tuple(Cell(figures[name], is_heading=name == "shape", is_number=name != "shape") for name in names)


def _left_out(reckoned: Reckoned, words: Words, t: Catalogue, f: Figures) -> list[str]:
    """Shapes that lack what they follow, and why nothing takes a bullet out."""
    names = [said(words.shape[one.shape], "name", t) for one in reckoned.shapes if one.problem == "shape"]
    told = [t("proposal.left_out", names=t("list.join").join(names))] if names else []
    plan = reckoned.take_out
    known = {"have": f.money(plan.amount), "sure": f.money(plan.sure), "on": f.day(plan.on)} if plan else {}
    for one in reckoned.shapes:
        if one.problem and one.problem.startswith(TAKE_OUT):
            name = said(words.shape[one.shape], "name", t)
            told.append(t(f"proposal.left_{one.problem}", name=name, amount=f.money(one.amount), **known))
    return told


def payments(shape: Shaped, flows: Sequence[Flow], t: Catalogue, f: Figures) -> Sheet:
    """The payment table of a shape, to the cent, with the cash flow there is for each payment where that is known."""
    names = ("due_on", "principal", "interest", "payment", "balance", *(("cash",) if flows else ()))
    dues = shape.rows[1:]
    cash: list[tuple[Decimal, ...]] = [(one,) for one in _left(flows)] or [()] * len(dues)

    def cells(row: Due, left: tuple[Decimal, ...]) -> tuple[Cell, ...]:
        money = (row.principal, row.interest, row.service, row.balance, *left)
        return (Cell(f.day(row.due_on), is_whole=True), *(Cell(f.number(one), is_number=True) for one in money))

    return Sheet(
        title=t("proposal.payments"),
        hint=t("proposal.payments_hint", n=len(dues)),
        columns=tuple((t(f"proposal_column.{name}"), name != "due_on") for name in names),
        rows=tuple(cells(row, left) for row, left in zip(dues, cash, strict=True)),
    )


def payment_chart(bundle: Proposed, t: Catalogue, f: Figures) -> Chart | None:
    """What is paid by due date, principal under interest; with the cash flow there is for it, where that is known.

    It has no table of its own: its figures are those of the payment table beside it.
    """
    reckoned = bundle.reckoned
    if reckoned is None or reckoned.chosen is None:
        return None
    dues, unit = reckoned.chosen.rows[1:], _UNIT[t.language]
    groups = _grouped(dues, _left(reckoned.flows))
    # half a step beyond the last due date, so that its box has room and covers no other
    room = (groups[-1][0] - groups[-2][0]) / 2 if len(groups) > 1 else timedelta(0)
    days = Days(reckoned.chosen.rows[0].due_on, dues[-1].due_on + room)
    top = max(
        max((one[1] + one[2] for one in groups), default=Decimal(0)),
        max((one[3] for one in groups if one[3]), default=Decimal(0)),
    )
    scale = Scale(rounded_up(top / unit))
    width = max(min(Decimal(LAST - FIRST) / (len(groups) + 1) * Decimal("0.65"), Decimal(14)), Decimal("1.5")).quantize(
        Decimal("0.1")
    )
    shapes: list[Stroke | Box | Word] = [*scale.shapes(), *days.words(_BELOW)]
    for day, principal, interest, _ in groups:
        x = min(max(days.at(day) - width / 2, Decimal(FIRST)), Decimal(LAST) - width)
        low, high = scale.at(principal / unit), scale.at((principal + interest) / unit)
        high = min(high, low - _THINNEST) if interest else high
        shapes += [
            Box(x, low, width, Decimal(BASE) - low, "first", f"{day} {f.money(principal)}"),
            Box(x, high, width, low - high, "second", f"{day} {f.money(interest)}"),
        ]
    keys = [Key("first", t("proposal_column.principal"), "box"), Key("second", t("proposal_column.interest"), "box")]
    known = [(days.at(day), scale.at(max(have, Decimal(0)) / unit)) for day, _, _, have in groups if have is not None]
    if len(known) > 1:
        shapes.append(line(known, "green"))
        keys.append(Key("green", t("proposal.cash_left")))
    return Chart(title=t("proposal.chart", unit=t("proposal.unit")), drawing=_drawing(shapes, keys))


def _left(flows: Sequence[Flow]) -> list[Decimal]:
    """The cash flow there is for each payment, once debt that is there is served."""
    return [flow.cfads - flow.service for flow in flows]


def _drawing(shapes: Sequence[Stroke | Box | Word], keys: Sequence[Key]) -> Drawing:
    return keyed(_HEIGHT, shapes, keys)


def _grouped(dues: Sequence[Due], cash: Sequence[Decimal]) -> list[tuple]:  # type: ignore[type-arg]
    """(last day, principal, interest, cash flow left) of runs of due dates: one each where there are few.

    A run that is shorter than the others is the first, where there is room for its box.
    """
    size = -(-len(dues) // _BARS)
    found = []
    for end in range(len(dues) % size or size, len(dues) + 1, size):
        run = slice(max(end - size, 0), end)
        part = dues[run]
        have = sum(cash[run], Decimal(0)) if cash else None
        found.append(
            (
                part[-1].due_on,
                sum((row.principal for row in part), Decimal(0)),
                sum((row.interest for row in part), Decimal(0)),
                have,
            )
        )
    return found


def verdict_mark(row: Row, words: Words, t: Catalogue) -> Mark:
    """What is said of a bundle, as a badge."""
    verdict = str(row["verdict"])
    tone = {"offer": "green", "refused": "red", "forbearance": "amber", "not_assessed": "not_assessed"}[verdict]
    return Mark(said(words.verdict[verdict], "name", t), tone)


def reasons(bundle: Proposed, side: str, t: Catalogue) -> tuple[str, ...]:
    """The facts of one side, each with its number."""
    facts: Sequence[Mapping[str, object]] = [row for row in bundle.facts if row["side"] == side]
    return tuple(said(row, "words", t) for row in facts)
