"""The component for spaCy."""

from __future__ import annotations

import foramen
import pytest
import spacy
from spacy import displacy

TEXT = "≥ 3 mm 🦴. L4-L5: Moderate left foraminal stenosis. L5-S1: No foraminal stenosis."


@pytest.fixture
def nlp() -> spacy.Language:
    nlp = spacy.blank("en")
    nlp.add_pipe("foramen")
    return nlp


def test_findings_are_spans(nlp) -> None:
    doc = nlp(TEXT)
    told = [(s.text, s.label_, s._.finding.level, s._.finding.side, s._.finding.status) for s in doc.spans["foramen"]]
    assert told == [
        ("stenosis", "foraminal_stenosis", "L4-L5", "left", "present"),
        ("stenosis", "foraminal_stenosis", "L5-S1", None, "absent"),
    ]
    assert isinstance(doc._.foramen, foramen.Audit) and len(doc._.foramen.findings) == 2


def test_displacy_shows_them(nlp) -> None:
    page = displacy.render(nlp(TEXT), style="span", options={"spans_key": "foramen"}, jupyter=False)
    assert page.count("foraminal_stenosis") == 2


def test_texts_of_corpora_pass(nlp, notes) -> None:
    for note, doc in zip(notes, nlp.pipe(note["text"] for note in notes), strict=True):
        assert doc.text == note["text"]
        assert [s._.finding for s in doc.spans["foramen"]] == list(doc._.foramen.findings)


def test_it_is_configured_and_kept(nlp, tmp_path) -> None:
    other = spacy.blank("en")
    other.add_pipe("foramen", config={"packs": [], "key": "spine"})
    doc = other(TEXT)
    assert doc._.foramen.gaps == () and len(doc.spans["spine"]) == 2
    nlp.to_disk(tmp_path / "model")
    again = spacy.load(tmp_path / "model")
    doc = again(TEXT)
    assert [span.text for span in doc.spans["foramen"]] == ["stenosis", "stenosis"]
