"""Notes in Spark: the same engine on every worker, over ``mapInArrow``.

>>> from foramen import spark as fs                                     # doctest: +SKIP
>>> audited = fs.audit(notes, columns={"text": "report"}).cache()       # doctest: +SKIP
>>> fs.rows(audited, "gaps").groupBy("rule").count().show()             # doctest: +SKIP

One pass gives all tables: each row of ``audited`` is a row of one of them, in the column of its name. docs/spark.md says
what to set and how to bring the package to the workers.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping

import pyarrow as pa
from pyspark import TaskContext
from pyspark.sql import DataFrame
from pyspark.sql.pandas.types import from_arrow_schema, to_arrow_schema

from foramen import given
from foramen.auditor import Auditor, default
from foramen.tables import Tables

TABLES = ("notes", "findings", "procedures", "gaps", "flags", "rejects")
"""The tables that one pass gives."""


def audit(
    notes: DataFrame,
    *,
    auditor: Auditor | None = None,
    columns: Mapping[str, str] | None = None,
    tables: Iterable[str] = TABLES,
    text: bool = True,
) -> DataFrame:
    """Audits the notes of a DataFrame where they lie; nothing is shuffled.

    Args:
        notes: a row a note. All of its columns go to the Python workers: select those that count.
        auditor: the lexicon and the rules; the default ones where it is not given. It is sent to the workers whole, so that
            they need none of its files.
        columns: as in :meth:`foramen.Auditor.audit_table`.
        tables: those that are wanted; the others are not handed over.
        text: whether words of the notes may stand in the results.

    Returns:
        A DataFrame with a column for each table, a structure with its columns; of a row all but one are null. Cache it or
        write it once, and take the tables out with :func:`rows`. ``file`` has the partition and the batch that a note came
        in, ``record`` its row there; what cannot be read is found by these in ``rejects``.

    Raises:
        ValueError: there is no such table, or the notes have no such column.
        TypeError: the column of the notes holds no text.
    """
    wanted = tuple(tables)
    if not wanted or any(name not in TABLES for name in wanted):
        raise ValueError(f"tables: there are {', '.join(TABLES)}")
    named = dict(given.pairs("columns", columns))
    auditor = auditor or default()
    # No note yet: the columns are looked at here, and not first on the workers.
    nothing = auditor.audit_table(to_arrow_schema(notes.schema).empty_table(), columns=named, text=text)
    schema = pa.schema([pa.field(name, _structure(nothing, name)) for name in wanted])
    return notes.mapInArrow(_partition(auditor, named, schema, text), from_arrow_schema(schema))


def rows(audited: DataFrame, table: str) -> DataFrame:
    """The rows of one table out of what :func:`audit` gave."""
    return audited.where(audited[table].isNotNull()).select(f"{table}.*")


def _structure(tables: Tables, name: str) -> pa.StructType:
    """The columns of a table as a structure, which may be null with all that is in it."""
    return pa.struct([field.remove_metadata().with_nullable(True) for field in pa.schema(getattr(tables, name))])


def _partition(
    auditor: Auditor, columns: dict[str, str], schema: pa.Schema, text: bool
) -> Callable[[Iterator[pa.RecordBatch]], Iterator[pa.RecordBatch]]:
    """What a worker makes of a partition. Spark has a core for each, so one thread does it."""

    def audited(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        context = TaskContext.get()
        partition = context.partitionId() if context else 0
        for at, batch in enumerate(batches):
            name = f"partition-{partition}/{at}"
            tables = auditor.audit_table(batch, columns=columns, name=name, threads=1, text=text)
            for table in schema.names:
                for found in pa.table(getattr(tables, table)).to_batches():
                    if found.num_rows:
                        yield _union(found, table, schema)

    return audited


def _union(found: pa.RecordBatch, table: str, schema: pa.Schema) -> pa.RecordBatch:
    """Rows of one table, in the column of its name."""
    own = pa.StructArray.from_arrays(found.columns, fields=list(schema.field(table).type))
    nulls = (pa.nulls(found.num_rows, field.type) for field in schema)
    columns = [own if field.name == table else null for field, null in zip(schema, nulls)]
    return pa.RecordBatch.from_arrays(columns, schema=schema)
