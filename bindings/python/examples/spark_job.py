"""Audits notes that lie as Parquet, on a cluster, and writes each table as Parquet.

spark-submit --archives packages.tar.gz#packages --conf spark.executorEnv.PYTHONPATH=packages spark_job.py IN OUT
"""

import sys

from foramen import spark as fs
from pyspark.sql import SparkSession


def run(spark: SparkSession, source: str, target: str) -> None:
    """Reads the notes once, audits them once, and takes each table out of what was written."""
    notes = spark.read.parquet(source).select("note_id", "text")
    fs.audit(notes, text=False).write.mode("overwrite").parquet(f"{target}/audited")
    audited = spark.read.parquet(f"{target}/audited")
    for table in fs.TABLES:
        fs.rows(audited, table).write.mode("overwrite").parquet(f"{target}/{table}")


if __name__ == "__main__":
    run(SparkSession.builder.appName("foramen").getOrCreate(), sys.argv[1], sys.argv[2])
