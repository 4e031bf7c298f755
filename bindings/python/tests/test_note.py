"""One note: the same facts as the command line gives, as Python's own values."""

from __future__ import annotations

import copy
import datetime
import html.parser
import json
import multiprocessing
import pickle
import re
import subprocess
import sys
import threading

import foramen
import pytest
from conftest import CORPORA, code_points, lines, run
from hypothesis import given, settings
from hypothesis import strategies as st

NOTE = "≥ 3 mm 🦴: IMPRESSION: L4-L5: Moderate left foraminal stenosis. L5-S1: foraminal stenosis present."
SECRET = "SECRET"


def test_the_first_example() -> None:
    audit = foramen.audit("L4-L5: Moderate left foraminal stenosis. L5-S1: foraminal stenosis present.")
    found = [(f.kind, f.level, f.side, f.severity, f.status) for f in audit.findings]
    assert found == [
        ("foraminal_stenosis", "L4-L5", "left", "moderate", "present"),
        ("foraminal_stenosis", "L5-S1", None, None, "present"),
    ]
    assert [(gap.rule, gap.element, gap.finding) for gap in audit.gaps] == [
        ("NF002", "laterality", "f2"),
        ("NF003", "severity", "f2"),
    ]
    query = audit.gaps[0].query
    assert query is not None and query.options[-2:] == ("other", "unable to determine")
    assert (audit.score.documented, audit.score.required, audit.score.percent) == (4, 6, 66.7)
    assert repr(audit) == "<foramen.Audit '': 2 findings, 2 gaps, 0 flags>"


def test_every_note_gives_what_the_command_line_gives(notes, auditor) -> None:
    expected = lines(run("extract", *CORPORA, "--format", "jsonl"))
    assert len(expected) == len(notes) > 200
    for note, facts in zip(notes, expected, strict=True):
        audit = auditor.audit(note["text"], note_id=note["note_id"], note_type=note["note_type"])
        assert audit.to_dict() == code_points(facts, note["text"]), note["note_id"]


def test_facts_are_those_of_the_dictionary(notes, auditor) -> None:
    for note in notes:
        audit = auditor.audit(note["text"], note_id=note["note_id"])
        facts = audit.to_dict()
        assert (audit.note_id, audit.note_type) == (facts["note_id"], facts["note_type"])
        assert [f.id for f in audit.findings] == [f["id"] for f in facts["findings"]]
        assert [p.family for p in audit.procedures] == [p["family"] for p in facts["procedures"]]
        assert [[d.name for d in p.drugs] for p in audit.procedures] == [
            [d["name"] for d in p["drugs"]] for p in facts["procedures"]
        ]
        assert [r.root for r in audit.radiculopathies] == [r["root"] for r in facts["radiculopathies"]]
        assert [c.code for c in audit.codes] == [c["code"] for c in facts["codes"]]
        assert [f.message for f in audit.flags] == [f["message"] for f in facts["flags"]]
        assert [c.findings for c in audit.contradictions] == [tuple(c["findings"]) for c in facts["contradictions"]]
        assert audit.encounter == facts["encounter"]
        assert audit.conservative_care == facts["conservative_care"]
        assert (audit.correlation and audit.correlation.status) == (facts["correlation"] and facts["correlation"]["status"])
        assert (audit.service_date and audit.service_date.day) == (facts["service_date"] and facts["service_date"]["day"])
        assert audit.score.percent == facts["score"]["percent"]


# Words of the field between text of any script.
WORDS = st.sampled_from(
    ["L4-5:", "severe", "left", "right", "foraminal", "stenosis", "no", "neural", "narrowing.", "\n", "≥", "🦴", "é"]
)


@given(st.lists(st.one_of(WORDS, st.text(max_size=8)), max_size=40).map(" ".join))
@settings(max_examples=300, deadline=None)
def test_offsets_count_code_points_of_any_text(text: str) -> None:
    audit = foramen.audit(text)
    for fact in (*audit.findings, *audit.radiculopathies, *audit.flags):
        for evidence in fact.evidence:
            assert text[evidence.start : evidence.end] == evidence.text
    # The same words without what is not ASCII before them stand as far from each other.
    bare = audit.to_dict(text=False)
    assert json.loads(json.dumps(bare)) == bare
    assert all("text" not in e for f in bare["findings"] for e in f["evidence"])


def test_what_is_known_of_a_note_is_taken() -> None:
    day = datetime.date(2024, 3, 14)
    text = "PROCEDURE: Right L5-S1 transforaminal epidural steroid injection was performed. CPT 64483."
    audit = foramen.audit(text, note_type="procedure", service_date=day, setting="asc", payer="medicare")
    assert audit.note_type == "procedure"
    assert audit.service_date == foramen.ServiceDate("2024-03-14", "given")
    assert audit.to_dict() == foramen.audit(text, note_type="procedure", service_date="2024-03-14", setting="asc", payer="medicare").to_dict()
    flagged = foramen.audit("IMPRESSION: L4-5 foraminal stenosis, right.")
    aside = foramen.audit("IMPRESSION: L4-5 foraminal stenosis, right.", ignore={"NF003": "graded elsewhere"})
    assert [gap.rule for gap in flagged.gaps] == ["NF003"] and aside.gaps == ()
    assert [(each.rule, each.reason) for each in aside.ignored] == [("NF003", "graded elsewhere")]


def test_settings_choose_rules() -> None:
    text = "IMPRESSION: L4-5 foraminal stenosis."
    rules = lambda **given: [gap.rule for gap in foramen.Auditor(**given).audit(text).gaps]
    assert rules() == ["NF002", "NF003"]
    assert rules(select=["NF003"]) == rules(ignore=["NF002"]) == ["NF003"]
    assert rules(packs=[]) == []
    owed = foramen.Auditor(correlation_owed_by=["radiology"]).audit(text, note_type="radiology")
    assert "NF004" in [gap.rule for gap in owed.gaps]
    assert "NF001" in foramen.Auditor().rules()


def test_a_lexicon_of_ones_own(tmp_path) -> None:
    file = tmp_path / "mine.toml"
    file.write_text('[[group]]\nconcept = "structure.foramen"\nsource = "ours"\nphrases = ["exit hole"]\n')
    text = "Severe stenosis of the left exit hole at L3-4."
    auditor = foramen.Auditor(lexicons=[file])
    assert [f.side for f in auditor.audit(text).findings] == ["left"]
    # It goes with the auditor to where the file is not.
    file.unlink()
    again = pickle.loads(pickle.dumps(auditor))
    assert again.audit(text).to_dict() == auditor.audit(text).to_dict()
    assert pickle.loads(pickle.dumps(auditor)) is again


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("[[group]\n", r"mine\.toml:1:"),
        ('[[group]]\nconcept = "structure.nowhere"\nsource = "x"\nphrases = ["y"]\n', r"mine\.toml:2:\d+: .*structure\.nowhere"),
    ],
)
def test_a_bad_lexicon_is_told_by_file_and_line(tmp_path, text: str, told: str) -> None:
    file = tmp_path / "mine.toml"
    file.write_text(text)
    with pytest.raises(foramen.LexiconError, match=told):
        foramen.Auditor(lexicons=[file])
    with pytest.raises(FileNotFoundError):
        foramen.Auditor(lexicons=[tmp_path / "none.toml"])


def test_a_file_that_is_no_text_is_told_by_its_name(tmp_path) -> None:
    file = tmp_path / "mine.toml"
    file.write_bytes(b"# ours\n# \xe9\n")
    with pytest.raises(foramen.LexiconError, match=r"mine\.toml:2: is no UTF-8") as told:
        foramen.Auditor(lexicons=[str(file)])
    assert told.value.__cause__ is None
    with pytest.raises(foramen.SettingsError, match=r"mine\.toml:2: is no UTF-8"):
        foramen.Auditor(cpt_labels=file)


@pytest.mark.parametrize(
    ("given", "kind", "told"),
    [
        ({"packs": ["nowhere"]}, foramen.SettingsError, "nowhere"),
        ({"select": ["ZZ"]}, foramen.SettingsError, "ZZ"),
        ({"setting": "home"}, ValueError, "professional, asc, hopd"),
        ({"payer": "me"}, ValueError, "medicare, commercial"),
        ({"contractor": "me"}, ValueError, "there are "),
        ({"service_date": "yesterday"}, ValueError, "YYYY-MM-DD"),
        ({"correlation_owed_by": ["letter"]}, ValueError, "radiology"),
        ({"limits": {"none": 1}}, ValueError, "limits: unknown variant `none`, expected"),
        ({"limits": {"none": -1}}, ValueError, r'^limits\["none"\]: at least 0$'),
        ({"limits": {"none": "x"}}, TypeError, r'^limits\["none"\]: must be an int, and is of type str$'),
        ({"limits": ["none"]}, TypeError, "^limits: must be a mapping, and is of type list$"),
        ({"lexicons": "mine.toml"}, TypeError, "^lexicons: a list is needed, and not str$"),
        # `open` would take a number for the open file of that number.
        ({"lexicons": [0]}, TypeError, "^lexicons: must be a path, and is of type int$"),
        ({"cpt_labels": 0}, TypeError, "^cpt_labels: must be a path, and is of type int$"),
        ({"packs": 5}, TypeError, "^packs: a list is needed, and not int$"),
        ({"packs": ["neuroforamen", 5]}, TypeError, r"^packs\[1\]: must be a str, and is of type int$"),
        ({"select": [None]}, TypeError, r"^select\[0\]: must be a str"),
        ({"ignore": {"NF003": 1}.values()}, TypeError, r"^ignore\[0\]: must be a str"),
        ({"correlation_owed_by": [b"clinic"]}, TypeError, r"^correlation_owed_by\[0\]: must be a str"),
        ({"implicit_correlation_counts": 1}, TypeError, "^implicit_correlation_counts: must be a bool"),
        ({"setting": 1}, TypeError, "^setting: must be a str"),
        ({"payer": 1}, TypeError, "^payer: must be a str"),
        ({"contractor": 1}, TypeError, "^contractor: must be a str"),
        ({"contractor": "me"}, ValueError, "^contractor: "),
        ({"service_date": 20240101}, TypeError, "^service_date: must be a datetime.date or a str as YYYY-MM-DD, and is of type int$"),
    ],
)
def test_settings_that_there_are_not(given, kind, told) -> None:
    with pytest.raises(kind, match=told):
        foramen.Auditor(**given)


@pytest.mark.parametrize("wrong", [None, 7, SECRET.encode(), [SECRET]])
def test_what_is_no_text_is_told_by_its_type(wrong) -> None:
    with pytest.raises(TypeError) as told:
        foramen.audit(wrong, note_id="n-7")
    assert str(told.value) == f'the note "n-7" must be a str, and is of type {type(wrong).__name__}'


@pytest.mark.parametrize(
    ("known", "kind", "told"),
    [
        ({"note_type": 3}, TypeError, "note_type: must be a str, and is of type int"),
        ({"setting": b"asc"}, TypeError, "setting: must be a str, and is of type bytes"),
        ({"payer": 5}, TypeError, "payer: must be a str, and is of type int"),
        ({"service_date": 20240101}, TypeError, "service_date: must be a datetime.date or a str as YYYY-MM-DD, and is of type int"),
        ({"ignore": "NF003"}, TypeError, "ignore: must be a mapping, and is of type str"),
        ({"ignore": {"NF003": 1}}, TypeError, 'ignore["NF003"]: must be a str, and is of type int'),
        ({"ignore": {3: "x"}}, TypeError, "a key of ignore: must be a str, and is of type int"),
        ({"payer": "\ud800"}, ValueError, "payer: holds half a surrogate pair, which stands for no character"),
        ({"note_type": "zz"}, ValueError, "note_type: there is none of that name: there are radiology, procedure, "),
        ({"setting": "bad"}, ValueError, "setting: there is none of that name: there are professional, asc, hopd"),
        ({"payer": "bad"}, ValueError, "payer: there is none of that name: there are medicare, commercial"),
        ({"service_date": "tomorrow"}, ValueError, "service_date: no day of the calendar as YYYY-MM-DD"),
    ],
)
def test_what_is_known_wrongly_is_told_by_keyword_and_note(known, kind, told) -> None:
    with pytest.raises(kind) as named:
        foramen.audit(SECRET, note_id="q7", **known)
    assert str(named.value).startswith(f'the note "q7": {told}')
    with pytest.raises(kind) as unnamed:
        foramen.audit(SECRET, **known)
    assert str(unnamed.value).startswith(told)


def test_an_id_that_is_none_is_told() -> None:
    with pytest.raises(TypeError, match="^note_id: must be a str, and is of type int$"):
        foramen.audit(SECRET, note_id=5)


def test_exceptions_hold_no_word_of_a_note() -> None:
    for known in ({"note_type": "letter"}, {"service_date": "2024-02-30"}, {"setting": "home"}, {"payer": "me"}):
        with pytest.raises(ValueError) as told:
            foramen.audit(SECRET, **known)
        assert SECRET not in str(told.value)
    with pytest.raises(ValueError, match='the note "n-7" holds half a surrogate pair') as told:
        foramen.audit(SECRET + "\ud800", note_id="n-7")
    assert SECRET not in repr(told.value) and told.value.__cause__ is None


def test_a_note_that_is_too_long_is_refused() -> None:
    with pytest.raises(ValueError, match='the note "n-7" has 8388609 bytes of UTF-8; 8388608 are the most'):
        foramen.audit("x" * (2**23 + 1), note_id="n-7")


class Page(html.parser.HTMLParser):
    """The words of a page, those that are marked, and its tags."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.words, self.marked, self.tags, self.inside = "", [], set(), False
        self.feed(text)

    def handle_starttag(self, tag, attrs) -> None:
        self.tags.add(tag)
        self.inside = tag == "mark"

    def handle_endtag(self, tag) -> None:
        self.inside = False

    def handle_data(self, data) -> None:
        self.words += data
        if self.inside:
            self.marked.append(data)


def test_a_notebook_shows_the_note_with_its_evidence() -> None:
    page = Page(foramen.audit(NOTE)._repr_html_())
    assert page.words.startswith(NOTE)
    assert page.marked == ["L4-L5", "Moderate", "left", "foraminal", "stenosis", "L5-S1", "foraminal", "stenosis"]
    assert "documented" in page.words and "Please document" in page.words


@given(st.text(alphabet=st.sampled_from("<>&\"'/script L4-5:right foraminal stenosis\n"), max_size=80))
@settings(max_examples=100, deadline=None)
def test_no_word_of_a_note_becomes_markup(text: str) -> None:
    page = Page(foramen.audit(text + "<script>alert(1)</script> L4-5: right foraminal stenosis.")._repr_html_())
    assert page.tags <= {"div", "mark", "ul", "li", "p"}
    assert page.words.startswith(text)


def test_threads_share_an_auditor(notes, auditor) -> None:
    expected = [auditor.audit(note["text"]).to_dict() for note in notes]
    found: list[list[dict]] = [[] for _ in range(4)]

    def work(into: list[dict]) -> None:
        into.extend(auditor.audit(note["text"]).to_dict() for note in notes)

    threads = [threading.Thread(target=work, args=(into,)) for into in found]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert all(each == expected for each in found)


def test_an_audit_goes_to_other_processes(notes, auditor) -> None:
    for note in notes[:20]:
        audit = auditor.audit(note["text"], note_id=note["note_id"])
        for again in (pickle.loads(pickle.dumps(audit)), copy.deepcopy(audit)):
            assert (again.text, again.findings, repr(again)) == (audit.text, audit.findings, repr(audit))
            assert again.to_dict() == audit.to_dict() and again.to_dict(text=False) == audit.to_dict(text=False)
            assert again._repr_html_() == audit._repr_html_()
    texts = [note["text"] for note in notes[:20]]
    with multiprocessing.get_context("spawn").Pool(2) as pool:
        audits = pool.map(foramen.audit, texts)
    assert [audit.to_dict() for audit in audits] == [foramen.audit(text).to_dict() for text in texts]


def test_import_brings_nothing_along() -> None:
    program = "import foramen, sys; print(*sorted(m for m in sys.modules if re.match('pyarrow|spacy|numpy|pandas|polars|pyspark|foramen', m)))"
    done = subprocess.run([sys.executable, "-c", "import re; " + program], check=True, capture_output=True, text=True)
    assert set(done.stdout.split()) == {"foramen", "foramen._native", "foramen.auditor", "foramen.given", "foramen.note"}


def test_import_is_no_matter() -> None:
    # Some 20 ms on an idle machine; what is slower by far brings something along.
    program = "import time; t = time.perf_counter(); import foramen; print(time.perf_counter() - t)"
    took = min(float(subprocess.check_output([sys.executable, "-c", program])) for _ in range(5))
    assert took < 0.5


def test_every_public_name_is_documented() -> None:
    for name in foramen.__all__:
        named = getattr(foramen, name)
        assert isinstance(named, str) or re.search(r"\w", named.__doc__ or ""), name
