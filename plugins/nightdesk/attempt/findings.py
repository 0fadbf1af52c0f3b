"""What the checks of an attempt leave in the lake beside the rows, below `checks/`, and the columns of each table."""

import pyarrow as pa

from nightdesk.checks import WITHHELD

RESULT = {
    "table_name": pa.string(),
    "expectation": pa.string(),
    "rule": pa.string(),
    "severity": pa.string(),
    "scope": pa.string(),
    "success": pa.bool_(),
    "unexpected_count": pa.int64(),
    "column_name": pa.string(),
    "observed": pa.string(),
    "sample_keys": pa.string(),
    "detail": pa.string(),
}
TOTAL = {
    "table_name": pa.string(),
    "business_date": pa.date32(),
    "branch_id": pa.string(),
    "ccy": pa.string(),
    "expected_count": pa.int64(),
    "actual_count": pa.int64(),
    "expected_sum": pa.decimal128(38, 2),
    "actual_sum": pa.decimal128(38, 2),
    "success": pa.bool_(),
}
_SQL = {
    pa.string(): "VARCHAR",
    pa.bool_(): "BOOLEAN",
    pa.int64(): "BIGINT",
    pa.date32(): "DATE",
    pa.decimal128(38, 2): "DECIMAL(38,2)",
}

#: the tables that are read again, as `night.<name>`: their columns and types in the engine
FINDINGS = {
    "result": {name: _SQL[kind] for name, kind in RESULT.items()},
    "total": {name: _SQL[kind] for name, kind in TOTAL.items()},
    "quarantine": {
        "business_date": "DATE",
        "table_name": "VARCHAR",
        "row_key": "VARCHAR",
        "rule": "VARCHAR",
        "severity": "VARCHAR",
        "detail": "VARCHAR",
    },
    "withheld": WITHHELD,
}

#: of these, what is exported, and the key that its rows are sorted by
EXPORTED = {
    "quarantine": ("table_name", "row_key", "rule"),
    "withheld": ("table_name", "row_key", "column_name", "client_id", "project_id", "loan_id"),
}
