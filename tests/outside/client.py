"""A small client of CDS Hooks: it discovers the services, fills their prefetch templates from a chart, calls each on its
hook, takes a suggestion, tells so, and holds every answer to the schemas beside it."""

import base64
import json
import pathlib
import re
import sys
import urllib.error
import urllib.request
import uuid

import jsonschema

HERE = pathlib.Path(__file__).parent
CORPORA = HERE.parents[1] / "corpora"


def schema(name):
    of = json.loads((HERE / f"{name}.schema.json").read_text())
    jsonschema.Draft202012Validator.check_schema(of)
    return jsonschema.Draft202012Validator(of, format_checker=jsonschema.FormatChecker())


class Record:
    """A chart: the notes of one patient, the latest first, and the one that is being written."""

    def __init__(self, notes):
        self.notes = {f"n{number}": self.document(f"n{number}", text) for number, text in enumerate(notes)}

    @staticmethod
    def document(name, text):
        data = base64.b64encode(text.encode()).decode()
        attachment = {"contentType": "text/plain; charset=utf-8", "data": data}
        return {"resourceType": "DocumentReference", "id": name, "status": "current", "content": [{"attachment": attachment}]}

    def fetch(self, template, context):
        """What a FHIR server would give for a template of the two forms that the services use."""
        path = re.sub(r"{{context\.(\w+)}}", lambda token: context[token[1]], template)
        if read := re.fullmatch(r"DocumentReference/([\w.-]+)", path):
            return self.notes.get(read[1])
        assert path.startswith("DocumentReference?patient=7&"), path
        count = int(re.search(r"_count=(\d+)", path)[1])
        entries = [{"resource": note} for note in list(self.notes.values())[:count]]
        return {"resourceType": "Bundle", "type": "searchset", "total": len(entries), "entry": entries}


class Client:
    def __init__(self, base, token):
        self.base, self.token = base, token
        self.discovery, self.cards = schema("discovery"), schema("cards")
        self.services = self.ask("/cds-services")
        self.discovery.validate(self.services)
        self.seen = 0

    def ask(self, path, body=None):
        data = None if body is None else json.dumps(body).encode()
        headers = {"Content-Type": "application/json", "Authorization": f"Bearer {self.token}"}
        with urllib.request.urlopen(urllib.request.Request(self.base + path, data, headers)) as answer:
            assert answer.headers["Content-Type"] == "application/json"
            return json.load(answer)

    def call(self, service, record, note):
        context = {"userId": "Practitioner/example", "patientId": "7", "documentReferenceId": note}
        if service["hook"].startswith("order-"):
            context["draftOrders"] = {"resourceType": "Bundle", "type": "collection", "entry": []}
        if service["hook"] == "order-select":
            context["selections"] = ["ServiceRequest/1"]
        prefetch = {key: record.fetch(template, context) for key, template in service["prefetch"].items()}
        call = {"hook": service["hook"], "hookInstance": str(uuid.uuid4()), "context": context, "prefetch": prefetch}
        answer = self.ask(f"/cds-services/{service['id']}", call)
        self.cards.validate(answer)
        ids = [card["uuid"] for card in answer["cards"]]
        assert len(ids) == len(set(ids))
        self.seen += len(ids)
        return answer["cards"]

    def feedback(self, service, card, suggestion):
        told = {"card": card["uuid"], "outcomeTimestamp": "2026-03-10T08:30:00Z"}
        accepted = {"outcome": "accepted", "acceptedSuggestions": [{"id": suggestion["uuid"]}]}
        reason = {"reason": card["overrideReasons"][0], "userComment": "see the outside report"}
        overridden = {"outcome": "overridden", "overrideReason": reason}
        for outcome in (accepted, overridden):
            self.ask(f"/cds-services/{service['id']}/feedback", {"feedback": [told | outcome]})


def complete(client, service, record, note):
    """Takes the first suggestion, again and again, until none is left; gives how many it took."""
    for taken in range(20):
        cards = client.call(service, record, note)
        card = next((card for card in cards if card.get("suggestions")), None)
        if card is None:
            return taken, len(cards)
        suggestion = card["suggestions"][0]
        client.feedback(service, card, suggestion)
        for action in suggestion["actions"]:
            assert action["type"] == "update" and action["resource"]["id"] == note
            record.notes[note] = action["resource"]
    raise AssertionError("the suggestions have no end")


def main(base, token):
    client = Client(base, token)
    sign = next(service for service in client.services["services"] if service["hook"].endswith("note-sign"))

    record = Record(["IMPRESSION: Foraminal stenosis at L4-L5.", "Doing well."])
    taken, left = complete(client, sign, record, "n0")
    assert (taken, left) == (2, 0), (taken, left)

    link = client.call(sign, Record(["Foraminal stenosis at L4-L5."]), "n0")[0]["links"][0]
    with urllib.request.urlopen(link["url"]) as page:
        assert page.read().startswith(b"# NF00")

    lines = [line for file in sorted(CORPORA.glob("*.jsonl")) for line in file.read_text().splitlines() if line]
    for start in range(0, len(lines), 3):
        record = Record([json.loads(line)["text"] for line in lines[start : start + 3]])
        for service in client.services["services"]:
            client.call(service, record, "n0")
    assert client.seen > 50, client.seen

    for body in ({}, {"hook": "order-sign", "hookInstance": "a", "context": {"userId": "a", "patientId": "7"}}):
        try:
            client.ask("/cds-services/foramen-order-sign", body)
        except urllib.error.HTTPError as error:
            assert error.code == (412 if body else 422), error
        else:
            raise AssertionError("it was not refused")
    print(f"CDS Hooks: {client.seen} cards are as the standard has them")


main(*sys.argv[1:])
