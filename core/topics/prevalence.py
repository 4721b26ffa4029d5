"""How much of the tokens each topic has: in groups of documents, and over time.

share[g, z] = sum over d in g of N_d p(z | d) / sum over d in g of N_d
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from core.errors import require
from core.topics.settings import between
from core.topics.topics import Floats

Dates = NDArray[np.datetime64]
MOST_BINS = 40
ISO = re.compile(r"\d{4}(-\d{2}(-\d{2}(?=$|[T ]))?)?")
# The widths of bins, the finest first: numpy's unit, how many, and how a bin is called.
WIDTHS = (("D", 1, "day"), ("D", 7, "week"), ("M", 1, "month"), ("M", 3, "quarter")) + tuple(
    ("Y", many, "year" if many == 1 else f"{many} years")
    for many in (1, 2, 5, 10, 20, 50, 100, 200, 500)
)


@dataclass(frozen=True, eq=False)
class Shares:
    """Topics in G groups of documents."""

    groups: tuple[str, ...]
    share: Floats = field(repr=False)  # (G, K), rows of sum 1; NaN where a group has no tokens
    tokens: Floats = field(repr=False)  # (G,)
    documents: NDArray[np.int64] = field(repr=False)  # (G,)


@dataclass(frozen=True, eq=False)
class Timeline(Shares):
    """The same, group after group in time, empty ones too."""

    starts: Dates = field(repr=False)  # (G,) the first day of each
    width: str  # "day", "month", "5 years" ...
    undated: int  # documents without a date, left out


def by_label(doc_topic: NDArray[np.floating], tokens: Floats, labels: Sequence[str]) -> Shares:
    """Of documents (D, K) with `tokens` (D,) and a label each; groups in alphabetical order.

    Raises SettingError where their numbers differ, or there are none.
    """
    _fits(doc_topic, tokens, len(labels), "labels")
    groups, at = np.unique(np.asarray(labels, dtype=str), return_inverse=True)
    return Shares(tuple(groups.tolist()), *_sums(doc_topic, tokens, at, len(groups)))


def by_time(
    doc_topic: NDArray[np.floating], tokens: Floats, dates: Dates, most: int = MOST_BINS
) -> Timeline:
    """Of documents with a date each (D,), NaT where none is known.

    Bins are of the calendar, the finest of WIDTHS of which there are at most `most`. Raises
    SettingError where no document has a date.
    """
    between("bins", most, 20, 10_000, whole=True)
    _fits(doc_topic, tokens, len(dates), "dates")
    days = np.asarray(dates).astype("datetime64[D]")
    known = ~np.isnat(days)
    require(bool(known.any()), "dates", wanted="at least one, as 2024-05-31", given="none")
    unit, many, width = next(
        (one for one in WIDTHS if np.ptp(_bins(days[known], *one[:2])) < most), WIDTHS[-1]
    )
    bins = _bins(days[known], unit, many)
    first, G = int(bins.min()), int(np.ptp(bins)) + 1
    starts = _starts(first + np.arange(G), unit, many)
    sums = _sums(doc_topic[known], tokens[known], bins - first, G)
    letters = {"D": 10, "M": 7, "Y": 4}[unit]
    groups = tuple(str(day)[:letters] for day in starts)
    return Timeline(groups, *sums, starts=starts, width=width, undated=int((~known).sum()))


def to_dates(cells: Sequence[str]) -> Dates:
    """Days of cells as 1998, 1998-05, 1998-05-31, 1998/05/31 or with a time behind; else NaT."""
    out = np.full(len(cells), np.datetime64("NaT"), "datetime64[D]")
    for d, cell in enumerate(cells):
        told = cell.strip().replace("/", "-")
        found = ISO.match(told)
        if found and (found.end() == len(told) or found.group(2)):
            try:
                out[d] = np.datetime64(found.group(), "D")
            except ValueError:  # a month 13, a day 31 of April
                continue
    return out


def _bins(days: Dates, unit: str, many: int) -> NDArray[np.int64]:
    # Weeks begin on a Monday: 1970-01-01, day 0, was a Thursday. 1970 is a year 0: count from 0 AD.
    zero = {"D": 3 if many == 7 else 0, "M": 0, "Y": 1970}[unit]
    return (days.astype(f"datetime64[{unit}]").astype(np.int64) + zero) // many


def _starts(bins: NDArray[np.int64], unit: str, many: int) -> Dates:
    zero = {"D": 3 if many == 7 else 0, "M": 0, "Y": 1970}[unit]
    return (bins * many - zero).astype(f"datetime64[{unit}]").astype("datetime64[D]")


def _fits(doc_topic: NDArray[np.floating], tokens: Floats, given: int, name: str) -> None:
    D = len(doc_topic)
    require(given == D > 0, name, wanted=f"one for each of {D} documents", given=given)
    require(len(tokens) == D, "tokens", wanted=f"one for each of {D}", given=len(tokens))


def _sums(
    doc_topic: NDArray[np.floating], tokens: Floats, at: NDArray[np.integer], G: int
) -> tuple[Floats, Floats, NDArray[np.int64]]:
    # share[g, z] = sum over d in g of N_d p(z | d) / sum over d in g of N_d
    weighed = np.zeros((G, doc_topic.shape[1]))
    np.add.at(weighed, at, doc_topic * np.asarray(tokens, np.float64)[:, None])
    total = weighed.sum(axis=1, keepdims=True)
    share = np.divide(weighed, total, out=np.full_like(weighed, np.nan), where=total > 0)
    sizes = np.bincount(at, tokens, minlength=G).astype(np.float64)
    return share, sizes, np.bincount(at, minlength=G).astype(np.int64)
