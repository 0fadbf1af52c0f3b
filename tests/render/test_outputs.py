"""Pages on disk: the right place for any id, whole files, the same bytes."""

from pathlib import Path

import pytest
from branch_sample import branch_input
from project_sample import project_input, quality_input

from nightdesk.render.branch import render_branch
from nightdesk.render.outputs import path_part, write_branch, write_project, write_quality, write_whole
from nightdesk.render.project import render_project
from nightdesk.render.quality import render_quality


def test_given_a_night_when_written_then_the_files_are_where_people_look_for_them(tmp_path: Path) -> None:
    write_branch(tmp_path, "B001", render_branch(branch_input()))
    write_project(tmp_path, "PRJ-0031", render_project(project_input()))
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


@pytest.mark.parametrize("identifier", ["../../etc", "a/b", "..", ".", "分行 1", "a%2Fb", "C:\\x"])
def test_given_any_id_when_made_a_path_then_it_stays_one_folder_and_is_unlike_the_others(identifier: str) -> None:
    part = path_part(identifier)
    assert "/" not in part
    assert "\\" not in part
    assert part not in (".", "..")


def test_given_different_ids_when_made_paths_then_they_differ() -> None:
    ids = ["a/b", "a%2Fb", "a b", "a+b", ".", "%2E"]
    assert len({path_part(identifier) for identifier in ids}) == len(ids)


def test_given_a_write_that_fails_when_tried_then_the_old_file_stays_and_no_draft_is_left(tmp_path: Path) -> None:
    target = tmp_path / "list.html"
    write_whole(target, b"old")
    with pytest.raises(TypeError):
        write_whole(target, "not bytes")  # type: ignore[arg-type]
    assert target.read_bytes() == b"old"
    assert [path.name for path in tmp_path.iterdir()] == ["list.html"]
