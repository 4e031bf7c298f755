"""What one note gave. Most callers look at a part of it: each is read from the native result when it is first asked for."""

from __future__ import annotations

import functools

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from foramen import _native, results


class Kept:
    """An audit as JSON, in place of the native one: from another process, a document or a server.

    Args:
        whole: the contract's object.
        bare: the same without words of the note; ``None`` where it is not known.
    """

    __slots__ = ("bare", "whole")

    def __init__(self, whole: str, bare: str | None) -> None:
        self.whole = whole
        self.bare = bare

    def json(self, text: bool) -> str:
        """As of the native audit."""
        if text:
            return self.whole
        if self.bare is None:
            raise ValueError("an audit from a server is kept as it came, words included")
        return self.bare


class Audit:
    """What one note gave. It can be pickled, and so sent to other processes."""

    def __init__(self, native: _native.NoteAudit | Kept, text: str) -> None:
        self._native = native
        self.text = text

    def to_dict(self, *, text: bool = True) -> dict[str, Any]:
        """The contract's object, as ``foramen extract`` prints it, with offsets in code points.

        Without ``text`` no word of the note is in it; offsets stay.
        """
        import json

        found: dict[str, Any] = json.loads(self._native.json(text))
        return found

    @functools.cached_property
    def _facts(self) -> results.Facts:
        from foramen import results

        return results.Facts(self.to_dict())

    @property
    def note_id(self) -> str:
        """The id that was given."""
        return self._facts.plain("note_id")

    @property
    def note_type(self) -> str:
        """What the note was written for, as given or as read."""
        return self._facts.plain("note_type")

    @functools.cached_property
    def service_date(self) -> results.ServiceDate | None:
        """The day of service; ``None`` where no rule depends on it."""
        return self._facts.one("service_date")

    @property
    def encounter(self) -> dict[str, Any] | None:
        """What is told around the procedures, as in :meth:`to_dict`; ``None`` where nothing is."""
        return self._facts.plain("encounter")

    @functools.cached_property
    def findings(self) -> tuple[results.Finding, ...]:
        """Findings in the order of the note."""
        return self._facts.all("findings")

    @functools.cached_property
    def procedures(self) -> tuple[results.Procedure, ...]:
        """Procedures in the order of the note."""
        return self._facts.all("procedures")

    @functools.cached_property
    def radiculopathies(self) -> tuple[results.Radiculopathy, ...]:
        """Roots that give symptoms or signs."""
        return self._facts.all("radiculopathies")

    @functools.cached_property
    def correlation(self) -> results.Correlation | None:
        """How imaging is joined to symptoms; ``None`` of reports, which do not owe it."""
        return self._facts.one("correlation")

    @property
    def conservative_care(self) -> bool | None:
        """Whether care without needle or knife is told; ``None`` of reports."""
        return self._facts.plain("conservative_care")

    @functools.cached_property
    def codes(self) -> tuple[results.Code, ...]:
        """Codes that the note states."""
        return self._facts.all("codes")

    @functools.cached_property
    def gaps(self) -> tuple[results.Gap, ...]:
        """What is missing, with the query for each."""
        return self._facts.all("gaps")

    @functools.cached_property
    def flags(self) -> tuple[results.Flag, ...]:
        """What disagrees."""
        return self._facts.all("flags")

    @functools.cached_property
    def contradictions(self) -> tuple[results.Contradiction, ...]:
        """Findings that cannot both hold."""
        return self._facts.all("contradictions")

    @functools.cached_property
    def ignored(self) -> tuple[results.Ignored, ...]:
        """Gaps and flags that were set aside."""
        return self._facts.all("ignored")

    @functools.cached_property
    def policies(self) -> tuple[results.Policy, ...]:
        """Coverage policies that apply."""
        return self._facts.all("policies")

    @functools.cached_property
    def score(self) -> results.Score:
        """How complete the note is."""
        return self._facts.one("score")

    def kept(self) -> Kept:
        """The same facts without the engine that found them."""
        if isinstance(self._native, Kept):
            return self._native
        return Kept(self._native.json(True), self._native.json(False))

    def __reduce__(self) -> tuple[Any, ...]:
        return Audit, (self.kept(), self.text)

    def __repr__(self) -> str:
        counts = f"{len(self.findings)} findings, {len(self.gaps)} gaps, {len(self.flags)} flags"
        return f"<foramen.Audit {self.note_id!r}: {counts}>"

    def _repr_html_(self) -> str:
        from foramen import html

        return html.page(self)
