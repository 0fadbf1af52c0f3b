"""A source that cannot be used is told before a night begins: by what is wrong with its address or its profile."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from bank_reading import SHANGHAI

from nightdesk.errors import PolicyError, SourceError
from nightdesk.source import open_source
from nightdesk.source.postgres import _instant


@pytest.mark.parametrize("profile", ["nowhere", "no_where", "../extract", "", "."])
def test_given_a_profile_that_is_no_folder_of_mappings_then_those_that_there_are_are_named(profile: str) -> None:
    with pytest.raises(PolicyError, match="there is no profile") as said:
        open_source("sqlite://", profile, SHANGHAI)
    assert "contract" in said.value.remedy


@pytest.mark.parametrize("address", ["sqlite:///{}", "sqlite:///file:{}?mode=ro&uri=true"])
def test_given_a_sqlite_file_then_it_has_to_be_there(tmp_path: Path, address: str) -> None:
    file = tmp_path / "bank.db"
    with pytest.raises(SourceError, match=r"the SQLite file .*bank\.db does not exist"):
        open_source(address.format(file), "contract", SHANGHAI)
    assert not file.exists()
    file.touch()
    assert "bank.db" in open_source(address.format(file), "contract", SHANGHAI).label


def test_given_an_address_with_a_password_then_it_is_shown_without() -> None:
    source = open_source("postgresql://reader:se:cret@bank.example/core?sslmode=require", "contract", SHANGHAI)
    assert source.label == "postgresql+psycopg://reader:***@bank.example/core?sslmode=require"


@pytest.mark.parametrize(
    ("address", "package", "scheme"),
    [
        ("oracle://r:p@h/x", "oracledb", "oracle+oracledb"),
        ("mssql://r:p@h/x", "pyodbc", "mssql+pyodbc"),
        ("mysql://r:p@h/x", "pymysql", "mysql+pymysql"),
        ("mysql+mysqldb://r:p@h/x", "mysqlclient", "mysql+mysqldb"),
        ("mysql+aiomysql://r:p@h/x", "aiomysql", "mysql+aiomysql"),
        ("db2://r:p@h/x", "ibm_db_sa", "ibm_db_sa"),
        ("snowflake://r:p@h/x", "sqlalchemy-snowflake", "snowflake"),
        ("oracle+nodriver://r:p@h/x", "nodriver", "oracle+nodriver"),
    ],
)
def test_given_a_database_whose_driver_is_not_there_then_its_package_is_named(
    address: str, package: str, scheme: str
) -> None:
    with pytest.raises(SourceError, match=rf"the package {package}\. ") as said:
        open_source(address, "contract", SHANGHAI)
    assert f"write the URL as {scheme}://user" in said.value.remedy


@pytest.mark.parametrize(("version", "can_ask"), [(159_999, False), (160_000, True)])
def test_given_postgresql_before_16_then_an_instant_is_read_without_asking_whether_it_is_one(
    version: int, can_ask: bool
) -> None:
    connection: Any = SimpleNamespace(info=SimpleNamespace(server_version=version))
    said = _instant(connection, "s.known_at", is_text_column=True)
    assert ("pg_input_is_valid" in said) is can_ask
