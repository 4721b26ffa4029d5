"""The room "Documents": lists, a document with its words by topic, similar ones, and new text."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from core.datasets import pydoc_topics
from core.datasets.documents import Documents
from core.topics.corpus import prepare
from core.topics.corpus_settings import Settings
from core.topics.corpus_tokens import tokenise
from core.topics.edits import Hide, Merge, Rename
from core.topics.neighbours import nearest, similar, top_documents
from core.topics.responsibility import read
from core.topics.search import search
from pages._kit.topics import (
    documents_list,
    documents_read,
    documents_sample,
    documents_words,
    source,
)
from pages._kit.topics.view import View

SLUG = "topic_browser"
PETS = "the cat and the dog play with a kitten, a puppy and another cat"
SPACE = "a rocket reached the moon orbit, the rocket left the planet in another orbit"
HOSTILE = "<script>alert(1)</script> cat <b>dog</b> kitten puppy $x$ _cat_"
RIGHT = "القط والكلب cat dog في البيت kitten"


def little() -> Documents:
    """Forty documents of two subjects, then some that are odd."""
    texts = [f"{PETS} {k}" for k in range(20)] + [f"{SPACE} {k}" for k in range(20)]
    odd = [HOSTILE, RIGHT, "", "qqq www", (PETS + ". ") * 1500 + (SPACE + ". ") * 300]
    titles = [f"pet {k}" for k in range(20)] + [f"star {k}" for k in range(20)]
    titles += ["<script>alert(2)</script> *bold*", "قطة", "nothing", "strange", "long"]
    labels = ["pets"] * 20 + ["space"] * 20 + ["odd"] * 4 + [""]
    dates = (*[date(2020, 1, k + 1) for k in range(20)], *[None] * 25)
    return Documents("little", (*texts, *odd), tuple(titles), tuple(labels), dates)


@pytest.fixture
def views(monkeypatch: pytest.MonkeyPatch) -> list[View]:
    """What the list was shown of, the newest last."""
    met: list[View] = []
    real = documents_list.show

    def listening(view: View) -> None:
        met.append(view)
        real(view)

    monkeypatch.setattr(documents_list, "show", listening)
    return met


@pytest.fixture
def room(visit, monkeypatch: pytest.MonkeyPatch) -> Callable[..., AppTest]:
    """The room, of two topics in the little corpus."""
    monkeypatch.setattr(pydoc_topics, "documents", little)

    def opened(**query: str) -> AppTest:
        told = {
            "room": "Documents",
            "corpus": source.PYTHON,
            "topics": "2",
            "least": "2",
            "most": "90",
        }
        at = visit(SLUG, **(told | query)).run()
        assert not at.exception and not at.error, said(at)
        return at

    return opened


def sent(at: AppTest, name: str, place: int = 0) -> dict:
    found = [e.proto for e in at.get("bidi_component") if e.proto.component_name == name]
    return json.loads(found[place].json)


def coloured(at: AppTest) -> dict:
    return sent(at, "vitrine_coloured")


def listed(at: AppTest, place: int = 0) -> list[int]:
    """Documents of the list; 1: those of the list of similar ones."""
    return [one["document"] for one in sent(at, "vitrine_coloured_list", place)["entries"]]


def said(at: AppTest) -> str:
    return "\n".join(e.value for e in [*at.markdown, *at.caption, *at.warning, *at.info, *at.error])


def test_documents_of_the_picked_topic_come_first_and_the_first_is_read(room, views) -> None:
    at = room()
    view = views[-1]
    z = int(view.topics.doc_topic[44].argmax())
    at.selectbox(key="topic_box").set_value(z).run()
    assert listed(at)[0] == 44  # much longer than all others
    for order, by in (("Largest share", "share"), ("Most of its words", "tokens")):
        at.selectbox(key="documents_order").set_value(order).run()
        best = top_documents(view.topics.doc_topic, z, view.prepared.length, 8, by=by)
        assert listed(at) == best.documents.tolist()
        assert (listed(at)[0] == 44) == (by == "tokens")
    entry = sent(at, "vitrine_coloured_list")["entries"][0]
    assert entry["bar"] == pytest.approx(best.values[0])
    assert sent(at, "vitrine_coloured_list")["picked"] == listed(at)[0]


def test_a_document_is_whole_and_its_words_have_their_likeliest_topic(room, views) -> None:
    at = room(document="3")
    shown, view = coloured(at), views[-1]
    assert "".join(shown["texts"]) == little().texts[3]
    word = view.prepared.vocabulary.index("kitten")
    p = view.topics.topic_word[:, word] * view.topics.doc_topic[3]
    z, chance = shown["chances"][shown["vocabulary"].index("kitten")][0]
    assert z == p.argmax() and chance == pytest.approx(p.max() / p.sum(), abs=1e-3)
    assert shown["words"][shown["texts"].index("kitten")] == shown["vocabulary"].index("kitten")
    assert shown["topics"][z]["colour"] == 0  # the largest of this document
    text = said(at)
    assert "pets" in text and "4 January 2020" in text
    assert f"{view.prepared.length[3]:.0f} of its 15 words are counted" in text


def test_words_find_documents_and_strange_words_are_told(room, views) -> None:
    at = room()
    at.text_input(key="documents_search").set_value("Rocket moon zorbla the").run()
    view = views[-1]
    found = search(view.prepared.corpus.counts, ["rocket", "moon"], 8)
    assert listed(at) == found.documents.tolist()
    assert "are counted: zorbla" in said(at)  # the stop word is no mystery
    place = next(k for k, d in enumerate(listed(at)) if 20 <= d < 40)
    excerpt = sent(at, "vitrine_coloured_list")["entries"][place]["excerpt"]
    marked = [text for text, hit in excerpt if hit]
    assert {"rocket", "moon"} <= set(marked)
    at.text_input(key="documents_search").set_value("zorbla").run()
    assert "Nothing to list" in said(at)
    assert at.text_input(key="documents_search").value == "zorbla"


def test_words_of_a_phrase_are_known() -> None:
    texts = ["new york is large", "old york was small", "a new york story"] * 20
    settings = Settings(phrases=2, phrase_npmi=0.1, phrase_count=2, min_documents=1, max_share=1.0)
    corpus = prepare(tokenise(texts), settings)
    assert "new_york" in corpus.rules.vocabulary and "new" not in corpus.rules.vocabulary
    assert documents_words.unknown(corpus, "New York and Zorbla") == ["zorbla"]
    assert documents_words.known(corpus, "new_york") == ["new_york"]


def test_a_label_and_pages(room) -> None:
    at = room(documents_label="space", documents_page="2")
    assert at.selectbox(key="documents_label").value == "space"
    assert all(20 <= d < 40 for d in listed(at)) and len(listed(at)) == 8
    second = listed(at)
    at.selectbox(key="documents_label").set_value("odd").run()  # one page: none to turn
    assert set(listed(at)[:2]) == {40, 41} and listed(at)[2:] == [42, 43]  # without a word: last
    at.selectbox(key="documents_label").set_value("space").run()
    assert not set(listed(at)) & set(second)  # begun anew


def test_similar_documents_with_either_distance(room, views) -> None:
    at = room(document="44")
    for named, by in (("Jensen–Shannon", "jensen_shannon"), ("Hellinger", "hellinger")):
        at.segmented_control(key="documents_distance").set_value(named).run()
        found = similar(views[-1].topics.doc_topic, 44, 6, distance=by)
        assert listed(at, 1) == found.documents.tolist()
        values = [one["value"] for one in sent(at, "vitrine_coloured_list", 1)["entries"]]
        assert values == [f"{far:.3f}" for far in found.values] and float(values[0]) > 0.1


@pytest.mark.parametrize("document", [40, 41, 42, 43])
def test_odd_documents_are_shown_as_they_are(room, document: int) -> None:
    at = room(document=str(document))
    text = little().texts[document]
    if text:
        assert "".join(coloured(at)["texts"]) == text
    else:
        assert "This document is empty" in said(at)
    assert ("these are the topics of any document" in said(at)) == (document > 41)
    if document == 40:
        assert "#### \\<script\\>alert\\(2\\)\\</script\\> \\*bold\\*" in said(at)


def test_of_a_long_document_a_part_is_drawn(room) -> None:
    at = room(document="44")
    text = little().texts[44]
    assert f"{len(text):,} characters are too many" in said(at)
    first = "".join(coloured(at)["texts"])
    assert text.startswith(first) and len(first) <= documents_read.PART
    at.session_state["documents_stretch"] = 2
    at.run()
    second = "".join(coloured(at)["texts"])
    assert text.startswith(first + second) and first[-1].isspace()


def test_edited_topics_are_respected(room, views) -> None:
    at = room(topics="3", document="3")
    view = views[-1]
    a, b, c = np.argsort(-view.topics.doc_topic[3]).tolist()

    def edited(*edits: object) -> dict:
        at.session_state["topic_edits"] = {view.fit.id: edits}
        at.run()
        assert not at.exception and not at.error
        return {one["id"]: one for one in coloured(at)["topics"]}

    assert edited(Rename(a, "Pets *of* mine"))[a]["name"] == "Pets *of* mine"
    told = edited(Hide(a))
    assert (told[a]["colour"], told[a]["hidden"]) == (-1, True)
    assert "are in topics that you hid" in said(at)
    merged = edited(Merge((a, b)))
    assert len(merged) == 2
    share = float(view.topics.doc_topic[3][[a, b]].sum())
    assert merged[min(a, b)]["share"] == pytest.approx(share, abs=1e-5)


def test_the_picked_word_is_explained_found_and_stopped(room) -> None:
    at = room(document="3", word="cat")
    assert coloured(at)["word"] == "cat"
    assert "**cat** · 2 times in this document, in 23 of 45 documents" in said(at)
    assert any(r"p(z \mid w, d)" in one.value for one in at.latex)
    at.button(key="documents_find").click().run()
    assert at.text_input(key="documents_search").value == "cat"
    at.button(key="documents_stop").click().run()
    at.run()
    assert at.text_area(key="stop").value == "cat"
    assert "cat" not in coloured(at)["vocabulary"] and coloured(at)["word"] is None


def test_new_text_has_its_topics_at_once(room, views, monkeypatch) -> None:
    monkeypatch.setattr(documents_sample, "WRITTEN", {})  # as for one's own documents
    at = room(documents_part="New text")
    own = at.text_area(key="documents_text_box").value
    assert own.startswith(PETS)  # the beginning of a document
    view_of = room_view(at, views)
    text = "My <b>kitten</b> saw a rocket, a cat and a zorbla."
    at.text_area(key="documents_text_box").set_value(text).run()
    theta, _ = read(view_of.topics, view_of.prepared.corpus, text)
    shown = coloured(at)
    assert "".join(shown["texts"]) == text
    assert [one["share"] for one in shown["topics"]] == pytest.approx(theta.tolist())
    assert "Not in the vocabulary: **saw, zorbla**" in said(at)
    near = nearest(view_of.topics.doc_topic, theta, 6)
    assert listed(at) == near.documents.tolist()


def room_view(at: AppTest, views: list[View]) -> View:
    """The view of a page without a list."""
    at.segmented_control(key="documents_part").set_value("Documents").run()
    at.segmented_control(key="documents_part").set_value("New text").run()
    return views[-1]


def test_new_text_outlives_other_rooms_and_is_in_the_link(room) -> None:
    at = room(documents_part="New text", new_text="cat and rocket")
    assert at.text_area(key="documents_text_box").value == "cat and rocket"
    at.text_area(key="documents_text_box").set_value("kitten").run()
    assert at.query_params["new_text"] == "kitten"
    at.segmented_control(key="room").set_value("Words").run()
    at.segmented_control(key="room").set_value("Documents").run()
    assert at.segmented_control(key="documents_part").value == "New text"
    assert at.text_area(key="documents_text_box").value == "kitten"
    at.text_area(key="documents_text_box").set_value("cat " * 2000).run()
    assert "new_text" not in at.query_params and "too long for the link" in said(at)
    at.segmented_control(key="room").set_value("Words").run()
    at.segmented_control(key="room").set_value("Documents").run()
    assert at.text_area(key="documents_text_box").value == "cat " * 2000


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "Write a sentence or two"),
        (" \n ", "Write a sentence or two"),
        ("zorbla frobnicates", "None of its words is among the"),
        ("the and of 12", "None of its words is among the"),
    ],
)
def test_text_without_words_is_told(room, text: str, message: str) -> None:
    at = room(documents_part="New text")
    at.text_area(key="documents_text_box").set_value(text).run()
    assert not at.exception and message in said(at)
    assert at.text_area(key="documents_text_box").value == text


def test_what_a_browser_sends_is_not_trusted(room) -> None:
    at = room(document="3", topic="99", word="<script>")
    for state in ({"word": ["zzz", 1]}, {"word": 5}, {"topic": ["x", 1]}, {"topic": [77, 1]}):
        at.session_state["documents_text"] = {"word": None, "topic": None, "stop": None} | state
        at.run()
        assert not at.exception and coloured(at)["word"] is None
