"""Drivers of databases: Nightdesk brings PostgreSQL's and SQLite's, a bank installs its own."""

from sqlalchemy import URL

from nightdesk.errors import SourceError

#: the package and the URL's first part that serve a database; other databases go by the name of their dialect
_DRIVERS = {
    "mysql": ("pymysql", "mysql+pymysql"),
    "mariadb": ("pymysql", "mariadb+pymysql"),
    "oracle": ("oracledb", "oracle+oracledb"),
    "mssql": ("pyodbc", "mssql+pyodbc"),
    "db2": ("ibm_db_sa", "ibm_db_sa"),
    "ibm_db_sa": ("ibm_db_sa", "ibm_db_sa"),
}
#: modules that another package brings
_PACKAGE_OF = {"MySQLdb": "mysqlclient"}


def missing_driver(address: URL, error: Exception) -> SourceError:
    """What to install for an address whose driver is not there."""
    backend, _, named = address.drivername.partition("+")
    package, scheme = _DRIVERS.get(backend, (f"sqlalchemy-{backend}", address.drivername))
    if named:  # asked for by name: that very one
        module = str(getattr(error, "name", None) or named)
        package, scheme = _PACKAGE_OF.get(module, module), address.drivername
    return SourceError(
        f"the source's database {backend} needs a driver that is not installed: the package {package}",
        f"Install it beside Nightdesk (pip install {package}) and write the URL as {scheme}://user:password@host/…",
    )
