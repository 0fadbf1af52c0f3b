"""docker-compose.yaml and Dockerfile, held against the compose schema, the lock, the settings and Airflow itself.

No container engine is needed: what can be known from the files is asserted here.
"""

import ast
import importlib.resources
import importlib.util
import json
import re
import shlex
import subprocess
import sys
import tomllib
from importlib import metadata
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml
from packaging.specifiers import SpecifierSet
from typer.main import get_command

from nightdesk.orchestration.mail_catcher import MAIL_PORT
from nightdesk.pg.roles import ROLES
from nightdesk.settings import Settings, project_root
from nightdesk.upkeep.container_secrets import FOLDER, MAKERS, make_secrets

ROOT = project_root()
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yaml").read_text(encoding="utf-8"))
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
OURS = {name: service for name, service in SERVICES.items() if service["image"].startswith("nightdesk:")}
ONE_SHOT = {name for name, service in SERVICES.items() if service.get("restart") == "no"}
DOCKERFILE = (ROOT / "Dockerfile").read_text(encoding="utf-8")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
TASK_RUNNERS = {"scheduler", "worker"}
BANK_TIME = "AIRFLOW__CORE__DEFAULT_TIMEZONE"
AIRFLOW_SERVICES = {"api-server", "scheduler", "dag-processor", "triggerer"}


@pytest.fixture(scope="module")
def airflow_conf() -> Any:
    from airflow.configuration import conf

    return conf


def _airflow_keys() -> set[str]:
    return {key for service in OURS.values() for key in service["environment"] if key.startswith("AIRFLOW__")}


def test_given_the_compose_file_when_validated_then_it_follows_the_compose_specification() -> None:
    schemas = importlib.resources.files("check_jsonschema") / "builtin_schemas" / "vendor"
    schema = json.loads((schemas / "compose-spec.json").read_text(encoding="utf-8"))
    validator = jsonschema.validators.validator_for(schema)(schema)
    assert [error.message for error in validator.iter_errors(COMPOSE)] == []
    broken = {**COMPOSE, "services": {"postgres": {"imagee": "postgres"}}}
    assert list(validator.iter_errors(broken)), "the schema can tell"


def test_given_the_services_when_listed_then_airflow_its_databases_and_mail_are_there_and_celery_is_a_profile() -> None:
    always = {name for name, service in SERVICES.items() if not service.get("profiles")}
    assert always == {"postgres", "init", "mail"} | AIRFLOW_SERVICES
    assert {name for name, service in SERVICES.items() if service.get("profiles") == ["celery"]} == {"redis", "worker"}
    assert SERVICES["scheduler"]["environment"]["AIRFLOW__CORE__EXECUTOR"] == "${EXECUTOR:-LocalExecutor}"


@pytest.mark.parametrize("name", SERVICES)
def test_given_a_service_when_started_then_it_is_not_root_and_its_health_is_watched(name: str) -> None:
    service = SERVICES[name]
    assert str(service.get("user", "root")).split(":")[0] not in ("root", "0")
    if name in ONE_SHOT:
        assert name == "init"
    else:
        assert service["restart"] == "unless-stopped"
        assert service["healthcheck"]["test"][0] == "CMD"
    assert "privileged" not in service


@pytest.mark.parametrize("name", SERVICES)
def test_given_a_service_when_started_then_its_root_is_read_only_and_it_has_limits(name: str) -> None:
    service = SERVICES[name]
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert "cap_add" not in service
    for limit in ("mem_limit", "cpus", "pids_limit"):
        assert service[limit], limit
    assert service["networks"], "none is on the default network, where all see all"
    assert [place for place in service["tmpfs"] if "mode=0700" not in place] == ["/tmp"]  # noqa: S108


def test_given_the_networks_when_listed_then_only_what_runs_tasks_reaches_out_and_only_the_web_is_reached() -> None:
    inside = {name for name, network in COMPOSE["networks"].items() if (network or {}).get("internal")}
    assert inside == {"desk", "airflow", "mail"}
    on = {
        network: {name for name, service in SERVICES.items() if network in service["networks"]}
        for network in COMPOSE["networks"]
    }
    assert on["source"] == TASK_RUNNERS
    assert on["web"] == {"api-server"}
    assert on["mail"] == TASK_RUNNERS | {"mail"}
    assert on["desk"] == {"postgres", "init", "worker"} | AIRFLOW_SERVICES
    assert on["airflow"] == {"redis", "worker"} | AIRFLOW_SERVICES
    assert {name for name, service in SERVICES.items() if service.get("ports")} == {"api-server"}


def test_given_the_volumes_when_mounted_then_the_banks_results_are_seen_by_what_runs_tasks_only() -> None:
    mounts = {
        name: dict(volume.split(":", 1) for volume in service.get("volumes", [])) for name, service in SERVICES.items()
    }
    assert {name for name, volumes in mounts.items() if "home" in volumes} == TASK_RUNNERS
    assert mounts["mail"] == {"mails": "/var/lib/nightdesk/mail"}
    assert set(mounts["postgres"]) == {"postgres"}
    assert mounts["redis"] == {}


def test_given_the_secrets_when_handed_out_then_each_service_has_its_own_and_no_other() -> None:
    given = {name: set(service.get("secrets", [])) for name, service in SERVICES.items()}
    desk, bank = {"nightdesk_desk_url"}, {"nightdesk_source_url", "nightdesk_smtp_url"}
    airflow, keys = {"airflow_database_url"}, {"airflow_database_url", "airflow_fernet_key"}
    assert given == {
        "postgres": {name for name in MAKERS if name.startswith("postgres_")},
        "init": keys | desk,
        "api-server": keys | {"airflow_api_secret_key", "airflow_jwt_secret", "airflow_passwords"},
        "scheduler": keys | desk | bank | {"airflow_jwt_secret", "celery_broker_url"},
        "dag-processor": keys,
        "triggerer": keys,
        "mail": set(),
        "redis": {"redis_password"},
        "worker": airflow | desk | bank | {"celery_broker_url"},
    }
    for name, service in SERVICES.items():
        read = set(re.findall(r"/run/secrets/(\w+)", yaml.safe_dump(service)))
        implicit = {secret for secret in given[name] if secret.startswith(("nightdesk_", "postgres_"))}
        assert given[name] == read | implicit, f"{name} is given a secret that it does not read"


def test_given_the_database_server_when_made_then_each_database_has_an_owner_that_alone_may_enter() -> None:
    script = COMPOSE["configs"]["roles"]["content"]
    for database, role in ROLES.items():
        assert f"\\set {role} `cat /run/secrets/postgres_{role}_password`" in script
        assert f"('{role}', :'{role}')" in script
        assert f"create database {database} owner {role};" in script
    assert f"revoke all on database {', '.join(ROLES)}, postgres from public;" in script
    assert "superuser" not in script


def test_given_the_image_when_anything_runs_in_it_then_it_writes_for_its_own_account_only() -> None:
    (entry,) = re.findall(r"^ENTRYPOINT (.+)$", DOCKERFILE, flags=re.MULTILINE)
    words = json.loads(entry)
    done = subprocess.run(
        [*words, sys.executable, "-c", "import os, sys; print(oct(os.umask(0)), sys.argv[1:])", "a b", "$c"],
        capture_output=True,
        text=True,
        check=True,
        umask=0o022,
    )
    assert done.stdout.split(maxsplit=1) == ["0o77", "['a b', '$c']\n"]
    assert not [name for name, service in SERVICES.items() if "entrypoint" in service]


def test_given_the_services_when_they_wait_for_others_then_those_exist_and_can_become_what_is_waited_for() -> None:
    for name, service in SERVICES.items():
        for other, how in dict(service.get("depends_on") or {}).items():
            expected = "service_completed_successfully" if other in ONE_SHOT else "service_healthy"
            assert how["condition"] == expected, (name, other)
            assert other in SERVICES


def test_given_nightdesk_settings_when_set_then_the_code_reads_each_of_them() -> None:
    fields = set(Settings.model_fields)
    for service in OURS.values():
        names = {key for key in service["environment"] if key.startswith("NIGHTDESK_")}
        assert {name.removeprefix("NIGHTDESK_").lower() for name in names} <= fields
    secrets = {name.removeprefix("nightdesk_") for name in COMPOSE["secrets"] if name.startswith("nightdesk_")}
    assert secrets <= fields
    in_image = set(re.findall(r"\b(NIGHTDESK_\w+)=", DOCKERFILE))
    assert {name.removeprefix("NIGHTDESK_").lower() for name in in_image} <= fields


def test_given_the_compose_file_when_settings_are_left_out_then_none_is_set_and_each_can_be() -> None:
    """A key without a value hands the caller's variable on, and leaves it out where the caller has none."""
    secrets = {name.removeprefix("nightdesk_") for name in COMPOSE["secrets"] if name.startswith("nightdesk_")}
    for name in {*AIRFLOW_SERVICES, "init", "worker"}:
        environment = OURS[name]["environment"]
        said = {key: value for key, value in environment.items() if key.startswith("NIGHTDESK_")}
        assert said.pop("NIGHTDESK_HOME") == "/var/lib/nightdesk"
        assert set(said.values()) == {None}
        assert {key.removeprefix("NIGHTDESK_").lower() for key in said} | secrets | {"home"} == set(
            Settings.model_fields
        )
        assert [key for key, value in environment.items() if "NIGHTDESK_" in str(value)] == [BANK_TIME], "no other name"


def test_given_the_banks_time_zone_when_airflow_reads_a_date_without_one_then_it_is_of_that_zone() -> None:
    default = Settings.model_fields["timezone"].default
    for name in {*AIRFLOW_SERVICES, "init", "worker"}:
        assert OURS[name]["environment"][BANK_TIME] == f"${{NIGHTDESK_TIMEZONE:-{default}}}"


def test_given_what_starts_tasks_when_started_then_the_server_that_they_report_to_answers() -> None:
    for name in TASK_RUNNERS:
        assert SERVICES[name]["depends_on"]["api-server"] == {"condition": "service_healthy"}


def test_given_a_secret_file_when_settings_are_read_then_it_is_the_setting(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from nightdesk import settings

    make_secrets(tmp_path)
    monkeypatch.setattr(settings, "SECRETS", tmp_path)
    monkeypatch.delenv("NIGHTDESK_DESK_URL", raising=False)
    monkeypatch.setenv("NIGHTDESK_TIMEZONE", "Asia/Shanghai")
    found = settings.get_settings()
    assert found.desk_url == (tmp_path / "nightdesk_desk_url").read_text()
    assert found.smtp_url == "smtp://mail:1025"


def test_given_airflow_settings_when_set_then_the_installed_airflow_knows_each_of_them(airflow_conf: Any) -> None:
    from airflow.providers_manager import ProvidersManager

    known = {
        (section, key)
        for source in (
            airflow_conf.configuration_description,
            *(sections for _, sections in ProvidersManager().provider_configs),
        )
        for section, description in source.items()
        for key in description["options"]
    }
    assert len(_airflow_keys()) >= 10
    for name in _airflow_keys():
        section, key = name.removeprefix("AIRFLOW__").lower().split("__")
        if key.endswith("_cmd"):
            key = key.removesuffix("_cmd")
            assert (section, key) in airflow_conf.sensitive_config_values, f"{name}: Airflow runs no command for it"
        assert (section, key) in known, name


def test_given_a_secret_when_configured_then_it_comes_from_a_file_and_stands_nowhere_in_plain_text() -> None:
    for name, service in SERVICES.items():
        for key, value in service["environment"].items() if "environment" in service else ():
            assert not re.search(r"://[^/\s]*:[^/\s]*@", str(value)), (name, key)
            if re.search(r"PASSWORD|SECRET|FERNET|TOKEN|_CONN|BROKER|DESK_URL|SOURCE_URL|SMTP_URL", key):
                assert key.endswith(("_CMD", "_FILE")), (name, key)
        read = set(re.findall(r"/run/secrets/(\w+)", yaml.safe_dump(service)))
        assert read <= set(service.get("secrets", [])), f"{name} reads a secret that it is not given"
    text = (ROOT / "docker-compose.yaml").read_text() + DOCKERFILE
    assert not re.search(r"(?i)password\s*[:=]\s*['\"]?\w", text.replace("postgres_password: {file", ""))


def test_given_the_declared_secrets_when_made_then_each_is_a_file_of_its_own_in_a_closed_folder(tmp_path: Path) -> None:
    assert {entry["file"] for entry in COMPOSE["secrets"].values()} == {f"{FOLDER}/{name}" for name in MAKERS}
    assert set(COMPOSE["secrets"]) == set(MAKERS)
    folder = tmp_path / FOLDER
    assert sorted(make_secrets(folder)) == sorted(MAKERS)
    assert (folder / "nightdesk_smtp_url").read_text() == f"smtp://mail:{MAIL_PORT}", "where the mail service listens"
    assert folder.stat().st_mode & 0o777 == 0o700
    assert {path.stat().st_mode & 0o777 for path in folder.iterdir()} == {0o644}, "the containers' accounts read them"
    before = {path.name: path.read_text() for path in folder.iterdir()}
    (folder / "nightdesk_smtp_url").write_text("smtps://bank.example:465")
    (folder / "airflow_jwt_secret").unlink()
    assert make_secrets(folder) == ["airflow_jwt_secret"], "only what is missing is made"
    assert (folder / "nightdesk_smtp_url").read_text() == "smtps://bank.example:465"
    for url, role in (("nightdesk_desk_url", "desk"), ("airflow_database_url", "airflow")):
        assert f"//{role}:{before[f'postgres_{role}_password']}@" in before[url]
    passwords = [before[name] for name in before if name.endswith("_password")]
    assert len(set(passwords)) == len(passwords) == 5
    assert not [name for name in before if name.endswith("_url") and before["postgres_password"] in before[name]]
    web = json.loads(before["airflow_passwords"])
    users = SERVICES["api-server"]["environment"]["AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_USERS"]
    assert set(web) == {user.partition(":")[0] for user in users.split(",")}
    assert len(set(web.values())) == len(web)
    assert f"/{FOLDER}/" in (ROOT / ".gitignore").read_text().splitlines()
    assert FOLDER in (ROOT / ".dockerignore").read_text().splitlines()


def test_given_the_images_when_named_then_each_has_a_full_version_and_ours_is_the_projects() -> None:
    for service in SERVICES.values():
        assert re.search(r":\d+\.\d+(\.\d+)?(-|$)", service["image"]), service["image"]
    assert {service["image"] for service in OURS.values()} == {f"nightdesk:{PROJECT['version']}"}
    assert SERVICES["postgres"]["image"].startswith("postgres:18.")
    bases = set(re.findall(r"^FROM (\S+)", DOCKERFILE, flags=re.MULTILINE))
    (base,) = bases
    version = re.fullmatch(r"python:(\d+\.\d+\.\d+)-slim-\w+", base)
    assert version
    assert SpecifierSet(PROJECT["requires-python"]).contains(version[1])


def test_given_the_image_when_built_then_it_installs_the_lock_by_hash_compiled_and_nothing_else() -> None:
    installs = re.findall(r"pip install [^\\\n&]+", DOCKERFILE)
    assert len(installs) == 3
    for line in installs:
        assert "--require-hashes" in line or "--no-deps -e ." in line, line
    assert "--compile-bytecode -r requirements-image.lock" in installs[1]  # and no tool of the tests
    assert DOCKERFILE.rstrip().splitlines()[-2] == "USER 10001:0"
    locked = re.search(r"^apache-airflow==(\S+)", (ROOT / "requirements.lock").read_text(), flags=re.MULTILINE)
    assert locked
    assert locked[1] == metadata.version("apache-airflow"), "what is tested here is what the image gets"


def test_given_the_image_when_built_then_it_holds_every_folder_that_the_code_reads() -> None:
    copied = set(re.findall(r"^COPY (\w+) \w+$", DOCKERFILE, flags=re.MULTILINE))
    there = {path.name for path in ROOT.iterdir() if path.is_dir() and not path.name.startswith(".")}
    assert copied == {"dags", "expectations", "plugins", "reports", "sql"}
    assert copied <= there | {"expectations"}
    ignored = (ROOT / ".dockerignore").read_text().split()
    assert not copied & set(ignored)


@pytest.mark.parametrize("name", OURS)
def test_given_a_command_of_ours_when_parsed_then_the_program_accepts_it(name: str) -> None:
    command = OURS[name]["command"]
    lines = [shlex.split(line) for line in command[2].split(";")] if command[0] == "sh" else [command]
    lines = [words[1:] if words[0] == "exec" else words for words in lines]
    health = OURS[name]["healthcheck"].get("test", [])[1:]
    for words in [*lines, health]:
        _accepted([word.replace("$$", "$") for word in words])


def _accepted(words: list[str]) -> None:
    match words:
        case ["airflow", *arguments]:
            from airflow.cli.cli_parser import get_parser

            assert get_parser().parse_args(arguments).func
        case ["nightdesk", group, subcommand]:
            from nightdesk.cli import app

            commands = get_command(app).commands[group].commands  # type: ignore[attr-defined]
            assert subcommand in commands
        case ["python", "-c", program]:
            ast.parse(program)
        case ["python", "-m", module, *arguments]:
            from nightdesk.orchestration import mail_catcher

            assert importlib.util.find_spec(module) is not None
            options = [word.removeprefix("--") for word in arguments if word.startswith("--")]
            assert set(options) <= set(mail_catcher.main.__annotations__)
        case ["sh", "-ec", script]:
            assert "airflow.providers.celery.executors.celery_executor.app" in script
        case ["install", *_] | []:
            pass
        case other:
            raise AssertionError(f"nothing here knows {other}")


def test_given_the_celery_profile_when_its_app_is_imported_then_the_locked_versions_fit_together() -> None:
    from airflow.providers.celery.executors.celery_executor import CeleryExecutor, app

    assert app.main == "airflow.providers.celery.executors.celery_executor"
    assert CeleryExecutor.is_local is False


def test_given_the_health_checks_when_they_ask_a_port_then_it_is_the_one_airflow_listens_on(airflow_conf: Any) -> None:
    def asked(name: str) -> str:
        return " ".join(SERVICES[name]["healthcheck"]["test"])

    assert f":{airflow_conf.getint('scheduler', 'scheduler_health_check_server_port')}/health" in asked("scheduler")
    assert ":8080/api/v2/monitor/health" in asked("api-server")
    assert SERVICES["api-server"]["ports"] == ["127.0.0.1:${PORT:-8080}:8080"], "published on loopback only"
    url = SERVICES["worker"]["environment"]["AIRFLOW__CORE__EXECUTION_API_SERVER_URL"]
    assert url == "http://api-server:8080/execution/"
