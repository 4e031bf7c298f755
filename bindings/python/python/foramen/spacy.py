"""A component for spaCy: ``nlp.add_pipe("foramen")``.

Findings become spans of ``doc.spans["foramen"]``, labelled with their kind, so that displaCy shows them; the whole audit
is ``doc._.foramen``, and each span has its finding as ``span._.finding``. Both stay with a document that is stored or
sent to another process; who reads such documents imports this module.

>>> import spacy
>>> nlp = spacy.blank("en")
>>> _ = nlp.add_pipe("foramen")
>>> doc = nlp("L4-L5: Moderate left foraminal stenosis.")
>>> [(span.text, span.label_, span._.finding.side) for span in doc.spans["foramen"]]
[('stenosis', 'foraminal_stenosis', 'left')]
"""

from __future__ import annotations

import functools
from collections.abc import Iterable

from spacy.language import Language
from spacy.tokens import Doc, Span

from foramen.auditor import Auditor
from foramen.note import Audit, Kept
from foramen.results import Finding

# Under which a document keeps its audit.
KEY = "foramen"


@Language.factory("foramen", default_config={"lexicons": [], "packs": None, "key": "foramen"})
def create(nlp: Language, name: str, lexicons: Iterable[str], packs: list[str] | None, key: str) -> Foramen:
    """Makes the component; ``lexicons`` and ``packs`` as for :class:`foramen.Auditor`, ``key`` of ``doc.spans``."""
    return Foramen(Auditor(lexicons=lexicons, packs=packs), key)


class Foramen:
    """Audits each document."""

    def __init__(self, auditor: Auditor, key: str) -> None:
        self.auditor = auditor
        self.key = key

    def __call__(self, doc: Doc) -> Doc:
        """Adds the audit and the spans of its findings: of each the words that make it."""
        kept = self.auditor.audit(doc.text).kept()
        # Plain data, which spaCy can serialise.
        doc.user_data[KEY] = [kept.whole, kept.bare]
        spans = []
        for finding in _read(kept.whole, kept.bare, doc.text).findings:
            if finding.anchor is None:
                continue
            start, end = finding.anchor.start, finding.anchor.end
            # Two findings can be made by one word, so that a span needs the id.
            span = doc.char_span(start, end, finding.kind, span_id=finding.id, alignment_mode="expand")
            if span is not None:
                spans.append(span)
        doc.spans[self.key] = spans
        return doc


@functools.lru_cache(maxsize=16)
def _read(whole: str, bare: str | None, text: str) -> Audit:
    """The audit that a document keeps; that of the last ones, of which each span asks, is read once."""
    return Audit(Kept(whole, bare), text)


def _audit(doc: Doc) -> Audit | None:
    """The audit of a document; ``None`` where it has not been through the component."""
    kept = doc.user_data.get(KEY)
    return None if kept is None else _read(kept[0], kept[1], doc.text)


def _finding(span: Span) -> Finding | None:
    """The finding that a span was made of."""
    audit = _audit(span.doc)
    findings = () if audit is None else audit.findings
    return next((finding for finding in findings if finding.id == span.id_), None)


# spaCy keeps what it was told even where this module is brought in anew.
if not Doc.has_extension("foramen"):
    Doc.set_extension("foramen", getter=_audit)
if not Span.has_extension("finding"):
    Span.set_extension("finding", getter=_finding)
