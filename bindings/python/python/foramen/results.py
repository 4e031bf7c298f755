"""What one note gave, as plain data. ``None`` is what the note does not state."""

from __future__ import annotations

import functools
import json
from dataclasses import dataclass, fields
from typing import Any

from foramen import _native, html


@dataclass(frozen=True, slots=True)
class Evidence:
    """Words of the note and what they prove; ``start`` and ``end`` count code points."""

    start: int
    end: int
    role: str | None = None
    text: str | None = None


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that is said of the neural foramen or one of its neighbours."""

    id: str
    kind: str
    level: str | None
    side: str | None
    severity: str | None
    status: str
    section: str
    evidence: tuple[Evidence, ...] = ()
    subtype: str | None = None
    root: str | None = None
    grade: Evidence | None = None

    @property
    def anchor(self) -> Evidence | None:
        """The words that make it; the first evidence where none is marked as such."""
        anchors = (evidence for evidence in self.evidence if evidence.role == "anchor")
        return next(anchors, self.evidence[0] if self.evidence else None)


@dataclass(frozen=True, slots=True)
class Drug:
    """What was injected; the dose where it is known."""

    name: str
    dose_mg: float | None = None


@dataclass(frozen=True, slots=True)
class Procedure:
    """Something that was, will or might be done."""

    id: str
    family: str
    level: str | None
    side: str | None
    status: str
    section: str
    guidance: str | None = None
    drugs: tuple[Drug, ...] = ()
    evidence: tuple[Evidence, ...] = ()


@dataclass(frozen=True, slots=True)
class Radiculopathy:
    """A nerve root that gives symptoms or signs."""

    root: str | None
    side: str | None
    status: str
    evidence: tuple[Evidence, ...] = ()


@dataclass(frozen=True, slots=True)
class Correlation:
    """How the note joins imaging to symptoms: ``explicit``, ``implicit`` or ``none``."""

    status: str
    concordance: str | None = None
    evidence: tuple[Evidence, ...] = ()


@dataclass(frozen=True, slots=True)
class Code:
    """A code that the note itself states."""

    system: str
    code: str
    start: int
    end: int
    modifiers: tuple[str, ...] = ()
    units: int | None = None
    section: str | None = None


@dataclass(frozen=True, slots=True)
class Query:
    """The question to the clinician: it leads nowhere, and "other" and "unable to determine" are always among its options."""

    text: str
    indicators: tuple[str, ...] = ()
    options: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Gap:
    """A required element that is missing; ``finding`` or ``procedure`` is the id of what lacks it."""

    rule: str
    element: str
    kind: str | None = None
    level: str | None = None
    side: str | None = None
    finding: str | None = None
    procedure: str | None = None
    query: Query | None = None


@dataclass(frozen=True, slots=True)
class Flag:
    """A statement that disagrees with another or with a rule."""

    rule: str
    severity: str
    message: str
    evidence: tuple[Evidence, ...] = ()


@dataclass(frozen=True, slots=True)
class Contradiction:
    """Two findings, by their ids, that cannot both hold; ``between`` says what disagrees."""

    kind: str
    level: str | None
    between: str
    findings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Ignored:
    """A gap or a flag that was set aside, with the reason that was given."""

    rule: str
    element: str | None = None
    finding: str | None = None
    procedure: str | None = None
    message: str | None = None
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Policy:
    """The coverage policy by which the note was judged."""

    pack: str
    contractor: str
    lcd: str
    article: str | None
    effective_from: str


@dataclass(frozen=True, slots=True)
class ServiceDate:
    """The day (``YYYY-MM-DD``) by whose rules the note was judged: ``given``, read from the ``note``, or ``assumed``."""

    day: str
    origin: str


@dataclass(frozen=True, slots=True)
class Score:
    """Elements documented, elements required, and the percentage; ``None`` where nothing is required."""

    documented: int
    required: int
    percent: float | None


class Audit:
    """What one note gave. Each part is read from the native result when it is first asked for."""

    def __init__(self, native: _native.NoteAudit, text: str) -> None:
        self._native = native
        self.text = text

    def to_dict(self, *, text: bool = True) -> dict[str, Any]:
        """The contract's object, as ``foramen extract`` prints it, with offsets in code points.

        Without ``text`` no word of the note is in it; offsets stay.
        """
        return json.loads(self._native.json(text))

    @functools.cached_property
    def _facts(self) -> dict[str, Any]:
        return self.to_dict()

    @property
    def note_id(self) -> str:
        """The id that was given."""
        return self._facts["note_id"]

    @property
    def note_type(self) -> str:
        """What the note was written for, as given or as read."""
        return self._facts["note_type"]

    @functools.cached_property
    def service_date(self) -> ServiceDate | None:
        """The day of service; ``None`` where no rule depends on it."""
        return _row(ServiceDate, self._facts["service_date"])

    @property
    def encounter(self) -> dict[str, Any] | None:
        """What is told around the procedures, as in :meth:`to_dict`; ``None`` where nothing is."""
        return self._facts["encounter"]

    @functools.cached_property
    def findings(self) -> tuple[Finding, ...]:
        """Findings in the order of the note."""
        return _rows(Finding, self._facts["findings"])

    @functools.cached_property
    def procedures(self) -> tuple[Procedure, ...]:
        """Procedures in the order of the note."""
        return _rows(Procedure, self._facts["procedures"])

    @functools.cached_property
    def radiculopathies(self) -> tuple[Radiculopathy, ...]:
        """Roots that give symptoms or signs."""
        return _rows(Radiculopathy, self._facts["radiculopathies"])

    @functools.cached_property
    def correlation(self) -> Correlation | None:
        """How imaging is joined to symptoms; ``None`` of reports, which do not owe it."""
        return _row(Correlation, self._facts["correlation"])

    @property
    def conservative_care(self) -> bool | None:
        """Whether care without needle or knife is told; ``None`` of reports."""
        return self._facts["conservative_care"]

    @functools.cached_property
    def codes(self) -> tuple[Code, ...]:
        """Codes that the note states."""
        return _rows(Code, self._facts["codes"])

    @functools.cached_property
    def gaps(self) -> tuple[Gap, ...]:
        """What is missing, with the query for each."""
        return _rows(Gap, self._facts["gaps"])

    @functools.cached_property
    def flags(self) -> tuple[Flag, ...]:
        """What disagrees."""
        return _rows(Flag, self._facts["flags"])

    @functools.cached_property
    def contradictions(self) -> tuple[Contradiction, ...]:
        """Findings that cannot both hold."""
        return _rows(Contradiction, self._facts["contradictions"])

    @functools.cached_property
    def ignored(self) -> tuple[Ignored, ...]:
        """Gaps and flags that were set aside."""
        return _rows(Ignored, self._facts.get("ignored", []))

    @functools.cached_property
    def policies(self) -> tuple[Policy, ...]:
        """Coverage policies that apply."""
        return _rows(Policy, self._facts.get("policies", []))

    @functools.cached_property
    def score(self) -> Score:
        """How complete the note is."""
        return _row(Score, self._facts["score"])

    def __repr__(self) -> str:
        counts = f"{len(self.findings)} findings, {len(self.gaps)} gaps, {len(self.flags)} flags"
        return f"<foramen.Audit {self.note_id!r}: {counts}>"

    def _repr_html_(self) -> str:
        return html.page(self)


# Parts of a fact that are facts themselves.
_PARTS: dict[str, type] = {"drugs": Drug, "evidence": Evidence, "grade": Evidence, "query": Query}


@functools.cache
def _names(kind: type) -> frozenset[str]:
    return frozenset(each.name for each in fields(kind))


def _row(kind: type, row: dict[str, Any] | None) -> Any:
    """A fact of this kind. Keys that this version of the package does not know are left to ``to_dict``."""
    if row is None:
        return None
    names = _names(kind)
    return kind(**{name: _value(_PARTS.get(name), value) for name, value in row.items() if name in names})


def _value(kind: type | None, value: Any) -> Any:
    if isinstance(value, list):
        return tuple(value) if kind is None else tuple(_row(kind, each) for each in value)
    return value if kind is None else _row(kind, value)


def _rows(kind: type, rows: list[dict[str, Any]]) -> tuple[Any, ...]:
    return tuple(_row(kind, row) for row in rows)
