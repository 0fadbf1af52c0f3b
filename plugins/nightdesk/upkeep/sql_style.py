"""A plugin of sqlfluff: DuckDB's named parameters (`$business_date`), which its dialect does not know.

They are read as what the dialect already knows, numbered parameters (`$1`): a literal of unknown value. Found by
the entry point in pyproject.toml; nothing else imports this module.
"""

from sqlfluff.core.dialects import load_raw_dialect
from sqlfluff.core.parser import LiteralSegment, RegexLexer

load_raw_dialect("duckdb").patch_lexer_matchers(
    [RegexLexer("dollar_numeric_literal", r"\$(?:\d+|[A-Za-z_]\w*)", LiteralSegment)]
)
