#!/usr/bin/env python3
"""Writes lexicons/codes/icd10cm.csv and excludes1.csv from the official tabular lists.

The PyPI package simple-icd-10-cm carries the ICD-10-CM tabular XML of the CDC, one release a version:

    for v in 1.2.0 1.4.0 1.5.0; do pip download --no-deps -d icd simple-icd-10-cm==$v; done
    python3 scripts/icd10cm.py icd

Which categories are taken stands in lexicons/codes/coverage.csv; docs/codes.md says what the columns mean.
"""

import csv
import re
import sys
import zipfile
from datetime import date, timedelta
from pathlib import Path
from xml.etree import ElementTree

CODES = Path(__file__).resolve().parent.parent / "lexicons" / "codes"

# Releases from the oldest: short name, version of the package, first and last day of its fiscal year.
RELEASES = [
    ("TAB21", "1.2.0", "2020-10-01", "2021-09-30"),
    ("TAB25", "1.4.0", "2024-10-01", "2025-09-30"),
    ("TAB26", "1.5.0", "2025-10-01", "2026-09-30"),
]

# Days on which codes came, by prefix. The releases bracket each; the day itself is known, not read.
CAME = {
    **{f"M50.{kind}2{level}": "2016-10-01" for kind in "012389" for level in "0123"},
    "M48.061": "2017-10-01",
    "M48.062": "2017-10-01",
    "M45.A": "2021-10-01",
    "M54.50": "2021-10-01",
    "M54.51": "2021-10-01",
    "M54.59": "2021-10-01",
    "M51.A": "2022-10-01",
    "M96.A": "2022-10-01",
    "M51.36": "2024-10-01",
    "M51.37": "2024-10-01",
}

# Codes that could be billed until they were split: the first day as a header.
SPLIT = {
    **{f"M50.{kind}2": "2016-10-01" for kind in "012389"},
    "M48.06": "2017-10-01",
    "M54.5": "2021-10-01",
    "M51.36": "2024-10-01",
    "M51.37": "2024-10-01",
}

# Regions by the words of the title; the first that fits is taken.
REGIONS = [
    ("occipito_atlanto_axial", r"occipito-atlanto-axial"),
    ("cervicothoracic", r"cervicothoracic"),
    ("thoracolumbar", r"thoracolumbar"),
    ("lumbosacral", r"lumbosacral"),
    ("sacral", r"sacral and sacrococcygeal|sacral region|sacrococcygeal"),
    ("cervical", r"cervical|C\d-C\d level|[Cc]ervicalgia"),
    ("thoracic", r"thoracic (region|spine)|thoracic intervertebral"),
    ("lumbar", r"lumbar region|neural canal of lumbar|foramina of lumbar"),
    ("multiple", r"multiple sites"),
    ("unspecified", r"(site|region|level) unspecified|unspecified (site|region)"),
]

# Interspaces of a cervical disc code by what follows its fourth character (inclusion terms of M50).
DISC_LEVELS = {
    "0": "C2-C3 C3-C4 C4-C5 C5-C6 C6-C7 C7-T1",
    "1": "C2-C3 C3-C4", "2": "C4-C5 C5-C6 C6-C7", "20": "C4-C5 C5-C6 C6-C7",
    "21": "C4-C5", "22": "C5-C6", "23": "C6-C7", "3": "C7-T1",
}


def tabular(folder, version):
    """The tabular list in the package of a version."""
    [wheel] = Path(folder).glob(f"simple_icd_10_cm-{version}-*.whl")
    with zipfile.ZipFile(wheel) as package:
        [name] = [n for n in package.namelist() if n.endswith(".xml")]
        return ElementTree.fromstring(package.read(name))


def is_covered(code, ranges):
    return any(first <= code[: len(last)] <= last for first, last in ranges)


def read(root, ranges):
    """Codes with title and whether they are leaves; pairs that an Excludes1 note forbids."""
    codes, pairs = {}, set()

    def visit(node):
        name = node.findtext("name")
        covered = is_covered(name, ranges)
        if covered:
            codes[name] = (node.findtext("desc"), node.find("diag") is None)
            pairs.update((name, *other) for other in excluded(node))
        for child in node.findall("diag"):
            visit(child)
        if covered:
            expand_seventh(node, codes)

    for section in root.iter("section"):
        for diag in section.findall("diag"):
            visit(diag)
            if is_covered(diag.findtext("name"), ranges):
                pairs.update((diag.findtext("name"), *other) for other in excluded(section))
    return codes, pairs


def expand_seventh(node, codes):
    """Makes headers of the leaves below a node with seventh characters, and a code of each of these."""
    definition = node.find("sevenChrDef")
    for leaf in leaves(node) if definition is not None else []:
        stem, title = leaf.findtext("name"), leaf.findtext("desc")
        codes[stem] = (title, False)
        for extension in definition.findall("extension"):
            code = stem + "X" * (7 - len(stem)) + extension.get("char")
            codes[code] = (f"{title}, {extension.text}", True)


def leaves(node):
    below = node.findall("diag")
    return [leaf for child in below for leaf in leaves(child)] if below else [node]


def excluded(node):
    """First and last code prefix of each reference in the node's own Excludes1 notes."""
    for note in node.findall("excludes1/note"):
        for group in re.findall(r"\(([^()]*)\)", "".join(note.itertext())):
            for part in re.split(r",\s*|\s+", group):
                code = r"[A-Z]\d[0-9A-Z](?:\.[0-9A-Z]+)?"
                found = re.fullmatch(rf"({code})\.?-?(?:-({code})\.?-?)?", part)
                if found:
                    first, last = found.group(1), found.group(2) or found.group(1)
                    yield first, last


def region(title):
    if title.count("thoraco") and title.count("lumbosacral"):
        return ""  # the header of a group
    for name, words in REGIONS:
        if re.search(words, title):
            return name
    return ""


def levels(code):
    return DISC_LEVELS.get(code[5:], "") if code.startswith("M50.") else ""


def longest(table, code):
    """The value of the longest prefix of the code."""
    fits = [prefix for prefix in table if code.startswith(prefix) and (prefix != code or prefix not in SPLIT)]
    return table[max(fits, key=len)] if fits else ""


def day_before(day):
    return (date.fromisoformat(day) - timedelta(days=1)).isoformat()


def bounds(present):
    """First and last day by the releases that have a thing; empty where it is in the outermost one."""
    first = "" if present[0] else next(r[2] for r, p in zip(RELEASES, present) if p)
    last = "" if present[-1] else [r[3] for r, p in zip(RELEASES, present) if p][-1]
    return first, last


def code_rows(releases):
    everything = sorted({code for codes, _ in releases for code in codes})
    for code in everything:
        present = [code in codes for codes, _ in releases]
        newest = max(i for i, p in enumerate(present) if p)
        title, leaf = releases[newest][0][code]
        source = RELEASES[newest][0]
        place = [region(title), levels(code)]
        came, last = longest(CAME, code), bounds(present)[1]
        if not came and not present[0] or last:
            print(f"{code}: in {[r[0] for r, p in zip(RELEASES, present) if p]}, and no day is known")
        first = came or bounds(present)[0]
        split = SPLIT.get(code)
        dated = "known" if first or last or split else "verified"
        if split:
            yield [code, title, 1, *place, first, day_before(split), "verified", dated, source]
            yield [code, title, 0, *place, split, last, "verified", dated, source]
        else:
            yield [code, title, int(leaf), *place, first, last, "verified", dated, source]


def pair_rows(releases):
    everything = sorted({pair for _, pairs in releases for pair in pairs})
    for pair in everything:
        present = [pair in pairs for _, pairs in releases]
        newest = max(i for i, p in enumerate(present) if p)
        yield [*pair, *bounds(present), "verified", RELEASES[newest][0]]


def write(name, header, rows):
    with open(CODES / name, "w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(rows)


def main(folder):
    with open(CODES / "coverage.csv", newline="", encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if row["system"] == "ICD-10-CM"]
    ranges = [(row["first"], row["last"]) for row in rows]
    releases = [read(tabular(folder, version), ranges) for _, version, _, _ in RELEASES]
    stretch = ["effective_from", "effective_to", "certainty"]
    write("icd10cm.csv", ["code", "title", "billable", "region", "levels", *stretch, "dates", "source"], code_rows(releases))
    write("excludes1.csv", ["code", "first", "last", *stretch, "source"], pair_rows(releases))


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    main(sys.argv[1])
