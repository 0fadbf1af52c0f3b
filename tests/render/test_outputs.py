"""Pages on disk: the right place for any id, whole files, the same bytes."""

from pathlib import Path
from urllib.parse import unquote

import pytest
from branch_sample import branch_input, render_branch
from project_sample import project_input, quality_input

from nightdesk.render.outputs import page_file, path_part, write_branch, write_quality
from nightdesk.render.project import render_project
from nightdesk.render.quality import render_quality
from nightdesk.whole_file import write_whole


def test_given_a_night_when_written_then_the_files_are_where_people_look_for_them(tmp_path: Path) -> None:
    write_branch(tmp_path, "B001", render_branch(branch_input()))
    write_whole(page_file(tmp_path, "esg", "PRJ-0031"), render_project(project_input()).encode())
    write_quality(tmp_path, render_quality(quality_input()))
    files = sorted(str(path.relative_to(tmp_path)) for path in tmp_path.rglob("*") if path.is_file())
    assert files == [
        "branch/B001/list.html",
        "branch/B001/list.txt",
        "branch/B001/list.xlsx",
        "esg/PRJ-0031.html",
        "quality.html",
        "quality.json",
    ]


def test_given_a_rerun_when_written_again_then_every_byte_is_the_same(tmp_path: Path) -> None:
    first, second = tmp_path / "1", tmp_path / "2"
    for folder in (first, second):
        write_branch(folder, "B001", render_branch(branch_input()))
    for path in first.rglob("*.*"):
        assert path.read_bytes() == (second / path.relative_to(first)).read_bytes()


@pytest.mark.parametrize(
    "identifier",
    [
        "../../etc",
        "a/b",
        "..",
        ".",
        "",
        "分行 1",
        "a%2Fb",
        "C:\\x",
        "A\x00B",
        "B1  ",
        "NUL",
        "~",
        "分" * 40,
        "X" * 5000,
        "\ud800",
    ],
)
def test_given_any_id_when_made_a_path_then_it_is_one_short_folder_of_its_own(tmp_path: Path, identifier: str) -> None:
    part = path_part(identifier)
    assert "/" not in part
    assert "\\" not in part
    assert part not in (".", "..")
    assert len(part.encode()) <= 128
    write_whole(tmp_path / "branch" / part / "list.html", b"page")
    assert [path.name for path in (tmp_path / "branch").iterdir()] == [part]


def test_given_different_ids_when_made_paths_then_they_differ_also_where_a_file_system_knows_no_case() -> None:
    ids = [
        "a/b",
        "A/B",
        "a%2Fb",
        "a b",
        "a+b",
        ".",
        "%2E",
        "%2e",
        "B1",
        "b1",
        "B1 ",
        " B1",
        "B\u0031\u0301",
        "é",
        "É",
        "e\u0301",
    ]
    ids += ["分" * 39, "分" * 40, "分" * 41, "~", "", "NUL", "nul", "B1.", "B1"[:1] + "1\x00"]
    assert len({path_part(identifier).casefold() for identifier in ids}) == len(ids)


@pytest.mark.parametrize("identifier", ["B1", "B001", "PRJ-0031", "1100", "A_1.2"])
def test_given_a_usual_id_when_made_a_path_then_it_reads_as_it_is(identifier: str) -> None:
    assert path_part(identifier) == identifier


def test_given_a_short_id_when_made_a_path_then_it_can_be_read_back_and_a_long_one_keeps_its_beginning() -> None:
    for identifier in ("分行 1", "A/B", "%2E", "B1  "):
        assert unquote(path_part(identifier)) == identifier
    assert path_part("北京分行" * 20).startswith("北京分行北京分行")
    assert path_part("Nord/Hafen").startswith("Nord_Hafen~")


def test_given_a_write_that_fails_when_tried_then_the_old_file_stays_and_no_draft_is_left(tmp_path: Path) -> None:
    target = tmp_path / "list.html"
    write_whole(target, b"old")
    with pytest.raises(TypeError):
        write_whole(target, "not bytes")  # type: ignore[arg-type]
    assert target.read_bytes() == b"old"
    assert [path.name for path in tmp_path.iterdir()] == ["list.html"]
