"""The room Groups: topics by label, over time and with each other."""

from __future__ import annotations

import csv
import io
from datetime import date
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from streamlit.testing.v1 import AppTest

from core.datasets import pydoc_topics
from core.datasets.documents import Documents
from pages._kit.topics import fits, source

SLUG = "topic_browser"
LINK = {"room": "Groups", "corpus": source.PYTHON, "topics": "5"}


def known(labels: Any = None, dates: Any = None) -> Documents:
    """The language reference, of whose documents more is known than is."""
    plain = pydoc_topics.documents()
    D = len(plain)
    return Documents(
        plain.name, plain.texts, plain.titles,
        None if labels is None else tuple(labels(d) for d in range(D)),
        None if dates is None else tuple(dates(d) for d in range(D)),
    )  # fmt: skip


@pytest.fixture
def opened(visit, monkeypatch):
    """The room, of these documents."""

    def open_room(documents: Documents | None = None, **query: str) -> AppTest:
        if documents is not None:
            made = source.Source("test", source.PYTHON, documents)
            monkeypatch.setattr(source, "_python", lambda: made)
        return visit(SLUG, **(LINK | query)).run()

    return open_room


def good(at: AppTest) -> bool:
    return not at.exception and not at.error


def metric(at: AppTest, label: str) -> str:
    return next(one.value for one in at.metric if one.label == label)


def text(at: AppTest) -> str:
    return "\n".join(one.value for one in [*at.markdown, *at.caption, *at.info])


def data(at: AppTest, column: str) -> list[dict[str, Any]]:
    """The rows of the first chart that has the column."""
    for one in at.get("vega_lite_chart"):
        for held in one.proto.datasets:
            table = pa.ipc.open_stream(held.data.data).read_all()
            if column in table.column_names:
                return table.to_pylist()
    raise AssertionError(column)


def told(at: AppTest, name: str) -> str:
    """What the link says."""
    value = at.query_params[name]
    return value if isinstance(value, str) else value[0]


def fit() -> fits.Fit:
    return next(iter(fits._kept().values()))


def test_without_labels_and_dates_topics_with_each_other(opened) -> None:
    at = opened()
    assert good(at)
    assert at.segmented_control(key="groups_what").options == ["With each other"]
    assert "no labels or dates" in text(at) and "**date** column" in text(at)
    r = np.corrcoef(fit().topics.doc_topic.T)
    first = at.session_state["picked_topic"]
    assert first is None  # the largest
    cells = data(at, "cell")
    assert len(cells) == 20 and {round(c["value"], 6) for c in cells} == {
        round(float(v), 6) for v in r[~np.eye(5, dtype=bool)]
    }


def test_a_pair_is_picked_and_compared(opened, downloads) -> None:
    at = opened(topic="1", compare_with="3")
    theta = fit().topics.doc_topic
    assert metric(at, "Correlation") == f"{np.corrcoef(theta.T)[1, 3]:+.3f}"
    at.segmented_control(key="groups_measure").set_value("PMI").run()
    assert good(at)
    rows = list(csv.reader(io.StringIO(downloads["All pairs as CSV"].decode())))
    assert len(rows) == 1 + 10
    at.button(key="groups_compare").click().run()
    assert at.segmented_control(key="room").value == "Compare" and good(at)
    assert at.selectbox(key="compare_second").value == 3


def test_labels_are_found_by_topics_or_not(opened, downloads) -> None:
    at = opened(known(labels=lambda d: "a" if d % 3 else "b"))
    assert good(at)
    assert metric(at, "Labels") == "2"
    label = np.array(["a" if d % 3 else "b" for d in range(len(fit().topics.doc_topic))])
    best = fit().topics.doc_topic.argmax(axis=1)
    right = sum(max((label[best == z] == one).sum() for one in "ab") for z in range(5))
    assert metric(at, "Purity") == f"{right / len(label):.1%}"
    assert f"{(label == 'a').mean():.1%}, that of a" in text(at)
    rows = list(csv.reader(io.StringIO(downloads["Labels × topics as CSV"].decode())))
    assert [row[0] for row in rows] == ["label", "a", "b"]
    for row in rows[1:]:
        assert sum(map(float, row[3:])) == pytest.approx(1, abs=1e-4)
    # its documents, in the room that has them
    at.button(key="groups_documents").click().run()
    assert at.segmented_control(key="room").value == "Documents"
    assert at.session_state["documents_label"] == "a"


def test_many_and_strange_labels(opened, downloads) -> None:
    names = ["=1+1", "<script>alert(1)</script>", "", "*b* $x$ :red[x]", "日本"]
    at = opened(
        known(labels=lambda d: names[d % 5] if d < 40 else f"label {d}"), groups_label="日本"
    )  # fmt: skip
    assert good(at)
    rows = data(at, "cell")
    assert len({row["row"] for row in rows}) == 25  # 24 and the rest
    assert any("other labels" in row["row"] for row in rows)
    assert at.selectbox(key="groups_label_box").value == "日本"
    assert any(
        line.startswith("'=1+1")
        for line in downloads["Labels × topics as CSV"].decode().split("\n")
    )
    at.selectbox(key="groups_label_box").set_value("label 70").run()
    assert good(at) and told(at, "groups_label") == "label 70"
    assert "label 70" in {row["row"] for row in data(at, "cell")}
    at.selectbox(key="groups_label_box").set_value("(no label)").run()
    assert good(at) and at.button(key="groups_documents").disabled


def test_a_label_that_is_not_there_is_the_largest(opened) -> None:
    at = opened(known(labels=lambda d: "a" if d else "b"), groups_label="nowhere")
    assert good(at) and at.selectbox(key="groups_label_box").value == "a"


def test_topics_over_time(opened, downloads) -> None:
    at = opened(known(dates=lambda d: date(2000 + d % 10, 1, 1) if d else None))
    assert good(at)
    assert at.segmented_control(key="groups_what").options == ["Over time", "With each other"]
    assert "no labels" in text(at) and "1 have no date" not in text(at)
    assert "One has no date" in text(at)
    rows = list(csv.reader(io.StringIO(downloads["Time as CSV"].decode())))
    met = [row for row in rows[1:] if row[1] != "0"]
    assert len(met) == len({row["at"] for row in data(at, "rank")}) == 10
    assert "nan" not in downloads["Time as CSV"].decode()
    assert sum(int(row[1]) for row in rows[1:]) == len(fit().topics.doc_topic) - 1
    moved = next(one.value for one in at.dataframe if "change" in one.value)
    assert moved["change"].is_monotonic_decreasing
    assert moved["change"].sum() == pytest.approx(0, abs=1e-5)


def test_one_day_and_one_label(opened) -> None:
    at = opened(known(labels=lambda d: "all", dates=lambda d: date(2020, 2, 29)))
    assert good(at) and metric(at, "Purity") == "100.0%"
    for what in ("Over time", "With each other", "By label"):
        at.segmented_control(key="groups_what").set_value(what).run()
        assert good(at), what


def test_other_documents_have_other_groups(opened) -> None:
    at = opened(known(labels=lambda d: "a"), groups_what="Over time")
    assert good(at)  # there are no dates: what there is, is shown
    assert at.segmented_control(key="groups_what").value == "By label"


def test_the_unigram_goes_with_nothing(opened) -> None:
    at = opened(known(labels=lambda d: str(d % 2)), model="Unigram")
    assert good(at)
    at.segmented_control(key="groups_what").set_value("With each other").run()
    assert good(at) and "takes two topics" in text(at)
