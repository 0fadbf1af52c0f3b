"""What a command waits for before it does anything."""

import subprocess
import sys

#: libraries that take a command line seconds to load, and that only work needs
HEAVY = (
    "airflow",
    "duckdb",
    "great_expectations",
    "pandas",
    "pyarrow",
    "sklearn",
    "sqlalchemy",
    "sqlglot",
    "typst",
    "xlsxwriter",
)
#: of other work: a third of the time in which a command that reads published rows would begin
UNREAD = ("airflow", "alembic", "great_expectations", "holidays", "pandas", "sklearn", "sqlglot", "typst", "xlsxwriter")


def test_given_the_command_line_when_it_is_only_asked_for_help_then_no_heavy_library_is_loaded() -> None:
    asked = (
        "import sys, nightdesk.cli\n"
        "from typer.main import get_command\n"
        "assert 'demo' in get_command(nightdesk.cli.app).commands, 'the laboratory is there as well'\n"
        f"print(*[name for name in {HEAVY!r} if name in sys.modules])"
    )
    said = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True)
    assert said.stdout.split() == []


def test_given_what_was_published_when_it_is_read_then_only_what_reads_it_is_loaded() -> None:
    asked = (
        "import sys, nightdesk.reading.exporting\n"
        "assert {'duckdb', 'sqlalchemy'} <= set(sys.modules), 'the lake and the desk are read'\n"
        f"print(*[name for name in {UNREAD!r} if name in sys.modules])"
    )
    said = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True)
    assert said.stdout.split() == []
