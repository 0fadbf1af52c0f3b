"""Addresses are shown without secrets, whatever their form, and stay readable otherwise."""

from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError

from nightdesk.addresses import masked_url, unusable_url
from nightdesk.source import open_source

SECRET = "s3cret"


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("postgresql://u:s3cret@h:5432/db", "postgresql://u:***@h:5432/db"),
        ("postgresql://:s3cret@h/db", "postgresql://:***@h/db"),
        ("postgresql://u:s3cret/a?b@c@h/db?sslmode=require", "postgresql://u:***@h/db?sslmode=require"),
        ("postgresql://h/db?user=u&password=s3cret", "postgresql://h/db?user=u&password=***"),
        ("postgresql://u@h/db?PassWord=s3cret&a=1", "postgresql://u@h/db?PassWord=***&a=1"),
        ("postgresql://u:s3cret@h/db?sslpassword=s3cret", "postgresql://u:***@h/db?sslpassword=***"),
        ("postgresql://u:s3cret@127.0.0.1:port/x", "postgresql://u:***@127.0.0.1:port/x"),
        ("mssql+pyodbc:///?odbc_connect=DRIVER%3Dx%3BPWD%3Ds3cret", "mssql+pyodbc:///?odbc_connect=***"),
        ("smtp+starttls://u:s3cret@mail:587", "smtp+starttls://u:***@mail:587"),
        ("s3://id:s3cret@bucket/lake", "s3://id:***@bucket/lake"),
        ("host=h password=s3cret dbname=x", "host=h password=*** dbname=x"),
        ("sqlite:////data/a@b.db", "sqlite:////data/a@b.db"),
        ("postgresql://u@h/db?application_name=a@b", "postgresql://u@h/db?application_name=a@b"),
        ("postgresql://u:s3cret?@h/db", "postgresql://u:***@h/db"),
        ("postgresql://u:s3cret@?password=s3cret", "postgresql://u:***@?password=***"),
        ("mssql+pyodbc://?odbc_connect=PWD%3Ds3cret", "mssql+pyodbc://?odbc_connect=***"),
        ("file:///var/mail", "file:///var/mail"),
        ("nonsense", "nonsense"),
        ("", ""),
    ],
)
def test_a_url_is_shown_without_its_secrets(url: str, shown: str) -> None:
    assert masked_url(url) == shown
    assert SECRET not in masked_url(url)
    assert masked_url(shown) == shown


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("postgresql://u:s3cret@127.0.0.1:s3cret/x", "its port is not a number"),
        ("nonsense", "Could not parse SQLAlchemy URL from given URL string"),
    ],
)
def test_an_address_of_no_use_is_told_without_its_secrets(url: str, said: str) -> None:
    with pytest.raises((ValueError, ArgumentError)) as failed:
        make_url(url)
    assert unusable_url(failed.value) == said


def test_what_the_ledger_keeps_of_a_source_has_no_secret() -> None:
    source = open_source("postgresql://u:s3cret@h/db?password=s3cret&sslmode=require", "contract", ZoneInfo("UTC"))
    assert source.label == "postgresql+psycopg://u:***@h/db?password=***&sslmode=require"
