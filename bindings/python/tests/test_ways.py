"""One engine, five ways to it: library, command, server, package for Python, package for JavaScript."""

from __future__ import annotations

import json
import os
import subprocess
import urllib.request
from typing import Any

import foramen

from conftest import COMMAND, CORPORA, ROOT, built, code_points, lines

LIBRARY = ROOT / "target/debug/examples/audit"
JAVASCRIPT = ROOT / "target/wasm/package/node.js"


def printed(command: list[Any], notes: str) -> list[dict[str, Any]]:
    done = subprocess.run(command, input=notes, check=True, capture_output=True, text=True, encoding="utf-8")
    return lines(done.stdout)


def served(notes: str) -> list[dict[str, Any]]:
    command = [COMMAND, "serve", "--listen", "127.0.0.1:0", "--rate", "0"]
    environment = {**os.environ, "FORAMEN_TOKEN": "a-token-of-the-tests"}
    with subprocess.Popen(command, stderr=subprocess.PIPE, env=environment, text=True) as server:
        try:
            ready = json.loads(server.stderr.readline())
            headers = {"Authorization": "Bearer a-token-of-the-tests", "Content-Type": "application/x-ndjson"}
            address = f"http://{ready['listen']}/v1/audit/batch"
            with urllib.request.urlopen(urllib.request.Request(address, notes.encode(), headers)) as answer:
                return lines(answer.read().decode())
        finally:
            server.terminate()
            server.stderr.read()


@built("javascript", JAVASCRIPT, "scripts/wasm")
def test_every_way_gives_the_same_facts(notes, auditor) -> None:
    # A note of letters that differ in length in each encoding besides.
    odd = {"note_id": "odd", "note_type": "radiology", "text": "🦴 ≥ 3 mm – “L4‑5”: modérate left foraminal stenosis 𝒳."}
    given = [*notes, odd]
    texts = [note["text"] for note in given]
    sent = "".join(json.dumps(note) + "\n" for note in given)
    assert len(given) > 200 and all(path.exists() for path in CORPORA)

    package = [auditor.audit(text, **known).to_dict() for text, known in split(given)]
    of_bytes = {
        "library": printed([LIBRARY], sent),
        "command": printed([COMMAND, "extract", "-", "--input-format", "jsonl"], sent),
        "server": served(sent),
    }
    of_javascript = printed(["node", ROOT / "bindings/wasm/tests/audits.mjs"], sent)
    ways = {way: list(map(code_points, audits, texts)) for way, audits in of_bytes.items()}
    ways["JavaScript"] = [code_points(audit, text, "utf-16-le") for audit, text in zip(of_javascript, texts)]
    for way, audits in ways.items():
        assert len(audits) == len(given), way
        for audit, expected in zip(audits, package):
            assert audit == expected, (way, expected["note_id"])


def split(notes: list[dict[str, Any]]) -> list[tuple[str, dict[str, Any]]]:
    """Of each note its text, and what is known of it."""
    return [(note["text"], {key: value for key, value in note.items() if key != "text"}) for note in notes]
