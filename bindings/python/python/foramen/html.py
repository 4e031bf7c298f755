"""A note for a notebook: its words with the evidence highlighted, and what it lacks beneath."""

from __future__ import annotations

import html
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from foramen.note import Audit

# Readable on light and on dark pages: the colour is a tint of whatever stands behind it.
_STYLE = {
    "finding": "background:rgba(37,99,235,.22)",
    "procedure": "background:rgba(22,163,74,.22)",
    "flag": "background:rgba(220,38,38,.25)",
}
_MARK = "color:inherit;border-radius:3px;padding:0 2px;"


def page(audit: Audit) -> str:
    """The HTML of an audit; every word of the note is escaped."""
    parts = [f'<div style="white-space:pre-wrap;line-height:1.5">{_marked(audit)}</div>']
    asked = dict.fromkeys(gap.query.text for gap in audit.gaps if gap.query)
    if asked:
        parts.append("<ul>" + "".join(f"<li>{html.escape(text)}</li>" for text in asked) + "</ul>")
    if audit.score.percent is not None:
        score = f"{audit.score.documented} of {audit.score.required} elements documented"
        parts.append(f"<p>{score} ({audit.score.percent:g} %)</p>")
    return "".join(parts)


def _marked(audit: Audit) -> str:
    """The note with its evidence between marks; where facts share words, the first that stands there has them."""
    facts = [(kind, fact) for kind in ("flag", "finding", "procedure") for fact in getattr(audit, f"{kind}s")]
    places = sorted((e.start, e.end, kind, _title(fact)) for kind, fact in facts for e in fact.evidence)
    parts, at = [], 0
    for start, end, kind, title in places:
        if start < at:
            continue
        words = html.escape(audit.text[start:end])
        parts.append(html.escape(audit.text[at:start]))
        parts.append(f'<mark style="{_MARK}{_STYLE[kind]}" title="{html.escape(title)}">{words}</mark>')
        at = end
    parts.append(html.escape(audit.text[at:]))
    return "".join(parts)


def _title(fact: object) -> str:
    """What a fact says, in a line."""
    values = (getattr(fact, name, None) for name in ("kind", "family", "level", "side", "severity", "status", "message"))
    return " · ".join(str(value).replace("_", " ") for value in values if value)
