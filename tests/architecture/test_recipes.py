"""What the recipes of sql/README.md ask for is there; whatever is forgotten is told by name."""

import ast
import csv
import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from nightdesk.contract import contract
from nightdesk.models import ASKED, EXPORT_BY, GIVEN_SCHEMAS, REBUILT, ROLLED, Model, declared_columns, read_models
from nightdesk.render.catalogue import LANGUAGES, catalogue
from nightdesk.settings import project_root, sql_root
from nightdesk.steps import COMPUTED, STEPS
from nightdesk.yaml_file import read_yaml

CANDIDATE = "tasks_candidate."
#: what is made when it is exported: each file of a layer's folder by its name
EXPORT = "_export"
#: what former nights are read through
OF_OTHER_NIGHTS = ("previous", "former", "history")
PYTHON = "\n".join(path.read_text(encoding="utf-8") for path in (project_root() / "plugins").rglob("*.py"))
#: what a step or page asks of a night by its name, and the kind that a candidate's rows are of
ASKS = re.compile(r"""\.ask\(\s*["']([a-z_.]+)["']""")
OF_KIND = re.compile(r"'([a-z_]+)' as kind\b")


#: the chain of nights that random histories of the rolling state are run along
CHAIN = (project_root() / "tests" / "features" / "chain.py").read_text(encoding="utf-8")


def _models(root: Path) -> dict[str, tuple[Model, frozenset[str]]]:
    """Each model with what it reads, in a rebuilt night or a rolled one."""
    both = [read_models(root, structure) for structure in (REBUILT, ROLLED)]
    return {table: (model, both[0][table].reads | both[1][table].reads) for table, model in both[0].items()}


def _by_nights(models: dict[str, tuple[Model, frozenset[str]]]) -> set[str]:
    """What nights build: kept tables and all on the way to them. The rest is asked of a night that is whole."""
    found: set[str] = set()
    waiting = [table for table, (model, _) in models.items() if model.is_kept]
    while waiting:
        table = waiting.pop()
        if table in models and table not in found:
            found.add(table)
            waiting.extend(models[table][1])
    return found


def _is_made_before(history: str, layer: str, declared: dict[str, dict[str, dict[str, str]]]) -> bool:
    """Whether tonight's part of a history is there while a layer is made; features make theirs in steps."""
    of = next((other for other in COMPUTED if history.partition(".")[2] in declared[other]), layer)
    return layer == of == "features" or COMPUTED.index(of) < COMPUTED.index(layer)


def _not_there(root: Path, models: dict[str, tuple[Model, frozenset[str]]]) -> list[str]:
    """One line for each thing that rules or pages name and that nothing gives."""
    given = {
        "source": ({*contract(), *(f"{table}_superseded" for table in contract())}, "plugins/nightdesk/contract.yaml"),
        "policy": (set(read_yaml(root / "policy" / "schema.yaml")), "sql/policy/schema.yaml"),
    }
    found = []
    for table, (_, reads) in models.items():
        for one in reads:
            schema, _, name = one.partition(".")
            if schema in given and name not in given[schema][0]:
                found.append(f"{table} reads {one}, which is not in {given[schema][1]}")
            if schema not in GIVEN_SCHEMAS and one not in models:
                found.append(f"{table} reads {one}, which no file of sql/ makes")
    asked = {name if "." in name else f"{ASKED}.{name}" for name in ASKS.findall(PYTHON)}
    found += [f"{name} is asked for, and no file of sql/ makes it" for name in asked - set(models)]
    for layer in (layer for layer in COMPUTED if (root / layer / "columns.yaml").exists()):
        for name, columns in read_yaml(root / layer / "columns.yaml").items():
            if f"{layer}.{name}" not in models:
                found.append(f"sql/{layer}/columns.yaml has {name}, and there is no {name}.sql beside it")
            for column in set(columns.get(EXPORT_BY, ())) - set(columns):
                found.append(f"sql/{layer}/columns.yaml: {name} is exported by {column}, which is none of its columns")
    return found


def forgotten(root: Path) -> list[str]:
    """One line for each part of a recipe that a folder like sql/ lacks."""
    models = _models(root)
    read = frozenset[str]().union(*(reads for _, reads in models.values()))
    declared = {layer: declared_columns(layer) for layer in COMPUTED}
    remembered = {name for tables in declared.values() for name in tables}
    found = _not_there(root, models)
    found += [
        f"{table} is continued otherwise than built, and is no state of tests/features/chain.py"
        for table, continued in read_models(root, ROLLED).items()
        if continued.is_kept and continued.sql != models[table][0].sql and f'"{continued.path.stem}"' not in CHAIN
    ]
    by_nights = _by_nights(models)
    for table, (model, reads) in models.items():
        schema, _, name = table.partition(".")
        if model.is_kept and name not in declared[model.layer]:
            found.append(f"{table} is kept and not in sql/{model.layer}/columns.yaml")
        is_used = table in read or f'"{name}"' in PYTHON or f'"{table}"' in PYTHON or schema.endswith(EXPORT)
        if not model.is_kept and not is_used:
            found.append(f"{table} is {'asked by nobody' if schema == ASKED else 'read by nothing'}")
        for one in reads:
            if one.partition(".")[0] in OF_OTHER_NIGHTS and one.partition(".")[2] not in remembered:
                found.append(f"{table} reads {one}, which no columns.yaml keeps")
            if one.startswith("history.") and table in by_nights and not _is_made_before(one, model.layer, declared):
                found.append(f"{table} reads {one}, which is there only after {model.layer}")
    candidates = {one for one in models["tasks_listing.candidate"][1] if one.startswith(CANDIDATE)}
    kinds = {one.removeprefix(CANDIDATE) for one in candidates}
    kinds |= {kind for one in candidates & set(models) for kind in OF_KIND.findall(models[one][0].sql)}
    found += [
        f"kind.{kind} is no word of reports/messages/{one}.yaml"
        for kind in kinds
        for one in LANGUAGES
        if f"kind.{kind}" not in catalogue(one).messages
    ]
    words = {key.removeprefix("kind.") for key in catalogue(LANGUAGES[0]).messages if key.startswith("kind.")}
    found += [f"kind.{kind} of reports/messages is of no file of sql/tasks/candidate" for kind in words - kinds]
    schema_of_policy = read_yaml(root / "policy" / "schema.yaml")
    files = {path.stem for path in (root / "policy").rglob("*.csv")}
    found += [f"policy/{name}.csv is not in schema.yaml" for name in files - set(schema_of_policy)]
    found += [f"policy/{name}.csv is not there" for name in set(schema_of_policy) - files]
    found += [
        f"policy.{name} is read by nothing"
        for name in schema_of_policy
        if f"policy.{name}" not in read and f'"{name}"' not in PYTHON
    ]
    coded, told = (_codes(root / "policy" / f"{name}.csv") for name in ("indicator", "indicator_source"))
    found += [f"{code} has no row in policy/indicator_source.csv: formula, source and trust" for code in coded - told]
    found += [
        f"sql/{layer}/columns.yaml is not there" for layer in COMPUTED if not (root / layer / "columns.yaml").exists()
    ]
    return sorted(found)


def forgotten_templates(reports: Path, python: str) -> list[str]:
    """One line for each template that a page asks for and that is not there, or that nobody asks for."""
    texts = {path.relative_to(reports).as_posix(): path.read_text(encoding="utf-8") for path in reports.rglob("*.j2")}
    named = re.compile(r"[\"']([a-z_/][a-z_/.]*\.j2)[\"']")
    asked = {name for text in (python, *texts.values()) for name in named.findall(text)}
    found = [f"reports/{name} is not there" for name in asked - set(texts)]
    return sorted(found + [f"reports/{name} is asked for by nobody" for name in set(texts) - asked])


def test_given_the_projects_own_pages_when_looked_through_then_no_template_is_forgotten_or_left_over() -> None:
    found = forgotten_templates(project_root() / "reports", PYTHON)
    assert not found, "\n".join(found)


def test_given_a_page_whose_template_is_forgotten_or_a_template_without_page_then_it_is_told_by_name(
    tmp_path: Path,
) -> None:
    (tmp_path / "partials").mkdir()
    (tmp_path / "held.html.j2").write_text('{% include "partials/head.html.j2" %}')
    (tmp_path / "partials" / "old.html.j2").write_text("")
    told = forgotten_templates(tmp_path, "fill('held.html.j2'); fill(\"wish.html.j2\")")
    assert told == [
        "reports/partials/head.html.j2 is not there",
        "reports/partials/old.html.j2 is asked for by nobody",
        "reports/wish.html.j2 is not there",
    ]


@pytest.mark.parametrize("step", ["mailbox", *STEPS])
def test_given_a_step_then_progress_has_a_word_for_it_in_both_languages(step: str) -> None:
    assert [one for one in LANGUAGES if f"cli.step.{step}" not in catalogue(one).messages] == []


def test_given_the_steps_then_dag_documents_and_reckoning_of_growth_go_by_them_and_their_order() -> None:
    root = project_root()
    texts = {name: (root / name).read_text(encoding="utf-8") for name in ("README.md", "DECISIONS.md")}
    dag = ast.parse((root / "dags" / "nightly_monitoring.py").read_text(encoding="utf-8"))
    (shown,) = (
        node.value
        for node in dag.body
        if isinstance(node, ast.Assign) and [one.id for one in node.targets if isinstance(one, ast.Name)] == ["SHOWN"]
    )
    assert isinstance(shown, ast.Dict)
    assert {key.value for key in shown.keys if isinstance(key, ast.Constant)} == set(COMPUTED)
    assert " → ".join(f"`{layer}/`" for layer in COMPUTED) in texts["README.md"]
    _, _, growth = texts["DECISIONS.md"].partition("### How the cost of each step grows\n")
    told = growth.partition("\n### ")[0].replace("\n", " ")
    assert [step for step in STEPS if not re.search(rf"(^|· |nights\. ){step} ", told)] == []


def _codes(path: Path) -> set[str]:
    with path.open(encoding="utf-8", newline="") as file:
        return {row["indicator"] for row in csv.DictReader(file)}


def _column(table: str, column: str) -> set[str]:
    with (sql_root() / "policy" / f"{table}.csv").open(encoding="utf-8", newline="") as file:
        return {row[column] for row in csv.DictReader(file)}


def test_given_the_kinds_of_task_that_count_as_special_contacts_then_each_is_named_as_one() -> None:
    """The contact plan tells an event by its own words: a kind without them would be shown as its code."""
    kinds, events = _column("contact_task", "kind"), _column("contact_event", "event")
    assert len(kinds) > 3
    for language in LANGUAGES:
        told = catalogue(language).messages
        unnamed = [one for one in sorted(kinds | events | {"all"}) if f"contact_event.{one}" not in told]
        assert not unnamed, f"write contact_event.<code> into reports/messages/{language}.yaml: {', '.join(unnamed)}"
        unknown = [one for one in sorted(kinds) if f"kind.{one}" not in told]
        assert not unknown, f"policy/contact_task.csv names what is no kind of task: {', '.join(unknown)}"


def test_given_the_projects_own_rules_when_looked_through_then_nothing_is_forgotten() -> None:
    found = forgotten(sql_root())
    assert not found, "\n".join(found)


def _write(name: str, text: str) -> Callable[[Path], object]:
    return lambda root: (root / name).write_text(text, encoding="utf-8")


def _without(name: str, start: str) -> Callable[[Path], object]:
    def forget(root: Path) -> None:
        lines = (root / name).read_text(encoding="utf-8").splitlines(keepends=True)
        (root / name).write_text("".join(line for line in lines if not line.startswith(start)), encoding="utf-8")

    return forget


#: a part of a recipe -> how it is forgotten, and what is said then
FORGETTING: dict[str, tuple[Callable[[Path], object], str]] = {
    "a kind of task": (
        _write("tasks/candidate/birthday.sql", "select 1 as a"),
        "kind.birthday is no word of reports/messages/zh_CN.yaml",
    ),
    "the word of its rows' kind": (
        _write("tasks/candidate/promise.sql", "select 'pledge' as kind"),
        "kind.pledge is no word of reports/messages/en.yaml",
    ),
    "the candidate of a kind": (
        lambda root: (root / "tasks" / "candidate" / "limitation.sql").unlink(),
        "kind.limitation of reports/messages is of no file of sql/tasks/candidate",
    ),
    "a contract table that a rule reads": (
        _write("tiers/machine/visit.sql", "select * from source.guarantor_visit"),
        "tiers_machine.visit reads source.guarantor_visit, which is not in plugins/nightdesk/contract.yaml",
    ),
    "a policy that a rule reads": (
        _write("tiers/machine/limit.sql", "select * from policy.visit_limit"),
        "tiers_machine.limit reads policy.visit_limit, which is not in sql/policy/schema.yaml",
    ),
    "a model that a rule reads": (
        lambda root: (root / "staging" / "survey.sql").unlink(),
        "tasks_offer.suppression reads staging.survey, which no file of sql/ makes",
    ),
    "what a page asks": (
        lambda root: (root / "asked" / "brief_due.sql").unlink(),
        "asked.brief_due is asked for, and no file of sql/ makes it",
    ),
    "the model of a state": (
        lambda root: (root / "tiers" / "tier_path.sql").unlink(),
        "sql/tiers/columns.yaml has tier_path, and there is no tier_path.sql beside it",
    ),
    "a column of an export": (
        _without("tiers/columns.yaml", "  client_id:"),
        "sql/tiers/columns.yaml: client_tier is exported by client_id, which is none of its columns",
    ),
    "a step on the way": (
        _write("tasks/contact/wish.sql", "select 1 as a"),
        "tasks_contact.wish is read by nothing",
    ),
    "a state": (
        _write("tiers/wish_state.sql", "select 1 as a"),
        "tiers.wish_state is kept and not in sql/tiers/columns.yaml",
    ),
    "whether it is continued as it is built": (
        _write("tiers/wish_count.sql", "select {% if is_rolled %}1{% else %}2{% endif %} as a"),
        "tiers.wish_count is continued otherwise than built, and is no state of tests/features/chain.py",
    ),
    "what a state goes on from": (
        _write("tiers/machine/wish.sql", "select * from previous.wish_of_yesterday"),
        "tiers_machine.wish reads previous.wish_of_yesterday, which no columns.yaml keeps",
    ),
    "a history": (
        _write("tiers/recent.sql", "select * from history.client_tier"),
        "tiers.recent reads history.client_tier, which is there only after tiers",
    ),
    "a question": (_write("asked/unasked_thing.sql", "select 1 as a"), "asked.unasked_thing is asked by nobody"),
    "a policy": (_write("policy/unlisted.csv", "a\n"), "policy/unlisted.csv is not in schema.yaml"),
    "its rows": (lambda root: (root / "policy" / "tier.csv").unlink(), "policy/tier.csv is not there"),
    "a step": (lambda root: (root / "esg" / "columns.yaml").unlink(), "sql/esg/columns.yaml is not there"),
    "an indicator's formula": (
        _without("policy/indicator_source.csv", "T04,"),
        "T04 has no row in policy/indicator_source.csv: formula, source and trust",
    ),
}


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """What is told of one copy in which all of this is forgotten: of the whole project nothing is, see above."""
    copy = Path(shutil.copytree(sql_root(), tmp_path_factory.mktemp("recipes") / "sql"))
    for forget, _ in FORGETTING.values():
        forget(copy)
    return forgotten(copy)


@pytest.mark.parametrize("part", FORGETTING)
def test_given_a_recipe_of_which_a_part_is_forgotten_then_it_is_told_by_name(part: str, found: list[str]) -> None:
    assert FORGETTING[part][1] in found
