"""The component for spaCy."""

from __future__ import annotations

import pickle
import subprocess
import sys

import foramen
import pytest
import spacy
from spacy import displacy
from spacy.tokens import Doc, DocBin

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


def facts_of(doc: Doc) -> tuple[object, ...]:
    """All that the component has put on a document."""
    spans = [(s.start_char, s.end_char, s.label_, s.id_, s._.finding) for s in doc.spans["foramen"]]
    return spans, doc._.foramen.text, doc._.foramen.to_dict(), doc._.foramen.to_dict(text=False)


def test_a_batch_on_several_processes_gives_the_same(nlp, notes) -> None:
    texts = [TEXT, "", *(note["text"] for note in notes[:40])]
    alone = [facts_of(doc) for doc in nlp.pipe(texts)]
    assert [facts_of(doc) for doc in nlp.pipe(texts, n_process=2, batch_size=5)] == alone


def by_bytes(doc: Doc) -> Doc:
    return Doc(spacy.blank("en").vocab).from_bytes(doc.to_bytes())


def by_bin(doc: Doc) -> Doc:
    stored = DocBin(store_user_data=True, docs=[doc]).to_bytes()
    return next(DocBin(store_user_data=True).from_bytes(stored).get_docs(spacy.blank("en").vocab))


@pytest.mark.parametrize("way", [by_bytes, by_bin, Doc.copy, lambda doc: pickle.loads(pickle.dumps(doc))])
def test_a_document_that_is_stored_keeps_its_findings(nlp, way) -> None:
    doc = nlp(TEXT)
    again = way(doc)
    assert again is not doc and facts_of(again) == facts_of(doc)
    assert len(again.spans["foramen"]) == 2


def test_a_stored_document_is_read_where_no_component_was_made(nlp, tmp_path) -> None:
    nlp(TEXT).to_disk(tmp_path / "doc")
    program = (
        "import sys, spacy, foramen.spacy; from spacy.tokens import Doc; "
        "doc = Doc(spacy.blank('en').vocab).from_disk(sys.argv[1]); "
        "print(*[span._.finding.level for span in doc.spans['foramen']])"
    )
    done = subprocess.run([sys.executable, "-c", program, tmp_path / "doc"], check=True, capture_output=True, text=True)
    assert done.stdout.split() == ["L4-L5", "L5-S1"]


def test_a_document_without_the_component_has_no_audit(nlp) -> None:
    doc = spacy.blank("en")(TEXT)
    assert doc._.foramen is None and doc[:1]._.finding is None


def test_it_is_configured_and_kept(nlp, tmp_path) -> None:
    other = spacy.blank("en")
    other.add_pipe("foramen", config={"packs": [], "key": "spine"})
    doc = other(TEXT)
    assert doc._.foramen.gaps == () and len(doc.spans["spine"]) == 2
    nlp.to_disk(tmp_path / "model")
    again = spacy.load(tmp_path / "model")
    doc = again(TEXT)
    assert [span.text for span in doc.spans["foramen"]] == ["stenosis", "stenosis"]
