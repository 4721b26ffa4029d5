"""The room Compare: two topics of a model, and two models of the same documents."""

from __future__ import annotations

import csv
import io
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from streamlit.testing.v1 import AppTest

from core.topics.align import align
from core.topics.distances import jensen_shannon
from core.topics.edits import Hide, Rename
from pages._kit import play
from pages._kit.topics import fits, source

SLUG = "topic_browser"
LINK = {"room": "Compare", "corpus": source.PYTHON, "topics": "5"}
MODELS = LINK | {"compare_what": "Two models"}


@pytest.fixture
def opened(visit):
    """The room, its models fitted."""

    def open_room(**query: str) -> AppTest:
        at = visit(SLUG, **(LINK | query)).run()
        return at.run() if "compare_what" in query else at

    return open_room


def good(at: AppTest) -> bool:
    return not at.exception and not at.error


def metric(at: AppTest, label: str) -> str:
    return next(one.value for one in at.metric if one.label == label)


def told(at: AppTest, name: str) -> str:
    """What the link says."""
    value = at.query_params[name]
    return value if isinstance(value, str) else value[0]


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


def fit(at: AppTest, number: int = 0) -> fits.Fit:
    return list(fits._kept().values())[number]


def test_two_topics_are_told_apart(opened) -> None:
    at = opened(topic="2", compare_with="4")
    assert good(at)
    p, q = fit(at).topics.topic_word[[2, 4]].astype(float)
    m = (p + q) / 2
    js = sum(float(np.sum(x[x > 0] * np.log(x[x > 0] / m[x > 0]))) for x in (p, q)) / 2
    assert metric(at, "Jensen–Shannon") == f"{js:.3f} nats"
    assert metric(at, "Words shared") == f"{np.minimum(p, q).sum():.1%}"
    assert at.selectbox(key="compare_first").value == 2
    assert at.selectbox(key="compare_second").value == 4


def test_without_a_choice_the_nearest_is_compared(opened) -> None:
    at = opened(topic="1")
    d = jensen_shannon(fit(at).topics.topic_word)
    d[1, 1] = 9
    assert at.selectbox(key="compare_second").value == int(d[1].argmin())


def test_boxes_swap_and_the_link_keep_both(opened) -> None:
    at = opened(topic="2", compare_with="4")
    at.button(key="compare_swap").click().run()
    assert (told(at, "topic"), told(at, "compare_with")) == ("4", "2")
    at.selectbox(key="compare_second").set_value(0).run()
    assert told(at, "compare_with") == "0"
    # the same topic on both sides is nothing to compare: the nearest stands in
    at.selectbox(key="compare_first").set_value(0).run()
    assert at.selectbox(key="compare_second").value != 0
    assert metric(at, "Words shared") != "100.0%"
    assert good(at)


def test_words_of_the_chart_and_one_that_is_picked(opened) -> None:
    at = opened(topic="2", compare_with="4", compare_words_many="3")
    rows = data(at, "kind")
    assert [row["kind"] for row in rows] == [0, 0, 0, 1, 1, 1, 2, 2, 2]
    assert all(row["p"] > row["q"] for row in rows[:3])
    assert all(row["q"] > row["p"] for row in rows[6:])
    at.session_state["picked_word"] = rows[0]["word"]
    at.run()
    assert [row["lit"] for row in data(at, "kind")] == [True] + 8 * [False]
    assert "of the divergence" in text(at)
    at.button(key="compare_words_stop").click().run()
    at.run()
    assert rows[0]["word"] not in fit(at, -1).topics.vocabulary and good(at)


def test_hidden_and_strange_topics_are_not_offered(opened) -> None:
    at = opened(topic="2", compare_with="99")
    edits = {fit(at).id: (Hide(3), Rename(0, "<img src=x> *bold* $x$ :red[no]"))}
    at.session_state["topic_edits"] = edits
    at.run()
    assert good(at)
    assert not any(
        option.startswith("3 ·") for option in at.selectbox(key="compare_second").options
    )
    at.selectbox(key="compare_second").set_value(0).run()
    assert good(at)


def test_a_model_of_one_topic_has_nothing_to_compare(opened) -> None:
    at = opened(model="Unigram")
    assert good(at) and "one topic" in text(at)


def test_documents_that_have_both_and_their_csv(opened, downloads) -> None:
    at = opened(topic="2", compare_with="4")
    at.run()
    theta = fit(at).topics.doc_topic
    many = int(((theta[:, 2] >= 0.05) & (theta[:, 4] >= 0.05)).sum())
    table = [one.value for one in at.dataframe if "document" in one.value][0]
    assert len(table) == many
    rows = list(csv.reader(io.StringIO(downloads["Documents as CSV"].decode())))
    assert len(rows) == many + 1
    words = list(csv.reader(io.StringIO(downloads["Words as CSV"].decode())))
    assert len(words) == fit(at).topics.topic_word.shape[1] + 1
    assert not any(cell.startswith(("=", "+", "-", "@")) for row in words for cell in row[:1])


def test_another_seed_is_paired_topic_by_topic(opened, downloads) -> None:
    at = opened(compare_what="Two models")
    assert good(at)
    first, second = fits._kept().values()
    assert (first.seed, second.seed) == (0, 1) and first.config == second.config
    pairs = align(first.topics.topic_word, second.topics.topic_word)
    assert metric(at, "Mean distance of pairs") == f"{pairs.distance.mean():.3f} nats"
    partner = dict(zip(pairs.first.tolist(), pairs.second.tolist(), strict=True))
    one, other = first.topics.doc_topic.argmax(axis=1), second.topics.doc_topic.argmax(axis=1)
    agree = np.mean([partner[a] == b for a, b in zip(one.tolist(), other.tolist(), strict=True)])
    assert metric(at, "Documents agree") == f"{agree:.1%}"
    rows = list(csv.reader(io.StringIO(downloads["Pairs as CSV"].decode())))[1:]
    assert [float(row[0]) for row in rows] == pytest.approx(sorted(pairs.distance), rel=1e-5)


def test_what_has_no_partner_is_listed_last(opened) -> None:
    at = opened(compare_what="Two models", compare_model="PLSA", compare_topics="7")
    assert good(at)
    assert [one.config.model for one in fits._kept().values()] == ["lda", "plsa"]
    assert "2 topics of the one with more" in text(at)
    table = next(one.value for one in at.dataframe if "nats apart" in one.value)
    assert len(table) == 7 and table["nats apart"].isna().tolist() == [False] * 5 + [True] * 2
    assert (table["here"][5:] == "").all() and (table["there"] != "").all()


def test_the_same_model_is_told(opened) -> None:
    at = opened(compare_what="Two models", compare_seed="0")
    assert good(at) and "the very model" in text(at)
    assert metric(at, "Mean distance of pairs") == "0.000 nats"
    assert metric(at, "Documents agree") == "100.0%"


def test_the_unigram_has_one_topic_to_pair(opened) -> None:
    at = opened(compare_what="Two models", compare_model="Unigram")
    assert good(at)
    assert metric(at, "Found again").endswith("of 1")
    at.selectbox(key="model").set_value("Unigram").run()
    at.run()
    assert good(at)


def test_the_other_model_is_kept_too(opened, monkeypatch) -> None:
    at = opened(compare_what="Two models")
    monkeypatch.setattr(play, "play", None)  # nothing is learned any more
    at.segmented_control(key="compare_what").set_value("Two topics").run()
    at.segmented_control(key="compare_what").set_value("Two models").run()
    assert good(at) and len(fits._kept()) == 2
