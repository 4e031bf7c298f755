"""One peer on the notes or on the sentences of a file: runs inside that peer's own environment.

    target/peers/medspacy/bin/python benches/peers/peer.py medspacy speed phrases.txt notes.jsonl
    target/peers/medspacy/bin/python benches/peers/peer.py medspacy assertion sentences.tsv

Prints one JSON object. `speed` reads the phrases that the peer is to find, one a line, and notes of JSON Lines with
`text`; `assertion` reads a table whose columns are line number, condition, sentence (the condition in capitals),
negation, temporality and experiencer, and tells the peer the condition of each sentence as its only target.
"""

import csv
import importlib.metadata
import json
import resource
import sys
import time


def medspacy(phrases):
    """The pipeline that `medspacy.load` gives, with its sectionizer added, as its README shows."""
    import loguru
    import medspacy
    from medspacy.target_matcher import TargetRule

    # Its sentence splitter writes a line of debugging for each token, which would be half of what is measured.
    loguru.logger.disable("PyRuSH")

    nlp = medspacy.load()
    nlp.add_pipe("medspacy_sectionizer")
    nlp.get_pipe("medspacy_target_matcher").add([TargetRule(phrase, "SPINE") for phrase in phrases])
    return nlp, {
        "negated": lambda entity: entity._.is_negated,
        "historical": lambda entity: entity._.is_historical,
        "hypothetical": lambda entity: entity._.is_hypothetical,
        "other_experiencer": lambda entity: entity._.is_family,
    }


def negspacy(phrases):
    """Sentencizer, phrases, NegEx with the clinical English terms."""
    import spacy
    from negspacy.negation import Negex  # noqa: F401  (registers the component)

    nlp = spacy.blank("en")
    nlp.add_pipe("sentencizer")
    ruler = nlp.add_pipe("entity_ruler", config={"phrase_matcher_attr": "LOWER"})
    ruler.add_patterns([{"label": "SPINE", "pattern": phrase} for phrase in phrases])
    nlp.add_pipe("negex")
    return nlp, {"negated": lambda entity: entity._.negex}


def edsnlp(phrases):
    """Normalizer, sentences, phrases and its four qualifiers. Its rules are French: speed alone means anything."""
    import edsnlp

    nlp = edsnlp.blank("eds")
    for pipe in ("eds.normalizer", "eds.sentences"):
        nlp.add_pipe(pipe)
    nlp.add_pipe("eds.matcher", config={"terms": {"spine": list(phrases)}, "attr": "LOWER"})
    for pipe in ("eds.negation", "eds.hypothesis", "eds.family", "eds.history"):
        nlp.add_pipe(pipe)
    return nlp, {"negated": lambda entity: entity._.negation}


PEERS = {"medspacy": medspacy, "negspacy": negspacy, "edsnlp": edsnlp}


def speed(build, phrases_file, notes_file):
    with open(phrases_file, encoding="utf-8") as lines:
        phrases = [line.rstrip("\n") for line in lines if line.strip()]
    with open(notes_file, encoding="utf-8") as lines:
        notes = [json.loads(line)["text"] for line in lines]
    nlp, _ = build(phrases)
    nlp(notes[0])
    start = time.perf_counter()
    entities = sum(len(nlp(note).ents) for note in notes)
    seconds = time.perf_counter() - start
    size = sum(len(note.encode()) for note in notes)
    return {"notes": len(notes), "bytes": size, "seconds": seconds, "entities": entities}


def assertion(build, table):
    """Counts by label of what the peer says of each sentence's condition."""
    gold_of = {
        "negated": lambda row: row[3] == "Negated",
        "historical": lambda row: row[4] == "Historical",
        "hypothetical": lambda row: row[4] == "Not particular",
        "other_experiencer": lambda row: row[5] != "Patient",
    }
    with open(table, encoding="utf-8", newline="") as lines:
        rows = list(csv.reader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))[1:]
    rows = [row for row in rows if len(row) >= 6]
    nlp, labels = build(sorted({row[1].strip().lower() for row in rows}))
    counts = {label: {"tp": 0, "fp": 0, "fn": 0} for label in labels}
    for row in rows:
        condition = row[1].strip().lower()
        entity = next((entity for entity in nlp(row[2]).ents if entity.text.lower() == condition), None)
        for label, says in labels.items():
            outcome = (entity is not None and bool(says(entity)), gold_of[label](row))
            if any(outcome):
                counts[label][{(True, True): "tp", (True, False): "fp", (False, True): "fn"}[outcome]] += 1
    return {"sentences": len(rows), "labels": counts}


def main():
    name, mode, *files = sys.argv[1:]
    result = {"speed": speed, "assertion": assertion}[mode](PEERS[name], *files)
    result["peer"] = name
    result["version"] = importlib.metadata.version(name)
    result["peak_mib"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps(result))


if __name__ == "__main__":
    main()
