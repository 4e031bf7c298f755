"""A component for spaCy: ``nlp.add_pipe("foramen")``.

Findings become spans of ``doc.spans["foramen"]``, labelled with their kind, so that displaCy shows them; the whole audit
is ``doc._.foramen``, and each span has its finding as ``span._.finding``.

>>> import spacy
>>> nlp = spacy.blank("en")
>>> _ = nlp.add_pipe("foramen")
>>> doc = nlp("L4-L5: Moderate left foraminal stenosis.")
>>> [(span.text, span.label_, span._.finding.side) for span in doc.spans["foramen"]]
[('stenosis', 'foraminal_stenosis', 'left')]
"""

from __future__ import annotations

from collections.abc import Iterable

from spacy.language import Language
from spacy.tokens import Doc, Span

from foramen.auditor import Auditor
from foramen.results import Finding


@Language.factory("foramen", default_config={"lexicons": [], "packs": None, "key": "foramen"})
def create(nlp: Language, name: str, lexicons: Iterable[str], packs: list[str] | None, key: str) -> Foramen:
    """Makes the component; ``lexicons`` and ``packs`` as for :class:`foramen.Auditor`, ``key`` of ``doc.spans``."""
    return Foramen(Auditor(lexicons=lexicons, packs=packs), key)


class Foramen:
    """Audits each document."""

    def __init__(self, auditor: Auditor, key: str) -> None:
        self.auditor = auditor
        self.key = key
        if not Doc.has_extension("foramen"):
            Doc.set_extension("foramen", default=None)
        if not Span.has_extension("finding"):
            Span.set_extension("finding", getter=_finding)

    def __call__(self, doc: Doc) -> Doc:
        """Adds the audit and the spans of its findings: of each the words that make it."""
        doc._.foramen = audit = self.auditor.audit(doc.text)
        spans = []
        for finding in audit.findings:
            if finding.anchor is None:
                continue
            start, end = finding.anchor.start, finding.anchor.end
            # Two findings can be made by one word, so that a span needs the id.
            span = doc.char_span(start, end, finding.kind, span_id=finding.id, alignment_mode="expand")
            if span is not None:
                spans.append(span)
        doc.spans[self.key] = spans
        return doc


def _finding(span: Span) -> Finding | None:
    """The finding that a span was made of."""
    audit = span.doc._.foramen
    findings = () if audit is None else audit.findings
    return next((finding for finding in findings if finding.id == span.id_), None)
