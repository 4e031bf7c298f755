"""Facts of a note, as plain data. ``None`` is what the note does not state."""

from __future__ import annotations

import functools
from dataclasses import dataclass, fields
from typing import Any


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


# Which keys of the contract's object hold which facts, and which parts of a fact are facts themselves.
_KINDS: dict[str, type] = {
    "codes": Code,
    "contradictions": Contradiction,
    "correlation": Correlation,
    "drugs": Drug,
    "evidence": Evidence,
    "findings": Finding,
    "flags": Flag,
    "gaps": Gap,
    "grade": Evidence,
    "ignored": Ignored,
    "policies": Policy,
    "procedures": Procedure,
    "query": Query,
    "radiculopathies": Radiculopathy,
    "score": Score,
    "service_date": ServiceDate,
}
_PARTS = {name: _KINDS[name] for name in ("drugs", "evidence", "grade", "query")}


class Facts:
    """The contract's object, with its parts as dataclasses."""

    def __init__(self, found: dict[str, Any]) -> None:
        self._found = found

    def plain(self, key: str) -> Any:
        """A value as it is."""
        return self._found[key]

    def one(self, key: str) -> Any:
        """A fact, or ``None``."""
        return _fact(_KINDS[key], self._found[key])

    def all(self, key: str) -> tuple[Any, ...]:
        """A list of facts; a key that is left out holds none."""
        return tuple(_fact(_KINDS[key], each) for each in self._found.get(key, ()))


@functools.cache
def _shape(kind: type) -> tuple[frozenset[str], tuple[tuple[str, type | None], ...]]:
    """The names of its fields, and which of them are not plain: of what kind their parts are, ``None`` for text."""
    names = frozenset(each.name for each in fields(kind))
    lists = (each.name for each in fields(kind) if str(each.type).startswith("tuple"))
    return names, tuple((name, _PARTS.get(name)) for name in dict.fromkeys((*lists, *(_PARTS.keys() & names))))


def _fact(kind: type, found: dict[str, Any] | None) -> Any:
    """A fact of this kind. Keys that this version of the package does not know are left to ``to_dict``."""
    if found is None:
        return None
    names, parts = _shape(kind)
    known = found.copy() if found.keys() <= names else {name: found[name] for name in found.keys() & names}
    for name, part in parts:
        value = known.get(name)
        if isinstance(value, list):
            known[name] = tuple(value) if part is None else tuple([_fact(part, each) for each in value])
        elif part is not None:
            known[name] = _fact(part, value)
    return kind(**known)
