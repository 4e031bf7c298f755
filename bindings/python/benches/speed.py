"""How fast the package is beside the same engine in Rust, on the same notes, in one run: rounds of both in turn.

scripts/python-bench builds both and runs it. The best round of each counts, so that what else the machine does falls out;
read the ratios before the rates.
"""

from __future__ import annotations

import json
import pathlib
import subprocess
import sys
import time
from collections.abc import Callable

ROOT = pathlib.Path(__file__).parents[3]
CORPORA = sorted((ROOT / "corpora").glob("*.jsonl"))
TIMES = 20
ROUNDS = 7


def importing() -> float:
    """Milliseconds that ``import foramen`` takes in a new interpreter, at best."""
    program = "import time; t = time.perf_counter(); import foramen; print((time.perf_counter() - t) * 1e3)"
    return min(float(subprocess.check_output([sys.executable, "-c", program])) for _ in range(15))


print(f"import foramen: {importing():.1f} ms")
if len(sys.argv) > 2:
    print(f"wheel: {pathlib.Path(sys.argv[2]).stat().st_size / 2**20:.1f} MiB")

import foramen  # noqa: E402
import pyarrow as pa  # noqa: E402

texts = [json.loads(line)["text"] for path in CORPORA for line in path.read_text(encoding="utf-8").splitlines()]
table = pa.table({"note_id": [str(i) for i in range(len(texts) * TIMES)], "text": texts * TIMES})
size = sum(len(text.encode()) for text in texts)
begun = time.perf_counter()
auditor = foramen.Auditor()
print(f"an auditor: {(time.perf_counter() - begun) * 1e3:.1f} ms")

rust = subprocess.Popen([sys.argv[1], str(TIMES), *map(str, CORPORA)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


def in_rust(what: str) -> float:
    assert rust.stdin is not None and rust.stdout is not None
    rust.stdin.write(what + "\n")
    rust.stdin.flush()
    return float(rust.stdout.readline())


def in_python(work: Callable[[], object]) -> float:
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


def both(what: str, work: Callable[[], object]) -> tuple[float, float]:
    rounds = [(in_rust(what), in_python(work)) for _ in range(ROUNDS)]
    return min(r for r, _ in rounds), min(p for _, p in rounds)


def each(work: Callable[[str], object]) -> Callable[[], object]:
    return lambda: [work(text) for text in texts]


print(f"\n{len(texts)} notes of {size // len(texts)} bytes on average; many: {TIMES} times as many\n")
print("| | Rust | Python | |\n| --- | ---: | ---: | ---: |")
for what, work in {
    "`audit(text)`": auditor.audit,
    "`audit(text).findings`": lambda text: auditor.audit(text).findings,
    "`audit(text).to_dict()`": lambda text: auditor.audit(text).to_dict(),
}.items():
    r, p = both("one", each(work))
    r, p = r / len(texts) * 1e6, p / len(texts) * 1e6
    print(f"| {what}, a note | {r:.1f} µs | {p:.1f} µs | 1.3 times Rust's and {p - 1.3 * r:+.1f} µs |")
for threads in (1, 2):
    r, p = both(f"run {threads}", lambda: auditor.audit_table(table, threads=threads))
    rates = [len(texts) * TIMES / seconds for seconds in (r, p)]
    print(f"| `audit_table`, {threads} thread{'s' * (threads > 1)} | {rates[0]:,.0f} notes/s | {rates[1]:,.0f} notes/s | {r / p:.2f} |")
