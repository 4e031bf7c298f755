"""Spark with one worker and with two beside the Python batch, on the same notes, in one run.

``target/python/venv/bin/python bindings/python/benches/spark.py``, after scripts/python-bench. All are warm: a pass that is not
counted goes before. The best round of each counts.
"""

from __future__ import annotations

import json
import os
import pathlib
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable

ROOT = pathlib.Path(__file__).parents[3]
TIMES = 30
ROUNDS = 2


def best(work: Callable[[], object]) -> float:
    """Seconds of the best round, after one that is not counted."""
    rounds = []
    for _ in range(ROUNDS + 1):
        begun = time.perf_counter()
        work()
        rounds.append(time.perf_counter() - begun)
    return min(rounds[1:])


def in_spark(workers: int, notes: str) -> None:
    """Prints the seconds of a pass from Parquet through the engine to nowhere, and of one without the engine."""
    from foramen import spark as fs
    from pyspark.sql import SparkSession

    os.environ["PYSPARK_PYTHON"] = os.environ["PYSPARK_DRIVER_PYTHON"] = sys.executable
    os.environ["SPARK_WORKER_DIR"] = tempfile.mkdtemp()
    spark = (
        SparkSession.builder.master(f"local-cluster[{workers},1,1536]")
        .config("spark.ui.enabled", "false")
        .config("spark.executor.memory", "1g")
        .config("spark.network.timeout", "600s")
        .getOrCreate()
    )
    frame = spark.read.parquet(notes)
    audited = fs.audit(frame)
    plain = frame.mapInArrow(lambda batches: batches, frame.schema)
    nowhere = lambda frame: frame.write.format("noop").mode("overwrite").save()
    print("seconds", best(lambda: nowhere(audited)), best(lambda: nowhere(plain)), frame.rdd.getNumPartitions())


def main() -> None:
    import foramen
    import pyarrow as pa
    import pyarrow.parquet as pq

    lines = [line for path in sorted((ROOT / "corpora").glob("*.jsonl")) for line in path.read_text().splitlines()]
    texts = [json.loads(line)["text"] for line in lines] * TIMES
    table = pa.table({"note_id": [str(i) for i in range(len(texts))], "text": texts})
    folder = pathlib.Path(tempfile.mkdtemp())
    for part in range(8):
        rows = len(texts) // 8
        pq.write_table(table.slice(part * rows, rows if part < 7 else None), folder / f"part-{part}.parquet", compression="zstd")
    print(f"{len(texts)} notes, 8 files\n\n| | seconds | notes/s |\n| --- | ---: | ---: |")
    auditor = foramen.Auditor()
    for threads in (1, 2):
        seconds = best(lambda: auditor.audit_table(pq.read_table(folder), threads=threads))
        print(f"| Python, Parquet to tables, {threads} thread{'s' * (threads > 1)} | {seconds:.1f} | {len(texts) / seconds:,.0f} |")
    for workers in (1, 2):
        told = subprocess.check_output([sys.executable, __file__, str(workers), str(folder)], stderr=subprocess.DEVNULL, text=True)
        seconds, plain = (float(each) for each in told.split("seconds")[1].split()[:2])
        print(f"| Spark, {workers} worker{'s' * (workers > 1)} | {seconds:.1f} | {len(texts) / seconds:,.0f} |")
        print(f"| the same without the engine | {plain:.1f} | |")


if __name__ == "__main__":
    in_spark(int(sys.argv[1]), sys.argv[2]) if len(sys.argv) > 2 else main()
