"""Words of a batch: where a model gives templates and figures, its rows are written as sentences."""

from collections.abc import Iterator, Mapping
from typing import Any

import pyarrow as pa

from nightdesk.models import FIGURES
from nightdesk.render.catalogue import Language
from nightdesk.render.sentences import Sentences

#: the language of a column of words, by how its name ends
_LANGUAGES: Mapping[str, Language] = {"_zh": "zh_CN", "_en": "en"}


def in_words(rows: pa.RecordBatchReader, base_ccy: str) -> pa.RecordBatchReader:
    """The rows with the templates in their columns of words filled from FIGURES, and without that column.

    A row whose figures are null is in words already. A model without FIGURES passes as it is. Raises PolicyError for
    a template that asks for what its rows do not give.
    """
    if FIGURES not in rows.schema.names:
        return rows
    kept = pa.schema([field for field in rows.schema if field.name != FIGURES])
    sentences = {ending: Sentences(language, base_ccy) for ending, language in _LANGUAGES.items()}

    def batches() -> Iterator[pa.RecordBatch]:
        for batch in rows:
            figures = batch.column(FIGURES).to_pylist(maps_as_pydicts="strict")
            yield pa.RecordBatch.from_arrays(
                [
                    _filled(batch.column(name), figures, sentences[name[-3:]])
                    if name[-3:] in sentences
                    else batch.column(name)
                    for name in kept.names
                ],
                schema=kept,
            )

    return pa.RecordBatchReader.from_batches(kept, batches())


def _filled(templates: pa.Array, figures: list[dict[str, Any] | None], sentences: Sentences) -> pa.Array:
    said = [
        template if template is None or given is None else sentences.fill(template, given)
        for template, given in zip(templates.to_pylist(), figures, strict=True)
    ]
    return pa.array(said, templates.type)
