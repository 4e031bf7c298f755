"""Foramen reads spine notes: level, laterality, severity and clinical correlation, with the words that prove them.

>>> import foramen
>>> audit = foramen.audit("L4-L5: Moderate left foraminal stenosis. L5-S1: foraminal stenosis present.")
>>> audit.findings[0].level, audit.findings[0].side, audit.findings[0].severity
('L4-L5', 'left', 'moderate')
>>> [gap.element for gap in audit.gaps]
['laterality', 'severity']

Offsets count code points, as Python's strings do: ``text[evidence.start:evidence.end] == evidence.text``.
"""

from foramen._native import ForamenError, LexiconError, SettingsError, __version__
from foramen.auditor import Auditor, audit
from foramen.results import (
    Audit,
    Code,
    Correlation,
    Evidence,
    Finding,
    Flag,
    Gap,
    Procedure,
    Query,
    Radiculopathy,
    Score,
)

__all__ = [
    "Audit",
    "Auditor",
    "Code",
    "Correlation",
    "Evidence",
    "Finding",
    "Flag",
    "ForamenError",
    "Gap",
    "LexiconError",
    "Procedure",
    "Query",
    "Radiculopathy",
    "Score",
    "SettingsError",
    "__version__",
    "audit",
]
