"""The notebook under docs gives the outputs that stand in it. ``FORAMEN_UPDATE=1`` writes them anew."""

from __future__ import annotations

import os
from typing import Any

import nbformat
from conftest import ROOT
from nbclient import NotebookClient

NOTEBOOK = ROOT / "docs/foramen.ipynb"


def words(cell: Any) -> list[str]:
    """What a cell gives in words, and which of its outputs are pictures: these depend on fonts."""
    told = []
    for output in cell.get("outputs", []):
        data = output.get("data", {})
        picture = "image/png" in data
        told += ["a picture"] if picture else [output.get("text", "") + data.get("text/plain", "") + data.get("text/html", "")]
    return told


def test_the_notebook_gives_what_stands_in_it() -> None:
    kept = nbformat.read(NOTEBOOK, as_version=4)
    executed = NotebookClient(nbformat.from_dict(kept), resources={"metadata": {"path": str(NOTEBOOK.parent)}}).execute()
    for cell in executed.cells:
        cell.metadata = {}
    if os.environ.get("FORAMEN_UPDATE"):
        nbformat.write(executed, NOTEBOOK)
    else:
        stale = "run `FORAMEN_UPDATE=1 scripts/python-tests -k notebook` and read docs/foramen.ipynb"
        assert [words(cell) for cell in executed.cells] == [words(cell) for cell in kept.cells], stale
    assert sum("a picture" in words(cell) for cell in executed.cells) == 1
