"""What was found as one page that needs nothing else: no script, no font, no address outside.

Every text in it passes through `text`, so that what documents say stays what they say.
"""

from __future__ import annotations

import html
import re
from collections.abc import Mapping, Sequence

import numpy as np

from core.errors import require
from core.topics.edits import Edited
from core.topics.neighbours import top_documents
from core.topics.topics import Floats

WORDS, DOCUMENTS, EXCERPT = 12, 5, 280  # of a topic; letters of a document
ROW, LABELS, BAR, VALUES = 20, 190, 260, 70  # pixels of a chart
LETTERS = 24  # of a label
CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
# Belt and braces: a browser that obeys this runs and fetches nothing whatever the page says.
POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"
STYLE = """
:root { color-scheme: light dark; --ink: #1f2430; --soft: #667085; --line: #d9dde5; --bar: #2f6fb3;
  --paper: #fff }
@media (prefers-color-scheme: dark) { :root { --ink: #e8eaf0; --soft: #9aa3b5; --line: #363c4a;
  --bar: #6ea8e6; --paper: #14171f } }
body { margin: 0 auto; padding: 24px; max-width: 960px; font: 15px/1.5 system-ui, sans-serif;
  color: var(--ink); background: var(--paper); overflow-wrap: anywhere }
h1, h2 { line-height: 1.2 } h2 { margin: 0 }
table { border-collapse: collapse } th { text-align: left; font-weight: 600; padding-right: 16px }
section { border-top: 1px solid var(--line); padding: 20px 0; break-inside: avoid }
.two { display: flex; flex-wrap: wrap; gap: 24px } .two > * { flex: 1 1 320px; min-width: 0 }
.soft { color: var(--soft) } ol { margin: 0; padding-left: 22px }
svg { max-width: 100%; height: auto; font: 13px system-ui, sans-serif; fill: var(--ink) }
svg rect { fill: var(--bar) } svg .soft { fill: var(--soft) }
"""


def to_html(
    edited: Edited, *, title: str, titles: Sequence[str], texts: Sequence[str], tokens: Floats,
    about: Mapping[str, object], words: int = WORDS, documents: int = DOCUMENTS,
) -> str:  # fmt: skip
    """The page: `about` (what was done, in a few lines), shares, then each topic that is not hidden.

    Titles, texts and tokens (D,) are those of the documents, and may be empty for a model without.
    Raises SettingError where they are not one for each.
    """
    D = len(edited.topics.doc_topic)
    for name, given in (("titles", titles), ("texts", texts), ("tokens", tokens)):
        require(len(given) == D, name, wanted=f"one for each of {D} documents", given=len(given))
    seen = edited.seen
    shares = [(f"{edited.ids[k]} {edited.names[k]}", float(edited.share[k])) for k in seen]
    parts = [
        "<!doctype html>",
        '<html lang="en"><head><meta charset="utf-8">',
        f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        f"<title>{text(title)}</title><style>{STYLE}</style></head><body>",
        f"<h1>{text(title)}</h1>",
        _about(about),
        "<section><h2>Topics by their share of all words</h2>",
        bars(shares, "Share of each topic", percent=True),
        _hidden(edited),
        "</section>",
        *(_topic(edited, k, titles, texts, tokens, words, documents) for k in seen),
        "</body></html>",
    ]
    return "\n".join(parts)


def text(told: object) -> str:
    """Anything as harmless HTML; control characters and lone surrogates become visible."""
    plain = CONTROL.sub("\ufffd", str(told)).encode("utf-8", "replace").decode()
    return html.escape(plain, quote=True)


def bars(rows: Sequence[tuple[str, float]], label: str, *, percent: bool = False) -> str:
    """Rows of a name and a number of at least 0 as an SVG, the largest over the full width."""
    most = max((value for _, value in rows), default=0.0)
    lines = []
    for i, (name, value) in enumerate(rows):
        y, width = i * ROW, BAR * value / most if most > 0 else 0.0
        short = name if len(name) <= LETTERS else name[: LETTERS - 1] + "…"
        number = f"{100 * value:.1f} %" if percent else f"{value:.4f}"
        lines.append(
            f"<g><title>{text(name)}: {number}</title>"
            f'<text x="{LABELS - 8}" y="{y + 14}" text-anchor="end">{text(short)}</text>'
            f'<rect x="{LABELS}" y="{y + 3}" width="{width:.1f}" height="{ROW - 6}" rx="2"/>'
            f'<text class="soft" x="{LABELS + width + 6:.1f}" y="{y + 14}">{number}</text></g>'
        )
    width, height = LABELS + BAR + VALUES, max(len(rows), 1) * ROW
    return (
        f'<svg role="img" aria-label="{text(label)}" width="{width}" height="{height}" '
        f'viewBox="0 0 {width} {height}">{"".join(lines)}</svg>'
    )


def _about(about: Mapping[str, object]) -> str:
    rows = (f"<tr><th>{text(key)}</th><td>{text(value)}</td></tr>" for key, value in about.items())
    return f"<table>{''.join(rows)}</table>" if about else ""


def _hidden(edited: Edited) -> str:
    if not edited.hidden:
        return ""
    rest = sum(float(edited.share[edited.row(topic)]) for topic in edited.hidden)
    many = len(edited.hidden)
    told = (
        f"{many} hidden {'topic has' if many == 1 else 'topics have'} the other {100 * rest:.1f} %."
    )
    return f'<p class="soft">{told}</p>'


def _topic(
    edited: Edited, k: int, titles: Sequence[str], texts: Sequence[str], tokens: Floats,
    words: int, documents: int,
) -> str:  # fmt: skip
    topics = edited.topics
    order = np.argsort(-topics.topic_word[k], kind="stable")[:words]
    chances = [(topics.vocabulary[w], float(topics.topic_word[k, w])) for w in order]
    made = edited.members[k]
    of = f", made of {', '.join(map(str, made))}" if len(made) > 1 else ""
    return (
        f"<section><h2>{text(edited.names[k])}</h2>"
        f'<p class="soft">Topic {edited.ids[k]}{of}: {100 * edited.share[k]:.1f} % of all words</p>'
        f'<div class="two"><div>{bars(chances, f"Likeliest words of topic {edited.ids[k]}")}</div>'
        f"{_documents(edited, k, titles, texts, tokens, documents)}</div></section>"
    )


def _documents(
    edited: Edited, k: int, titles: Sequence[str], texts: Sequence[str], tokens: Floats, many: int
) -> str:
    if not len(titles):
        return ""
    found = top_documents(edited.topics.doc_topic, k, tokens, many)
    items = (
        f'<li><b dir="auto">{text(titles[d])}</b> <span class="soft">{100 * share:.0f} %</span>'
        f'<div class="soft" dir="auto">{text(_excerpt(texts[d]))}</div></li>'
        for d, share in zip(found.documents.tolist(), found.values.tolist(), strict=True)
    )
    return f"<ol>{''.join(items)}</ol>"


def _excerpt(told: str) -> str:
    # No more of a long text is looked at than is shown.
    words = " ".join(told[: 4 * EXCERPT].split())
    short = words[:EXCERPT].rstrip()
    return short + ("…" if len(words) > EXCERPT or len(told) > 4 * EXCERPT else "")
