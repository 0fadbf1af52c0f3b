"""Imports put off or left out while another library is loaded: afterwards everything is there as ever."""

import importlib
import subprocess
import sys
from pathlib import Path

import pytest

import nightdesk
from nightdesk.checks.deferring import defer, hide


@pytest.mark.parametrize("module", ["altair", "scipy.stats"])
def test_given_a_module_that_was_put_off_then_it_is_itself_as_soon_as_it_is_read(module: str) -> None:
    with defer(module):
        put_off = importlib.import_module(module)
    whole = importlib.import_module(module)
    public = next(name for name in dir(whole) if not name.startswith("_"))
    assert getattr(put_off, public) is getattr(whole, public)


def test_given_a_module_read_within_the_context_then_it_is_loaded_and_stays() -> None:
    name = "xml.sax.expatreader"
    sys.modules.pop(name, None)
    with defer(name):
        assert importlib.import_module(name).ExpatParser.__name__ == "ExpatParser"
        loaded = sys.modules[name]
    assert importlib.import_module(name) is loaded


def test_given_a_name_that_a_put_off_module_has_not_then_it_says_so() -> None:
    with defer("colorsys"):
        put_off = importlib.import_module("colorsys")
    with pytest.raises(AttributeError, match="no_such_name"):
        _ = put_off.no_such_name


def test_given_a_hidden_package_then_it_cannot_be_imported_until_the_context_ends() -> None:
    sys.modules.pop("colorsys", None)
    with hide("colorsys", "json"):
        with pytest.raises(ImportError):
            importlib.import_module("colorsys")
        assert importlib.import_module("json") is sys.modules["json"], "what is loaded stays"
    assert importlib.import_module("colorsys").rgb_to_hsv


def test_given_the_checks_then_great_expectations_comes_without_what_nobody_reads() -> None:
    program = """
import sys, pyarrow as pa
from nightdesk.checks.asserting import failing
from nightdesk.checks.expectation import NULL, Expectation
print(failing("p", [(Expectation("r", "warning", "row", "rows", NULL, {}), {"column": "c"})], {"c": pa.array(["x"])}))
print([name for name in ("altair", "scipy.stats", "pyspark") if name in sys.modules])
"""
    package = str(Path(nightdesk.__file__).parents[1])
    ran = subprocess.run(
        [sys.executable, "-c", program],
        env={"PYTHONPATH": package, "HOME": "/nonexistent"},
        capture_output=True,
        text=True,
    )
    assert ran.stdout.splitlines() == ["[[0]]", "[]"], ran.stdout + ran.stderr
