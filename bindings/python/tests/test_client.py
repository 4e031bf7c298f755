"""The client against the real server, where the command is built: ``cargo build``, or ``FORAMEN_BIN``."""

from __future__ import annotations

import json
import os
import pathlib
import pickle
import subprocess

import pytest

import foramen
from conftest import built
from foramen.client import Client, Note, Problem, Refused

ROOT = pathlib.Path(__file__).parents[3]
BINARY = pathlib.Path(os.environ.get("FORAMEN_BIN", ROOT / "target/debug/foramen"))
TOKEN = "a-token-of-the-tests"

pytestmark = built("command", BINARY, "cargo build")


@pytest.fixture(scope="module")
def client():
    command = [BINARY, "serve", "--listen", "127.0.0.1:0", "--max-note", "20000", "--rate", "0"]
    environment = {**os.environ, "FORAMEN_TOKEN": TOKEN}
    with subprocess.Popen(command, stderr=subprocess.PIPE, env=environment, text=True) as server:
        ready = json.loads(server.stderr.readline())
        try:
            yield Client(f"http://{ready['listen']}", token=TOKEN)
        finally:
            server.terminate()
            server.stderr.read()


def test_an_audit_is_that_of_the_library(client):
    text = "≥ 🦴 L4-5: left foraminal stenosis."
    served, local = client.audit(text, note_id="n1"), foramen.audit(text, note_id="n1")
    assert served.to_dict() == local.to_dict()
    evidence = served.findings[0].evidence[0]
    assert text[evidence.start : evidence.end] == evidence.text


def test_an_audit_from_a_server_can_be_pickled(client):
    served = client.audit("L4-5: left foraminal stenosis.")
    again = pickle.loads(pickle.dumps(served))
    assert again.to_dict() == served.to_dict()
    with pytest.raises(ValueError, match="words included"):
        again.to_dict(text=False)


def test_what_is_known_goes_with_the_note(client):
    note = Note("Follow-up.", note_type="clinic", service_date="2024-03-10", ignore=(("NF003", "outside"),))
    assert client.audit(note).note_type == "clinic"
    with pytest.raises(Refused) as refused:
        client.audit("x", payer="nobody")
    assert refused.value.problem.status == 422
    assert "payer" in refused.value.problem.detail


def test_many_notes_come_back_in_their_order_and_a_bad_one_is_a_problem(client):
    notes = [Note(f"L4-5: left foraminal stenosis. {'x ' * (n % 97)}", note_id=str(n)) for n in range(3000)]
    notes[1000] = Note("x" * 20_001)
    answers = list(client.audit_many(iter(notes)))
    assert len(answers) == 3000
    assert isinstance(answers[1000], Problem)
    assert (answers[1000].status, answers[1000].line) == (413, 1001)
    audits = [answer for answer in answers if not isinstance(answer, Problem)]
    assert [audit.note_id for audit in audits] == [str(n) for n in range(3000) if n != 1000]
    assert audits[5].text == notes[5].text
    assert list(client.audit_many([])) == []


def test_a_generator_that_fails_fails_for_who_reads(client):
    def notes():
        yield "L4-5: left foraminal stenosis."
        raise RuntimeError("the source is gone")

    with pytest.raises(RuntimeError, match="the source is gone"):
        list(client.audit_many(notes()))


def test_a_wrong_token_is_refused(client):
    stranger = Client(f"http://{client._host}:{client._port}", token="another-token-of-tests")
    for ask in (lambda: stranger.audit("x"), lambda: list(stranger.audit_many(["x"]))):
        with pytest.raises(Refused) as refused:
            ask()
        assert refused.value.problem.type == "urn:foramen:problem:wrong-token"


def test_the_rules_are_there(client):
    assert any(rule.code == "NF003" and rule.element == "severity" for rule in client.rules())
