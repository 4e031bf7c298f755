"""Foramen reads spine notes: level, laterality, severity and clinical correlation, with the words that prove them.

>>> import foramen
>>> audit = foramen.audit("L4-L5: Moderate left foraminal stenosis. L5-S1: foraminal stenosis present.")
>>> audit.findings[0].level, audit.findings[0].side, audit.findings[0].severity
('L4-L5', 'left', 'moderate')
>>> [gap.element for gap in audit.gaps]
['laterality', 'severity']

Offsets count code points, as Python's strings do: ``text[evidence.start:evidence.end] == evidence.text``.
"""

from foramen._native import ForamenError, LexiconError, SettingsError, Table, __version__
from foramen.auditor import Auditor, audit, audit_table
from foramen.results import (
    Audit,
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
