"""Tables of notes in, tables of facts out: from and to each tool that speaks Arrow."""

from __future__ import annotations

import os
import pathlib
import signal
import subprocess
import sys
import threading
import time
from datetime import date

import duckdb
import foramen
import pandas
import polars
import pyarrow as pa
import pyarrow.compute as pc
import pytest
from conftest import CORPORA, code_points, lines, run
from hypothesis import given, settings
from hypothesis import strategies as st

TABLES = ("notes", "findings", "procedures", "gaps", "flags")
SECRET = "SECRET"


def rows(table: foramen.Table) -> list[dict]:
    return pa.table(table).to_pylist()


def all_rows(tables: foramen.Tables) -> dict[str, list[dict]]:
    return {name: rows(getattr(tables, name)) for name in (*TABLES, "rejects")}


@pytest.fixture(scope="module")
def table(notes) -> pa.Table:
    return pa.Table.from_pylist(notes)


@pytest.fixture(scope="module")
def expected(auditor, table) -> dict[str, list[dict]]:
    return all_rows(auditor.audit_table(table))


def test_the_tables_are_those_of_the_command_line(notes, expected, tmp_path) -> None:
    run("audit", *CORPORA, "-o", tmp_path / "out", "--format", "jsonl")
    texts = {note["note_id"]: note["text"] for note in notes}
    for name in TABLES:
        parts = sorted((tmp_path / "out" / name).glob("*.jsonl"))
        told = [code_points(row, texts[row["note_id"]]) for part in parts for row in lines(part.read_text(encoding="utf-8"))]
        found = [{key: str(value) if isinstance(value, date) else value for key, value in row.items()} for row in expected[name]]
        if name == "notes":
            # Where a note stands is another place here.
            for row in (*told, *found):
                assert row.pop("file") is not None
                del row["record"], row["offset"]
        assert found == told, name
    assert expected["rejects"] == []


def test_the_facts_are_those_of_single_notes(notes, auditor, expected) -> None:
    found = {note["note_id"]: [] for note in notes}
    for row in expected["findings"]:
        found[row["note_id"]].append((row["kind"], row["level"], row["side"], row["severity"], row["start"], row["text"]))
    for note in notes:
        facts = auditor.audit(note["text"], note_type=note["note_type"]).findings
        told = [(f.kind, f.level, f.side, f.severity, f.anchor.start, f.anchor.text) for f in facts]
        assert found[note["note_id"]] == told


def test_every_tool_is_read_and_can_read(notes, auditor, table, expected) -> None:
    frame = pandas.DataFrame(notes)
    relation = duckdb.sql("SELECT * FROM frame")
    sources = {
        "pyarrow table": table,
        "pyarrow batch": table.combine_chunks().to_batches()[0],
        "pyarrow reader": table.to_reader(max_chunksize=50),
        "polars": polars.DataFrame(notes),
        "polars with categories": polars.DataFrame(notes).cast({"note_type": polars.Categorical, "text": polars.Categorical}),
        "pandas": frame,
        "duckdb": relation,
    }
    for tool, source in sources.items():
        assert all_rows(auditor.audit_table(source)) == expected, tool

    tables = auditor.audit_table(table)
    findings = tables.findings
    count = len(expected["findings"])
    assert len(findings) == findings.num_rows == count
    assert polars.DataFrame(findings).to_dicts() == expected["findings"]
    levels = pandas.DataFrame.from_arrow(findings)["level"]
    assert [None if pandas.isna(level) else level for level in levels] == [row["level"] for row in expected["findings"]]
    assert duckdb.sql("SELECT count(*) FROM findings").fetchall() == [(count,)]
    assert pa.schema(findings).names == findings.column_names
    metadata = pa.schema(findings).metadata
    assert (metadata[b"foramen.schema"], metadata[b"foramen.offsets"]) == (b"foramen.tables/1", b"code points")


TYPES = {
    "large": lambda texts: texts.cast(pa.large_string()),
    "view": lambda texts: texts.cast(pa.string_view()),
    "bytes": lambda texts: texts.cast(pa.binary()),
    "large bytes": lambda texts: texts.cast(pa.large_binary()),
    "dictionary": lambda texts: texts.dictionary_encode(),
    "slice": lambda texts: pa.concat_arrays([pa.array(["x", None]), texts, pa.array(["y"])])[2:-1],
}


@pytest.mark.parametrize("kind", TYPES)
def test_texts_of_every_arrow_type_are_read(auditor, table, expected, kind: str) -> None:
    texts = TYPES[kind](table["text"].combine_chunks())
    given = table.set_column(table.column_names.index("text"), "text", texts)
    assert all_rows(auditor.audit_table(given)) == expected
    ids = TYPES[kind](table["note_id"].combine_chunks())
    assert all_rows(auditor.audit_table(given.set_column(0, "note_id", ids))) == expected


def test_rows_of_a_sliced_batch_are_the_right_ones(auditor) -> None:
    batch = pa.record_batch({"text": ["a", "L4-5: severe left foraminal stenosis.", "c"], "note_id": ["1", "2", "3"]})
    tables = auditor.audit_table(batch.slice(1, 1))
    assert [(row["note_id"], row["severity"]) for row in rows(tables.findings)] == [("2", "severe")]
    # The same through the interface for single arrays of structures.
    structure = pa.StructArray.from_arrays(batch.columns, batch.schema.names).slice(1, 1)
    assert [row["note_id"] for row in rows(auditor.audit_table(structure).notes)] == ["2"]


def test_columns_are_named(auditor) -> None:
    given = pa.table({"accession": [7], "report": ["IMPRESSION: Left foraminal stenosis at L5-S1."], "who": ["Dr. A"]})
    tables = auditor.audit_table(given, columns={"text": "report", "id": "accession", "provider": "who"}, name="pacs")
    note = rows(tables.notes)[0]
    assert (note["note_id"], note["provider"], note["file"], note["record"]) == ("7", "Dr. A", "pacs", 1)
    with pytest.raises(ValueError, match="columns: there are text, id, "):
        auditor.audit_table(given, columns={"report": "text"})
    with pytest.raises(ValueError, match=r"no column `text`; there are `accession`, `report`, `who`: name the columns"):
        auditor.audit_table(given)
    omop = pa.table(
        {"note_id": [1], "person_id": [2], "note_date": ["2024-03-10"], "note_type_concept_id": [3], "note_text": ["Pain."]}
    )
    note = rows(auditor.audit_table(omop).notes)[0]
    assert (note["patient_id"], str(note["service_date"])) == ("2", "2024-03-10")


def test_what_cannot_be_read_is_a_row_of_its_own(auditor) -> None:
    given = pa.table(
        {
            "text": ["Pain.", None, SECRET, ""],
            "note_id": ["a", "b", "c", None],
            "service_date": ["2024-03-10", "2024-03-10", SECRET, None],
        }
    )
    tables = auditor.audit_table(given)
    assert [row["note_id"] for row in rows(tables.notes)] == ["a", "table:4"]
    told = [(row["file"], row["record"], row["kind"], row["reason"]) for row in rows(tables.rejects)]
    assert told == [
        ("table", 2, "not_text", "the field `text` holds null, not text: export it as text"),
        ("table", 3, "wrong_field", "the field `service_date` does not hold a day as YYYY-MM-DD: correct it where it was made"),
    ]


@pytest.mark.parametrize(
    ("values", "holds"),
    [
        (pa.array([1]), "numbers"),
        (pa.array([1.5]), "numbers"),
        (pa.array([True]), "true or false"),
        (pa.array([[SECRET]]), "values of another kind"),
        (pa.array([{"text": SECRET}]), "values of another kind"),
        (pa.array([1], pa.timestamp("us")), "times"),
    ],
)
def test_a_column_that_holds_no_text_is_refused(auditor, values: pa.Array, holds: str) -> None:
    with pytest.raises(TypeError, match=f"the column `text` of the table holds {holds}, not text"):
        auditor.audit_table(pa.table({"text": values}))


@pytest.mark.parametrize("wrong", [None, [SECRET], {"text": [SECRET]}, SECRET, pa.array([SECRET])])
def test_what_is_no_table_is_refused(auditor, wrong) -> None:
    with pytest.raises((TypeError, ValueError)) as told:
        auditor.audit_table(wrong)
    assert SECRET not in str(told.value)


def test_bytes_that_are_no_utf_8_do_no_harm(auditor) -> None:
    broken = pa.array([b"L4\x96L5: severe left foraminal stenosis.", b"Pain."])
    note, other = rows(auditor.audit_table(pa.table({"text": broken})).notes)
    assert (note["encoding"], other["encoding"]) == ("windows-1252", "utf-8")
    # Another program may vouch for what is not so.
    vouched = pa.Array.from_buffers(pa.string(), 2, broken.buffers())
    assert [row["encoding"] for row in rows(auditor.audit_table(pa.table({"text": vouched})).notes)] == ["windows-1252", "utf-8"]


def test_a_text_that_is_too_long_is_rejected_and_the_others_go_on(auditor) -> None:
    long = pa.array(["x" * (2**23 + 1), "Pain."], pa.large_string())
    tables = auditor.audit_table(pa.table({"text": long}))
    assert [row["record"] for row in rows(tables.notes)] == [2]
    assert [(row["record"], row["kind"]) for row in rows(tables.rejects)] == [(1, "too_long")]


def test_no_note_is_no_row(auditor) -> None:
    tables = auditor.audit_table(pa.table({"text": pa.array([], pa.string())}))
    assert all(len(getattr(tables, name)) == 0 for name in (*TABLES, "rejects"))
    assert pa.table(tables.gaps).schema.names[:3] == ["note_id", "rule", "element"]


def test_words_are_left_out_where_that_is_asked(auditor) -> None:
    given = pa.table({"text": [f"IMPRESSION: Foraminal {SECRET} stenosis at L5-S1."]})
    assert SECRET in str(all_rows(auditor.audit_table(given)))
    assert SECRET not in str(all_rows(auditor.audit_table(given, text=False)))


TEXTS = st.lists(st.sampled_from(["é≥ L4-5: severe left foraminal stenosis 🦴.", "Pain.", "≥ No stenosis at L5-S1.", ""]), max_size=30)


@given(TEXTS, st.integers(1, 3), st.integers(1, 7))
@settings(max_examples=60, deadline=None)
def test_order_and_offsets_hold_on_any_number_of_threads(texts: list[str], threads: int, chunk: int) -> None:
    given = pa.table({"text": pa.array(texts, pa.string()), "note_id": pa.array([str(i) for i in range(len(texts))])})
    found = all_rows(foramen.Auditor().audit_table(given.to_reader(max_chunksize=chunk), threads=threads))
    assert [row["note_id"] for row in found["notes"]] == [str(i) for i in range(len(texts))]
    for row in found["findings"]:
        assert texts[int(row["note_id"])][row["start"] : row["end"]] == row["text"]


@pytest.mark.parametrize(
    ("given", "kind", "told"),
    [
        ({"threads": 0}, ValueError, "^threads: at least 1$"),
        ({"threads": -1}, ValueError, "^threads: at least 1$"),
        ({"threads": 2**70}, ValueError, "^threads: at most 65535$"),
        ({"threads": "x"}, TypeError, "^threads: must be an int, and is of type str$"),
        ({"columns": "x"}, TypeError, "^columns: must be a mapping, and is of type str$"),
        ({"columns": {"text": 5}}, TypeError, r'^columns\["text"\]: must be a str, and is of type int$'),
        ({"columns": {5: "text"}}, TypeError, "^a key of columns: must be a str"),
        ({"name": 5}, TypeError, "^name: must be a str"),
        ({"text": "no"}, TypeError, "^text: must be a bool"),
        ({"earlier": 5}, TypeError, "^earlier: a table with the Arrow C stream interface is needed"),
    ],
)
def test_keywords_are_held_to_their_types(auditor, given, kind, told) -> None:
    for ask in (auditor.audit_table, auditor.audit_stream):
        with pytest.raises(kind, match=told):
            ask(pa.table({"text": ["x"]}), **given)


def source(batches: int, size: int, before=lambda at: None) -> pa.RecordBatchReader:
    """A stream that is made while it is read; ``before`` is told the number of each batch."""
    schema = pa.schema([("text", pa.string())])

    def made():
        for at in range(batches):
            before(at)
            yield pa.record_batch([pa.array([f"L4-5: severe left foraminal stenosis, {at}."] * size)], schema)

    return pa.RecordBatchReader.from_batches(schema, made())


def test_a_stream_is_read_as_far_as_its_results_are(auditor) -> None:
    read = []
    with auditor.audit_stream(source(400, 4096, read.append)) as stream:
        records = []
        for _ in range(3):
            records += [row["record"] for row in rows(next(stream).notes)]
        time.sleep(0.2)
        assert len(read) < 200
    assert records == list(range(1, len(records) + 1))
    total = sum(len(tables.notes) for tables in auditor.audit_stream(source(50, 1000)))
    assert total == 50_000


def test_a_source_that_fails_is_told_by_its_batch(auditor) -> None:
    def fail(at: int) -> None:
        if at == 3:
            raise OSError("the disk is gone")

    with pytest.raises(foramen.ForamenError, match=r"the table's batch 4 cannot be read: .*the disk is gone"):
        auditor.audit_table(source(9, 10, fail))


def test_earlier_services_are_counted_where_they_are_given() -> None:
    auditor = foramen.Auditor(packs=["lcd-esi"], contractor="palmetto")
    text = "PROCEDURE: Right L5-S1 transforaminal epidural steroid injection was performed under fluoroscopy."
    days = [f"2024-{month:02}-01" for month in range(1, 8)]
    given = pa.table({"text": [text] * 7, "patient_id": ["p"] * 7, "note_type": ["procedure"] * 7, "service_date": days})
    with pytest.warns(UserWarning, match="none are looked for"):
        alone = rows(auditor.audit_table(given).flags)
    counted = rows(auditor.audit_table(given, earlier=given).flags)
    assert len(counted) > len(alone)


def test_other_threads_run_during_a_batch(auditor) -> None:
    ticks, done = [0], threading.Event()

    def tick() -> None:
        while not done.is_set():
            ticks[0] += 1
            time.sleep(0.001)

    thread = threading.Thread(target=tick)
    thread.start()
    began = time.perf_counter()
    auditor.audit_table(pa.table({"text": ["L4-5: severe left foraminal stenosis. " * 200] * 2000}))
    seconds = time.perf_counter() - began
    done.set()
    thread.join()
    assert ticks[0] > seconds * 20


ENDLESS = """
import sys; sys.path.insert(0, {tests!r})
from test_tables import source
import foramen
auditor = foramen.Auditor()
print("begun", flush=True)
try:
    auditor.audit_table({made})
except KeyboardInterrupt:
    print("interrupted", flush=True)
"""


@pytest.mark.parametrize("made", ["source(10**9, 512)", "source(10**9, 1, lambda at: __import__('time').sleep(0.2))"])
def test_ctrl_c_ends_a_batch(made: str) -> None:
    program = ENDLESS.format(tests=str(pathlib.Path(__file__).parent), made=made)
    process = subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert process.stdout is not None and process.stdout.readline() == "begun\n"
    time.sleep(1)
    process.send_signal(signal.SIGINT)
    told, errors = process.communicate(timeout=30)
    assert (told, process.returncode) == ("interrupted\n", 0), errors


def resident() -> int:
    """Memory of this process in MiB."""
    pages = int(pathlib.Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") >> 20


@pytest.mark.skipif(not os.path.exists("/proc/self/statm"), reason="memory is read from Linux's /proc")
def test_ten_thousand_batches_leave_nothing_behind(auditor) -> None:
    batch = pa.table({"text": ["≥ L4-5: severe left foraminal stenosis. " * 20, None] * 4})

    def work(times: int) -> None:
        for _ in range(times):
            tables = auditor.audit_table(batch, threads=2)
            assert pc.sum(pa.table(tables.notes)["findings"]).as_py() > 0
            next(auditor.audit_stream(batch, threads=1))

    work(500)
    before = resident()
    work(5000)
    assert resident() - before < 8
