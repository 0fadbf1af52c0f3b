"""Printed pages: the same words as on the screen, in a file that anybody's reader can read."""

import io
import re
from datetime import date
from pathlib import Path

import psutil
import pytest
from branch_sample import branch_input, render_branch
from project_sample import project_input, quality_input
from pypdf import PdfReader

from nightdesk.render.catalogue import LANGUAGES, Language
from nightdesk.render.paper import fonts, printed
from nightdesk.render.paper.apart import printed_apart
from nightdesk.render.paper.markup import parsed
from nightdesk.render.project import render_project
from nightdesk.render.quality import render_quality

DAY = date(2026, 3, 31)


def page(body: str, lang: str = "zh-CN", title: str = "访前简报") -> str:
    return (
        f'<!doctype html><html lang="{lang}"><head><title>{title}</title></head><body><main>{body}</main></body></html>'
    )


def read(pdf: bytes) -> PdfReader:
    return PdfReader(io.BytesIO(pdf))


def words(pdf: bytes) -> str:
    """All text of a file, without any space: where lines break is not compared."""
    return "".join("".join(sheet.extract_text() for sheet in read(pdf).pages).split())


def pages() -> dict[str, str]:
    """A page of every kind, in each language."""
    made = {"quality": render_quality(quality_input()).html}
    for language in LANGUAGES:
        made[f"esg_{language}"] = render_project(project_input(language))
        made[f"list_{language}"] = render_branch(branch_input(language)).html
    return made


@pytest.mark.parametrize("kind", sorted(pages()))
def test_given_a_page_of_each_kind_when_printed_then_every_heading_stands_there_and_no_letter_is_missing(
    kind: str,
) -> None:
    html = pages()[kind]
    headings = [element.text() for level in ("h1", "h2", "h3") for element in parsed(html).find(level)]
    text = words(printed(html, DAY))
    assert len(headings) > 3
    assert [heading for heading in headings if "".join(heading.split()) not in text] == []
    assert fonts.MISSING not in text


@pytest.mark.parametrize("language", LANGUAGES)
def test_given_a_review_when_printed_then_every_cell_of_its_tables_stands_there(language: Language) -> None:
    html = render_project(project_input(language))
    cells = [cell.text() for tag in ("td", "th", "dt", "dd", "li") for cell in parsed(html).find(tag)]
    text = words(printed(html, DAY))
    assert len(cells) > 50
    assert [cell for cell in cells if "".join(cell.split()) not in text] == []


def test_given_a_page_when_printed_then_it_is_tagged_named_numbered_and_brings_a_part_of_its_font() -> None:
    file = read(printed(page("<h1>宁波港</h1><p>余额</p>"), DAY))
    catalogue = file.trailer["/Root"].get_object()
    assert catalogue["/MarkInfo"]["/Marked"].value is True
    assert catalogue["/Lang"] == "zh-CN"
    assert "/StructTreeRoot" in catalogue
    assert file.metadata is not None
    assert file.metadata.title == "访前简报"
    assert "1/1" in words(printed(page("<h1>宁波港</h1>"), DAY))
    assert [tuple(round(float(side)) for side in sheet.mediabox[2:]) for sheet in file.pages] == [(595, 842)]
    embedded = [font["/DescendantFonts"][0]["/FontDescriptor"] for font in fonts_of(file)]
    assert embedded
    assert all("/FontFile3" in descriptor for descriptor in embedded)
    assert all(re.match(r"/[A-Z]{6}\+", descriptor["/FontName"]) for descriptor in embedded)
    assert len(printed(page("<h1>宁波港</h1><p>余额</p>"), DAY)) < 40_000


def fonts_of(file: PdfReader) -> list[dict[str, object]]:
    return [font.get_object() for sheet in file.pages for font in sheet["/Resources"]["/Font"].values()]


def test_given_the_same_page_when_printed_twice_then_the_bytes_are_equal() -> None:
    html = render_project(project_input("en"))
    assert printed(html, DAY) == printed(html, DAY)


def test_given_names_that_are_markup_somewhere_when_printed_then_they_are_text() -> None:
    name = '#import "x" $a$ *b* &lt;script&gt; =1+1 @x \\u{41} // /* `c`'
    text = words(printed(page(f"<h1>{name}</h1><p>{name}</p>"), DAY))
    assert text.count('#import"x"$a$*b*<script>=1+1@x\\u{41}///*`c`') == 2


def test_given_letters_that_the_font_lacks_when_printed_then_they_are_plain_or_a_mark() -> None:
    text = words(printed(page("<h1>甲</h1><p>tCO₂e 😀 \ue000 é㎡</p>"), DAY))
    assert "tCO2e〓〓é㎡" in text


def test_given_a_table_with_heads_and_a_joined_cell_when_printed_then_all_of_it_is_there() -> None:
    body = (
        "<h1>甲</h1><table><caption>还款</caption><thead><tr><th>日期</th><th class='num'>本金</th></tr></thead>"
        "<tbody><tr><td>2026-01-21</td><td class='num'>1,000.00</td></tr>"
        "<tr><td colspan='2'>合计 1,000.00</td></tr></tbody></table>"
    )
    assert "日期本金2026-01-211,000.00合计1,000.00" in words(printed(page(body), DAY))


def test_given_a_table_over_many_sheets_when_printed_then_its_head_stands_on_each() -> None:
    rows = "".join(f"<tr><td>{number}</td><td>行</td></tr>" for number in range(200))
    head = "<thead><tr><th>编号</th><th>项</th></tr></thead>"
    file = read(printed(page(f"<h1>甲</h1><table>{head}<tbody>{rows}</tbody></table>"), DAY))
    assert len(file.pages) > 2
    assert all("编号" in sheet.extract_text() for sheet in file.pages)


def test_given_a_heading_with_a_hint_where_a_sheet_ends_when_printed_then_both_stand_with_their_table() -> None:
    rows = "<thead><tr><th>编号</th></tr></thead><tbody><tr><td>首行</td></tr><tr><td>次行</td></tr></tbody>"
    ends = set()
    for count in range(47, 54):  # lines before it: from room for all of it to none
        body = f"<h1>甲</h1>{'<p>字</p>' * count}<h2>小节</h2> <span class='hint'>说明</span><table>{rows}</table>"
        sheets = [sheet.extract_text() for sheet in read(printed(page(body), DAY)).pages]
        on = [next(at for at, text in enumerate(sheets) if word in text) for word in ("小节", "说明", "首行")]
        assert len(set(on)) == 1, (count, on)
        ends.add(on[0])
    assert ends == {0, 1}, "the edge of the sheet lies between"


def test_given_contents_asked_for_when_printed_then_the_sections_are_listed_with_their_page() -> None:
    body = "<h1>甲</h1><p>先</p><h2>许可</h2><p>一</p><h2>排放</h2><p>二</p>"
    with_contents = words(printed(page(body), DAY, with_contents=True))
    assert with_contents.count("许可") == words(printed(page(body), DAY)).count("许可") + 1 == 2
    assert re.search(r"许可[.·]*1排放[.·]*1", with_contents)


def test_given_a_drawing_when_printed_then_it_is_drawn_as_lines_with_its_title_to_read() -> None:
    svg = '<svg viewBox="0 0 10 10"><title>排放走势</title><path d="M0 0L10 10" stroke="#a61b1b"/></svg>'
    pdf = printed(page(f"<h1>甲</h1><figure>{svg}</figure>"), DAY)
    file = read(pdf)
    assert len(file.pages[0].images) == 0
    assert "/Figure" in str(structure(file))


def structure(file: PdfReader) -> list[str]:
    found, waiting = [], [file.trailer["/Root"]["/StructTreeRoot"]]
    while waiting:
        node = waiting.pop().get_object()
        if not isinstance(node, dict):
            waiting += list(node) if isinstance(node, list) else []
            continue
        found.append(str(node.get("/S")))
        if "/K" in node and not isinstance(node["/K"], int):
            waiting.append(node["/K"])
    return found


def test_given_what_is_for_the_screen_alone_when_printed_then_it_is_left_out() -> None:
    body = "<a class='skip'>跳到正文</a><h1>甲</h1><p><span aria-hidden='true'>▮▮</span>正文</p><style>p{}</style>"
    text = words(printed(page(body), DAY))
    assert "正文" in text
    assert "跳到" not in text
    assert "p{}" not in text


def test_given_markup_that_is_not_well_formed_when_printed_then_it_is_refused() -> None:
    with pytest.raises(ValueError, match="</p> closes <b>"):
        printed(page("<p><b>甲</p>"), DAY)
    with pytest.raises(ValueError, match="<div> is never closed"):
        parsed("<div><p>甲</p>")


def test_given_a_page_of_one_sheet_when_printed_then_its_letters_are_as_large_as_fit_on_it() -> None:
    def laid(lines: int) -> tuple[int, set[float]]:
        body = "<h1>甲</h1>" + "".join(f"<p>第 {n} 行</p>" for n in range(lines))
        file = read(printed(page(body).replace("<main>", '<main class="sheet">'), DAY))
        sizes: set[float] = set()

        def look(text: str, _cm: object, _tm: object, _font: object, size: float) -> None:
            if "行" in text:
                sizes.add(size)

        file.pages[0].extract_text(visitor_text=look)
        return len(file.pages), sizes

    found = [laid(lines) for lines in (10, 70, 75, 80, 85, 90, 130)]
    assert found == [(1, {8.0}), (1, {8.0}), (1, {7.6}), (1, {7.2}), (1, {6.8}), (1, {6.4}), (2, {6.4})]


def test_given_many_long_pages_when_printed_one_after_the_other_then_what_is_held_does_not_grow_with_them() -> None:
    """Each that the typesetter remembers costs some 12 MB: eight of them would be near 100."""
    sample = render_project(project_input("zh_CN"))
    pages = [sample.replace("</td>", f" {n}</td>").replace("</p>", f" {n}</p>") for n in range(11)]
    process, held = psutil.Process(), []
    for html in pages:
        printed(html, DAY)
        held.append(process.memory_info().rss)
    assert max(held[3:]) - held[2] < 40_000_000


def test_given_a_page_when_a_process_of_its_own_prints_it_then_the_file_is_the_same() -> None:
    html = page("<h1>甲</h1><h2>许可</h2><p>一</p>")
    assert printed_apart(html, DAY, with_contents=True) == printed(html, DAY, with_contents=True)
    assert printed_apart(html, DAY, with_contents=False) == printed(html, DAY)


def test_given_a_page_that_cannot_be_printed_when_a_process_of_its_own_tries_then_its_reason_is_told() -> None:
    with pytest.raises(RuntimeError, match="ended with 1: ValueError: </p> closes <b>"):
        printed_apart(page("<p><b>甲</p>"), DAY, with_contents=False)


def test_given_no_font_with_chinese_when_printed_then_the_package_that_brings_one_is_named(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    fonts.family.cache_clear()
    monkeypatch.setattr(fonts, "_FAMILIES", ("A font that nobody has",))
    try:
        with pytest.raises(fonts.PolicyError, match=r"Install the package noto-cjk-sans-otc"):
            printed(page("<h1>甲</h1>"), DAY)
    finally:
        monkeypatch.undo()
        fonts.family.cache_clear()
