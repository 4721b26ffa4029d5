"""What a reader changes about topics: names, topics that are one, topics put out of sight.

    p(z) p(w | z)       of a merged topic: the sums of its members'
    p(z | d), alpha_z   the sums too

so that p(w) of the corpus, and the share of all topics together, stay as they were. Edits are a list
that is applied to the fitted model in its order; to undo the last is to leave it away. They speak of
topics by the model's own numbers: a merged topic goes by the lowest of its members'.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from core.errors import SettingError, require
from core.topics.naming import name, names
from core.topics.topics import Floats, Topics

LONGEST = 80  # letters of a name


@dataclass(frozen=True)
class Rename:
    """An empty name gives the topic back the one made of its best words."""

    topic: int
    name: str


@dataclass(frozen=True)
class Merge:
    """Several topics become one, named by its best words."""

    topics: tuple[int, ...]


@dataclass(frozen=True)
class Hide:
    topic: int


@dataclass(frozen=True)
class Show:
    topic: int


Edit = Rename | Merge | Hide | Show


@dataclass(frozen=True, eq=False)
class Edited:
    """Topics as the reader left them. Row k of `topics` is what the fields say at k."""

    topics: Topics
    members: tuple[tuple[int, ...], ...]  # which topics of the model each is made of, ascending
    names: tuple[str, ...]
    hidden: frozenset[int]  # numbers, as in `ids`
    share: Floats = field(repr=False)  # p(z), (K,)

    @property
    def ids(self) -> tuple[int, ...]:
        """The number each goes by."""
        return tuple(group[0] for group in self.members)

    @property
    def seen(self) -> tuple[int, ...]:
        """Rows that are not hidden, the largest share first."""
        order = np.argsort(-self.share, kind="stable")
        return tuple(int(k) for k in order if self.ids[k] not in self.hidden)

    def row(self, topic: int) -> int:
        """The row of topic number `topic`. Raises SettingError where there is none now."""
        if topic not in self.ids:
            raise SettingError("topic", wanted="one of " + _some(self.ids), given=topic)
        return self.ids.index(topic)


def applied(topics: Topics, edits: Sequence[Edit], tokens: Floats | None = None) -> Edited:
    """All `edits` in their order; documents weigh by their `tokens` (D,), if given.

    Raises SettingError where one speaks of a topic that is not there, a merge has fewer than two, a
    name is too long, or nothing would be left to see.
    """
    share = topics.prevalence(tokens)
    p_word = share @ topics.topic_word.astype(np.float64)
    own = names(topics.topic_word, topics.vocabulary, p_word)
    groups = tuple((z,) for z in range(topics.K))
    now = Edited(topics, groups, own, frozenset(), share)
    for edit in edits:
        now = _one(now, edit, p_word)
    return now


def _one(now: Edited, edit: Edit, p_word: Floats) -> Edited:
    match edit:
        case Rename(topic, wanted):
            return _named(now, now.row(topic), " ".join(wanted.split()), p_word)
        case Merge(several):
            return _merged(now, sorted({now.row(topic) for topic in several}), p_word)
        case Hide(topic):
            hidden = now.hidden | {now.ids[now.row(topic)]}
            left = len(hidden) < len(now.ids)
            require(left, "hidden topics", wanted="at least one left to see", given="all of them")
            return replace(now, hidden=hidden)
        case Show(topic):
            return replace(now, hidden=now.hidden - {now.ids[now.row(topic)]})


def _named(now: Edited, row: int, wanted: str, p_word: Floats) -> Edited:
    short = len(wanted) <= LONGEST
    require(short, "name", wanted=f"at most {LONGEST} letters", given=len(wanted))
    given = wanted or _own_name(now.topics, row, p_word)
    return replace(now, names=(*now.names[:row], given, *now.names[row + 1 :]))


def _merged(now: Edited, rows: list[int], p_word: Floats) -> Edited:
    require(len(rows) > 1, "topics to merge", wanted="at least two", given=len(rows))
    # The new topic stands where its member of the lowest number stood.
    at = min(rows, key=lambda row: now.ids[row])
    gone = [row for row in rows if row != at]
    old, share = now.topics, now.share
    # p(w | merged) = sum of p(z) p(w | z) / sum of p(z);  unweighted where no document has them
    weights = share[rows] if share[rows].sum() > 0 else np.ones(len(rows))
    words = (weights / weights.sum()) @ old.topic_word[rows].astype(np.float64)
    topic_word = old.topic_word.copy()
    topic_word[at] = words / words.sum()
    # p(merged | d) = sum of p(z | d)
    doc_topic = old.doc_topic.copy()
    doc_topic[:, at] = old.doc_topic[:, rows].sum(axis=1)
    alpha, total = old.alpha.copy(), share.copy()
    alpha[at], total[at] = old.alpha[rows].sum(), share[rows].sum()
    topics = replace(
        old,
        topic_word=np.delete(topic_word, gone, axis=0),
        doc_topic=np.delete(doc_topic, gone, axis=1),
        alpha=np.delete(alpha, gone),
    )
    group = tuple(sorted(z for row in rows for z in now.members[row]))
    members, titles = list(now.members), list(now.names)
    members[at] = group
    members = [one for row, one in enumerate(members) if row not in gone]
    titles = [one for row, one in enumerate(titles) if row not in gone]
    here = members.index(group)
    titles[here] = _own_name(topics, here, p_word)
    # Hidden only where all of its members were.
    unseen = {now.ids[row] for row in rows}
    hidden = now.hidden - unseen | ({group[0]} if unseen <= now.hidden else set())
    return Edited(topics, tuple(members), tuple(titles), hidden, np.delete(total, gone))


def _own_name(topics: Topics, row: int, p_word: Floats) -> str:
    return name(topics.topic_word[row], topics.vocabulary, p_word)


def _some(ids: tuple[int, ...]) -> str:
    told = ", ".join(map(str, ids[:12]))
    return told + (", ..." if len(ids) > 12 else "")
