"""Tables of facts, for any tool that takes the Arrow C stream interface.

>>> import foramen, pyarrow
>>> notes = pyarrow.table({"note_id": ["n1"], "text": ["L4-L5: Moderate left foraminal stenosis."]})
>>> tables = foramen.audit_table(notes)
>>> pyarrow.table(tables.findings).select(["note_id", "level", "side", "severity"]).to_pylist()
[{'note_id': 'n1', 'level': 'L4-L5', 'side': 'left', 'severity': 'moderate'}]
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from foramen._native import Run, Table


@dataclass(frozen=True, slots=True)
class Tables:
    """What notes gave: one row a fact, all joined by ``note_id``; docs/tables.md has every column.

    Each is an object with ``__arrow_c_stream__``: ``pyarrow.table(tables.findings)``, ``polars.DataFrame(tables.findings)``,
    ``pandas.DataFrame.from_arrow(tables.findings)``, and DuckDB reads it by its variable's name. Offsets count code points,
    as Python's strings do.
    """

    notes: Table
    """One row a note, whether anything was found in it or not."""
    findings: Table
    """One row a finding."""
    procedures: Table
    """One row a procedure."""
    gaps: Table
    """One row a missing element, with its query."""
    flags: Table
    """One row a statement that disagrees with another or with a rule."""
    rejects: Table
    """One row a record that could not be read: which (``record``, counted from 1), and why."""


class Stream(Iterator[Tables]):
    """The tables of some thousand notes at a time, in the order of the input.

    The next notes are audited while these are looked at. Leaving it as a context, or forgetting it, ends the work.
    """

    __slots__ = ("_run",)

    def __init__(self, run: Run) -> None:
        self._run = run

    def __next__(self) -> Tables:
        return Tables(*next(self._run))

    def __enter__(self) -> Stream:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Ends the work."""
        self._run.close()
