"""Grammars from treebanks: how F1 grows, how it falls with length, how few rules do most of the work."""

from __future__ import annotations

from collections.abc import Sequence

import altair as alt
import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from core.charts.theme import BLUE, GREEN, ORANGE, VERMILION, dressed

BIN = 5  # words
POINTS = 400  # of a curve over ranks, evenly spaced on its logarithmic axis
PRECISION, RECALL, F1 = "precision", "recall", "F1"


def running(rows: Sequence[dict[str, float]]) -> alt.LayerChart:
    """Precision, recall and F1 over the sentences `done` so far."""
    frame = pd.DataFrame(
        [
            {"sentences": row["done"], "value": row[column], "of": name}
            for name, column in ((PRECISION, "precision"), (RECALL, "recall"), (F1, "f1"))
            for row in rows
        ],
        columns=["sentences", "value", "of"],
    )
    colours = alt.Scale(domain=[PRECISION, RECALL, F1], range=[ORANGE, GREEN, BLUE])
    base = alt.Chart(frame).encode(
        x=alt.X("sentences:Q", title="sentences parsed", axis=alt.Axis(format="d", tickMinStep=1)),
        y=alt.Y("value:Q", title="so far", scale=alt.Scale(zero=False), axis=_percent()),
        color=alt.Color("of:N", sort=None, scale=colours),
        tooltip=["of:N", "sentences:Q", alt.Tooltip("value:Q", format=".1%")],
    )
    return dressed(alt.LayerChart(layer=[base.mark_line(strokeWidth=2)], height=220))


def learning_curve(trees: ArrayLike, f1: ArrayLike, pieced: ArrayLike) -> alt.LayerChart:
    """F1 over the number of trees that a grammar was learned from."""
    frame = pd.DataFrame(
        {"trees": np.asarray(trees), "F1": np.asarray(f1), "pieced": np.asarray(pieced)}
    )
    at = alt.Axis(format=",d", values=frame["trees"].tolist())
    log = alt.Scale(type="log", nice=False)
    base = alt.Chart(frame).encode(
        x=alt.X("trees:Q", title="trees learned from", scale=log, axis=at),
        y=alt.Y("F1:Q", title="F1 on held-out trees", scale=alt.Scale(zero=False), axis=_percent()),
        tooltip=[
            alt.Tooltip("trees:Q", format=",d"),
            alt.Tooltip("F1:Q", format=".1%"),
            alt.Tooltip("pieced:Q", title="without a tree"),
        ],
    )
    line = base.mark_line(
        strokeWidth=2.5, color=BLUE, point=alt.OverlayMarkDef(size=60, color=BLUE)
    )
    return dressed(alt.LayerChart(layer=[line], height=240))


def by_length(words: ArrayLike, f1: ArrayLike, weight: ArrayLike) -> alt.LayerChart:
    """F1 of sentences of so many words, in bins of BIN; `weight`: brackets (gold + guessed) of each."""
    length, weights = np.asarray(words), np.asarray(weight, float)
    bins = (length - 1) // BIN
    rows = []
    for k in np.unique(bins):
        of = bins == k
        total = weights[of].sum()
        mean = float((np.asarray(f1)[of] * weights[of]).sum() / total) if total else 0.0
        rows.append(
            {"words": f"{BIN * k + 1}–{BIN * k + BIN}", "F1": mean, "sentences": int(of.sum())}
        )
    frame = pd.DataFrame(rows, columns=["words", "F1", "sentences"])
    base = alt.Chart(frame).encode(
        x=alt.X("words:N", sort=None, title="words of the sentence", axis=alt.Axis(labelAngle=0)),
        y=alt.Y("F1:Q", title="F1", scale=alt.Scale(domain=[0, 1]), axis=_percent()),
        tooltip=["words:N", alt.Tooltip("F1:Q", format=".1%"), "sentences:Q"],
    )
    count = base.mark_text(dy=-8, color="#8C8C8C", fontSize=11).encode(text="sentences:Q")
    bars = base.mark_bar(size=22, color=BLUE)
    return dressed(alt.LayerChart(layer=[bars, count], height=220))


def zipf(counts: ArrayLike, words: ArrayLike) -> alt.LayerChart:
    """Counts of rules over their rank, most frequent first; `words` tells which of them make words."""
    all_counts, lexical = np.asarray(counts), np.asarray(words, bool)
    rows = []
    for name, of in (("of phrases", ~lexical), ("of words", lexical)):
        ranked = np.sort(all_counts[of])[::-1]
        if not len(ranked):
            continue
        at = np.unique(np.geomspace(1, len(ranked), POINTS).round().astype(int))
        rows += [{"rank": int(k), "count": int(ranked[k - 1]), "of": name} for k in at]
    frame = pd.DataFrame(rows, columns=["rank", "count", "of"])
    log = alt.Scale(type="log", nice=False)
    colours = alt.Scale(domain=["of phrases", "of words"], range=[BLUE, VERMILION])
    base = alt.Chart(frame).encode(
        x=alt.X("rank:Q", title="rank, most frequent first", scale=log, axis=_tens()),
        y=alt.Y("count:Q", title="times in the treebank", scale=log, axis=_tens()),
        color=alt.Color("of:N", sort=None, scale=colours),
        tooltip=["of:N", alt.Tooltip("rank:Q", format=",d"), alt.Tooltip("count:Q", format=",d")],
    )
    return dressed(alt.LayerChart(layer=[base.mark_line(strokeWidth=2.5)], height=240))


def looks(tags: Sequence[str], p: ArrayLike, *, highest: int = 8) -> alt.LayerChart:
    """p(tag | word), the likeliest first."""
    frame = pd.DataFrame({"tag": list(tags), "p": np.asarray(p)}).nlargest(highest, "p")
    base = alt.Chart(frame).encode(
        x=alt.X("p:Q", title="p(tag | word)", scale=alt.Scale(domain=[0, 1])),
        y=alt.Y("tag:N", sort=None, title=None),
        tooltip=["tag:N", alt.Tooltip("p:Q", format=".4f")],
    )
    text = base.mark_text(align="left", dx=4, color="#8C8C8C").encode(
        text=alt.Text("p:Q", format=".3f")
    )
    layers = [base.mark_bar(size=14, color=BLUE), text]
    return dressed(alt.LayerChart(layer=layers, height=40 + 24 * len(frame)))


def _percent() -> alt.Axis:
    return alt.Axis(format=".0%")


def _tens() -> alt.Axis:
    return alt.Axis(format=",d", values=[1, 10, 100, 1000, 10_000, 100_000, 1_000_000])
