"""Foramen reads spine notes: level, laterality, severity and clinical correlation, with the words that prove them.

>>> import foramen
>>> audit = foramen.audit("L4-L5: Moderate left foraminal stenosis. L5-S1: foraminal stenosis present.")
>>> audit.findings[0].level, audit.findings[0].side, audit.findings[0].severity
('L4-L5', 'left', 'moderate')
>>> [gap.element for gap in audit.gaps]
['laterality', 'severity']

Offsets count code points, as Python's strings do: ``text[evidence.start:evidence.end] == evidence.text``.
"""

from __future__ import annotations

from foramen._native import ForamenError, LexiconError, SettingsError, Table, __version__
from foramen.auditor import Auditor, audit, audit_table
from foramen.note import Audit

TYPE_CHECKING = False
if TYPE_CHECKING:
    from foramen.results import (
        Code,
        Contradiction,
        Correlation,
        Drug,
        Evidence,
        Finding,
        Flag,
        Gap,
        Ignored,
        Policy,
        Procedure,
        Query,
        Radiculopathy,
        Score,
        ServiceDate,
    )
    from foramen.tables import Stream, Tables

__all__ = [
    "Audit",
    "Auditor",
    "Code",
    "Contradiction",
    "Correlation",
    "Drug",
    "Evidence",
    "Finding",
    "Flag",
    "ForamenError",
    "Gap",
    "Ignored",
    "LexiconError",
    "Policy",
    "Procedure",
    "Query",
    "Radiculopathy",
    "Score",
    "ServiceDate",
    "SettingsError",
    "Stream",
    "Table",
    "Tables",
    "__version__",
    "audit",
    "audit_table",
]


def __getattr__(name: str) -> object:
    """The classes of results, which are brought in when they are first needed."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    import importlib

    module = importlib.import_module("foramen.tables" if name in ("Stream", "Tables") else "foramen.results")
    return getattr(module, name)
