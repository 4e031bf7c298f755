"""Spark with two workers, each a process of its own: the same rows as one process gives, also where a worker dies."""

from __future__ import annotations

import os
import pathlib
import signal
import sys
import time
from collections.abc import Iterator

import foramen
import pyarrow as pa
import pytest
from conftest import ROOT
from foramen import spark as fs
from pyspark import TaskContext, cloudpickle
from pyspark.sql import DataFrame, SparkSession

# Workers do not have the tests.
cloudpickle.register_pickle_by_value(sys.modules[__name__])


@pytest.fixture(scope="session")
def spark(tmp_path_factory) -> Iterator[SparkSession]:
    """Two workers with a core each, as processes of their own, in little memory and with patience for slow machines."""
    os.environ["PYSPARK_PYTHON"] = os.environ["PYSPARK_DRIVER_PYTHON"] = sys.executable
    os.environ["SPARK_WORKER_DIR"] = str(tmp_path_factory.mktemp("workers"))
    settings = {
        "spark.ui.enabled": "false",
        "spark.executor.memory": "768m",
        "spark.executor.extraJavaOptions": "-XX:+UseSerialGC -XX:TieredStopAtLevel=1",
        "spark.driver.extraJavaOptions": "-XX:+UseSerialGC -XX:TieredStopAtLevel=1",
        "spark.network.timeout": "600s",
        "spark.sql.execution.arrow.maxRecordsPerBatch": "20",
        "spark.sql.shuffle.partitions": "4",
    }
    builder = SparkSession.builder.master("local-cluster[2,1,1024]")
    for key, value in settings.items():
        builder = builder.config(key, value)
    session = builder.getOrCreate()
    yield session
    session.stop()


@pytest.fixture(scope="session")
def frame(spark, notes) -> DataFrame:
    """The notes, with one that has no text and one whose day is none."""
    wrong = [
        {"note_id": "null", "note_type": None, "text": None},
        {"note_id": "day", "note_type": None, "text": "Pain."},
    ]
    of_all = [{**note, "service_date": None} for note in (*notes, wrong[0])] + [{**wrong[1], "service_date": "tomorrow"}]
    schema = "note_id string, note_type string, text string, service_date string"
    return spark.createDataFrame(of_all, schema).repartition(8, "note_id")


@pytest.fixture(scope="session")
def expected(auditor, frame) -> dict[str, list[dict]]:
    """What one process makes of the same notes."""
    tables = auditor.audit_table(pa.Table.from_pylist([row.asDict() for row in frame.collect()], schema=None))
    return {name: pa.table(getattr(tables, name)).to_pylist() for name in fs.TABLES}


def same(found: DataFrame, expected: list[dict]) -> None:
    """Whether there are the same rows, in whatever order partitions end; places are others, as each has its own."""
    places = {"file", "record", "offset"}

    def facts(rows: list[dict]) -> list[str]:
        return sorted(repr([(key, value) for key, value in row.items() if key not in places]) for row in rows)

    assert facts([row.asDict() for row in found.collect()]) == facts(expected)


def test_workers_give_the_rows_of_one_process(spark, frame, expected) -> None:
    assert len({row.workers for row in frame.mapInArrow(worker, "workers string").collect()}) == 2
    audited = fs.audit(frame).cache()
    for table in fs.TABLES:
        same(fs.rows(audited, table), expected[table])
    assert len(expected["rejects"]) == 2


def worker(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """Which executor works here; slow enough that no one of them does all."""
    time.sleep(0.5)
    for _ in batches:
        pass
    yield pa.record_batch({"workers": [str(executor())]})


def executor() -> int:
    """The process of the executor that this one works for: an ancestor of it."""
    pid = os.getppid()
    while "--executor-id" not in pathlib.Path(f"/proc/{pid}/cmdline").read_text():
        pid = int(pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[1])
    return pid


def test_a_worker_that_dies_takes_no_row_with_it(spark, frame, expected, tmp_path) -> None:
    died = tmp_path / "died"

    def die_once(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        for batch in batches:
            yield batch
            context = TaskContext.get()
            assert context is not None
            if context.partitionId() == 3 and not died.exists():
                died.touch()
                # The executor itself, in the middle of its work, with the rows that it had.
                os.kill(executor(), signal.SIGKILL)
                os.kill(os.getpid(), signal.SIGKILL)

    audited = fs.audit(frame.mapInArrow(die_once, frame.schema)).cache()
    for table in fs.TABLES:
        same(fs.rows(audited, table), expected[table])
    assert died.exists()


def test_a_lexicon_goes_to_the_workers(spark, tmp_path) -> None:
    file = tmp_path / "mine.toml"
    file.write_text('[[group]]\nconcept = "structure.foramen"\nsource = "ours"\nphrases = ["exit hole"]\n')
    auditor = foramen.Auditor(lexicons=[file])
    file.unlink()
    frame = spark.createDataFrame([("1", "Severe stenosis of the left exit hole at L3-4.")], "accession string, report string")
    audited = fs.audit(frame, auditor=auditor, columns={"text": "report", "id": "accession"}, tables=["findings"])
    assert audited.columns == ["findings"]
    assert [(row.note_id, row.side) for row in fs.rows(audited, "findings").collect()] == [("1", "left")]


def test_wrong_columns_are_told_before_any_work(spark) -> None:
    frame = spark.createDataFrame([(1, "x")], "text int, note_id string")
    with pytest.raises(TypeError, match="the column `text` of the table holds numbers, not text"):
        fs.audit(frame)
    with pytest.raises(ValueError, match="no column `report`"):
        fs.audit(frame, columns={"text": "report"})
    with pytest.raises(ValueError, match="tables: there are notes, findings"):
        fs.audit(frame, tables=["facts"])


def test_the_example_job_runs(spark, tmp_path, notes) -> None:
    frame = spark.createDataFrame([(n["note_id"], n["text"]) for n in notes[:40]], "note_id string, text string")
    frame.write.parquet(str(tmp_path / "in"))
    program = (ROOT / "bindings/python/examples/spark_job.py").read_text()
    names: dict = {"__name__": "example"}
    exec(compile(program, "spark_job.py", "exec"), names)
    names["run"](spark, str(tmp_path / "in"), str(tmp_path / "out"))
    tables = {name: spark.read.parquet(str(tmp_path / "out" / name)).count() for name in fs.TABLES}
    assert tables["notes"] == 40 and tables["findings"] > 40 and tables["rejects"] == 0
