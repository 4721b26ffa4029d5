"""Documents to look for topics in: texts, what to call them, and what else is known of each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

from core.errors import require
from core.store import fingerprint


@dataclass(frozen=True, eq=False)
class Documents:
    """D documents. Raises SettingError where what is known of them is not known of each."""

    name: str
    texts: tuple[str, ...] = field(repr=False)
    titles: tuple[str, ...] = field(repr=False)
    labels: tuple[str, ...] | None = field(default=None, repr=False)
    dates: tuple[date | None, ...] | None = field(default=None, repr=False)
    slips: tuple[str, ...] = ()  # what could not be read and is not here, a sentence each

    def __post_init__(self) -> None:
        for setting, column in (
            ("titles", self.titles), ("labels", self.labels), ("dates", self.dates)
        ):  # fmt: skip
            if column is not None:
                fits = len(column) == len(self.texts)
                require(fits, setting, wanted=f"{len(self.texts)}, one a text", given=len(column))

    def __len__(self) -> int:
        return len(self.texts)

    @cached_property
    def characters(self) -> int:
        """Of all texts together."""
        return sum(map(len, self.texts))

    @cached_property
    def fingerprint(self) -> str:
        """A name of 64 digits that changes when a text does."""
        return fingerprint(*(text.encode("utf-8", "replace").decode() for text in self.texts))

    def take(self, documents: Sequence[int]) -> Documents:
        """The given documents alone, in that order."""
        return Documents(
            self.name,
            tuple(self.texts[d] for d in documents),
            tuple(self.titles[d] for d in documents),
            None if self.labels is None else tuple(self.labels[d] for d in documents),
            None if self.dates is None else tuple(self.dates[d] for d in documents),
            self.slips,
        )


def joined(name: str, parts: Sequence[Documents]) -> Documents:
    """All `parts` as one. What is not known of any document is None; of some, "" or None there."""
    known = any(part.labels is not None for part in parts)
    dated = any(part.dates is not None for part in parts)
    return Documents(
        name,
        tuple(text for part in parts for text in part.texts),
        tuple(title for part in parts for title in part.titles),
        tuple(one for part in parts for one in part.labels or ("",) * len(part)) if known else None,
        tuple(one for part in parts for one in part.dates or (None,) * len(part))
        if dated
        else None,
        tuple(slip for part in parts for slip in part.slips),
    )
