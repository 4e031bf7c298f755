"""Notes of the project, and what the command line makes of them."""

from __future__ import annotations

import json
import os
import pathlib
import subprocess
from typing import Any

import foramen
import pytest

ROOT = pathlib.Path(__file__).parents[3]
CORPORA = sorted((ROOT / "corpora").glob("*.jsonl"))

# Where the command was built.
COMMAND = os.environ.get("FORAMEN", str(ROOT / "target/debug/foramen"))


def built(what: str, path: pathlib.Path, how: str) -> pytest.MarkDecorator:
    """Skips a test for which this is not built; never where ``FORAMEN_BUILT`` says that it is, as ``scripts/test`` does."""
    is_told = what in os.environ.get("FORAMEN_BUILT", "").split(",")
    return pytest.mark.skipif(not is_told and not path.exists(), reason=f"{path} is not built: {how}")


def run(*arguments: str | pathlib.Path) -> str:
    """What the command prints."""
    return subprocess.run([COMMAND, *map(str, arguments)], check=True, capture_output=True, text=True).stdout


def lines(text: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in text.split("\n") if line]


def code_points(value: Any, text: str, encoding: str = "utf-8") -> Any:
    """The same, with offsets in code points in place of bytes, or of UTF-16 units where that is the encoding."""
    if isinstance(value, list):
        return [code_points(each, text, encoding) for each in value]
    if not isinstance(value, dict):
        return value
    whole, unit = text.encode(encoding), 2 if encoding == "utf-16-le" else 1
    return {
        key: len(whole[: unit * part].decode(encoding))
        if key in ("start", "end") and part is not None
        else code_points(part, text, encoding)
        for key, part in value.items()
    }


@pytest.fixture(scope="session")
def notes() -> list[dict[str, Any]]:
    """The notes of ``corpora/``, without their gold facts, in the order in which the command reads them."""
    of_all = [note for path in CORPORA for note in lines(path.read_text(encoding="utf-8"))]
    return [{key: note.get(key) for key in ("note_id", "note_type", "text")} for note in of_all]


@pytest.fixture(scope="session")
def auditor() -> foramen.Auditor:
    return foramen.Auditor()
