"""All sentences of a text in a table, one of them chosen, and all of it to take home."""

from __future__ import annotations

import csv
import io
import json
import math
from functools import partial

import pandas as pd
import streamlit as st

from core.parsing import parser, text_run
from core.parsing.brackets import one_line
from core.parsing.parser import Parse
from pages._kit import take

HOW = {parser.WHOLE: "whole", parser.PIECES: "pieces", parser.LATE: "out of time"}
LABELS = {"mrg": "Trees, brackets", "json": "Trees, JSON", "csv": "Table, CSV"}
ROW, HEAD, TALL = 35, 38, 280  # pixels


def table(parses: tuple[Parse, ...], unknown: list[frozenset[int]]) -> int:
    """Show them; the number of the sentence that is chosen, the first until then."""
    frame = pd.DataFrame(
        {
            "sentence": [" ".join(one.words) for one in parses],
            "words": [len(one.words) for one in parses],
            "unknown": [len(places) for places in unknown],
            "log p": [one.log_p if math.isfinite(one.log_p) else None for one in parses],
            "p per word": [_per_word(one) for one in parses],
            "ms": [1e3 * one.seconds for one in parses],
            "tree": [HOW[one.how] for one in parses],
        }
    )
    number = st.column_config.NumberColumn
    found = st.dataframe(
        frame, hide_index=True, height=min(HEAD + ROW * len(parses), TALL), key="text_table",
        selection_mode="single-row", on_select="rerun",
        column_config={
            "sentence": st.column_config.TextColumn(width="medium"),
            "log p": number(format="%.1f", help="Natural logarithm of the probability of the best tree"),
            "p per word": number(
                format="%.2g", help="The geometric mean: how well a word fits, whatever the length"
            ),
            "ms": number(format="%.1f"),
            "tree": st.column_config.TextColumn(
                help="whole: a tree of the grammar. pieces: it has none, these are its likeliest parts."
            ),
        },
    )  # fmt: skip
    rows = found["selection"]["rows"]
    return rows[0] if rows and rows[0] < len(parses) else 0


def home(parses: tuple[Parse, ...]) -> None:
    """Download buttons."""
    files = {
        "parsed-text.mrg": partial(_brackets, parses),
        "parsed-text.json": partial(_json, parses),
        "parsed-text.csv": partial(_csv, parses),
    }
    take.home(files, labels=LABELS)


def _per_word(one: Parse) -> float | None:
    return text_run.per_word(one) if math.isfinite(one.log_p) else None


def _brackets(parses: tuple[Parse, ...]) -> str:
    return "".join(f"( {one_line(one.tree)} )\n" for one in parses)


def _json(parses: tuple[Parse, ...]) -> str:
    return json.dumps(text_run.to_json(parses), ensure_ascii=False, indent=1)


def _csv(parses: tuple[Parse, ...]) -> str:
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(
        ["sentence", "words", "unknown", "log_p", "p_per_word", "seconds", "how", "tree"]
    )
    for k, one in enumerate(parses):
        whole = math.isfinite(one.log_p)
        writer.writerow(
            [k + 1, len(one.words), len(one.unknown), f"{one.log_p:.6f}" if whole else "",
             f"{text_run.per_word(one):.6g}" if whole else "", f"{one.seconds:.6f}", one.how,
             one_line(one.tree)]
        )  # fmt: skip
    return file.getvalue()
