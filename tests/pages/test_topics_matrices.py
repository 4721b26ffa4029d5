"""The room Matrices: what travels to the drawing, what a click means, and the sum with its numbers."""

from __future__ import annotations

import json
import re

import numpy as np
import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from core.topics.fit import MODELS
from pages._kit.topics import fits, matrices, source
from pages._kit.topics.matrices_sum import number, places

SLUG, ROOM = "topic_browser", "Matrices"
POWER = r" \\times 10\^\{(-\d+)\}"


def opened(visit, **query: str) -> AppTest:
    at = visit(SLUG, room=ROOM, corpus=source.PYTHON, **{"topics": "4"} | query)
    for _ in range(200):
        if drawn(at):
            break
        at.run()
    assert not at.exception and not at.error
    return at


def drawn(at: AppTest) -> list[bytes]:
    """What each drawing was given."""
    found = [one.proto for one in at.get("bidi_component")]
    return [proto.bytes for proto in found if proto.component_name == "vitrine_product"]


def sent(at: AppTest) -> dict:
    """The same: the header, and the arrays by their names."""
    (data,) = drawn(at)
    start = 4 + int.from_bytes(data[:4], "little")
    header = json.loads(data[4:start])
    for name, (_, shape, at_byte) in header["arrays"].items():
        count = int(np.prod(shape))
        header[name] = np.frombuffer(data, np.float32, count, start + at_byte).reshape(shape)
    return header


@pytest.fixture
def clicks(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, list[float]]]:
    """What the drawing is to say next, as if the visitor had clicked."""
    said: list[tuple[str, list[float]]] = []
    real = matrices.product

    def clicked(*args: object, take, **more: object) -> None:
        if said:
            take(*said.pop())
            st.rerun()
        real(*args, take=take, **more)

    monkeypatch.setattr(matrices, "product", clicked)
    return said


def latex(at: AppTest) -> str:
    (found,) = [one.value for one in at.get("latex") if "mathbf" in one.value]
    return found


def value(at: AppTest) -> float:
    """The sum that is written out; its parts are to make it, to the last digit."""
    text = latex(at)
    power = re.search(r"mathbf\{([\d.]+)\}(?:" + POWER + ")?", text)
    summed = text.split(r"\quad = ")[2].split(r" \\")[0]
    parts = [float(one) for one in re.findall(r"(?<![\^{\d.])\{?(\d\.\d+)", summed)]
    assert sum(parts) == pytest.approx(float(power[1]), abs=1e-9), text
    return float(power[1]) * 10 ** int(power[2] or 0)


def test_the_product_of_what_is_shown_and_the_sum_below(visit) -> None:
    at = opened(visit)
    shown = sent(at)
    assert shown["size"][0] == 79 and shown["size"][2] == 4 and shown["left"] == "p"
    assert np.allclose(
        shown["near_doc_topic"] @ shown["near_topic_word"], shown["near_p"], atol=1e-6
    )
    assert np.allclose(shown["far_doc_topic"] @ shown["far_topic_word"], shown["far_p"], atol=1e-6)
    d, w, z = shown["lit"]
    assert shown["documents"][d] == at.selectbox(key="document_box").format_func(
        at.selectbox(key="document_box").value
    )
    assert shown["words"][w] == at.selectbox(key="matrices_word").value
    assert shown["topics"][z][0] == at.selectbox(key="topic_box").value
    assert value(at) == pytest.approx(shown["near_p"][d, w], rel=1e-3)
    said = " ".join(one.value for one in at.markdown)
    seen = float(re.search(r"n / N_d = ([\d.]+)\$", said)[1])
    assert seen == pytest.approx(shown["near_seen"][d, w], rel=1e-3) and seen > 0


def test_a_click_near_by_picks_in_all_three(visit, clicks) -> None:
    at = opened(visit)
    shown = sent(at)
    clicks.append(("near", [3, 5, -1]))
    new = sent(at.run())
    assert new["documents"][new["lit"][0]] == shown["documents"][3]
    assert new["words"][new["lit"][1]] == shown["words"][5] == at.session_state["picked_word"]
    assert value(at) == pytest.approx(new["near_p"][new["lit"][0], new["lit"][1]], rel=1e-3)
    clicks.append(("near", [-1, -1, 2]))
    new = sent(at.run())
    assert new["topics"][new["lit"][2]] == shown["topics"][2] and new["lit"][2] == 2
    assert at.session_state["picked_topic"] == str(shown["topics"][2][0])
    assert new["words"][new["lit"][1]] == shown["words"][5]


def test_a_click_on_a_topic_keeps_document_and_word(visit, clicks) -> None:
    at = opened(visit)
    shown = sent(at)
    clicks.append(("near", [-1, -1, 3]))
    new = sent(at.run())
    assert new["lit"][2] == 3 != shown["lit"][2]
    for k, name in enumerate(("documents", "words")):
        assert new[name][new["lit"][k]] == shown[name][shown["lit"][k]]


def test_a_click_far_away_picks_by_the_order_of_the_whole(visit, clicks) -> None:
    at = opened(visit)
    clicks.append(("far", [0.999, 0.001, -1]))
    new = sent(at.run())
    (down, across) = new["there"]
    assert down > 0.98 and across < 0.01
    # the last of the documents belong to the last topic, the first words to the first
    assert new["near_doc_topic"][new["lit"][0]].argmax() == 3
    assert new["near_topic_word"][:, new["lit"][1]].argmax() == 0


def test_what_no_browser_says_changes_nothing(visit, clicks) -> None:
    at = opened(visit)
    before = sent(at)["lit"]
    clicks.append(("near", [99, 999, 99]))
    assert sent(at.run())["lit"] == before and not at.exception


def typed(at: AppTest, word: str) -> None:
    """AppTest knows the options alone."""
    box = at.selectbox(key="matrices_word")
    box.options.append(word)
    box.set_value(word).run()


def test_any_word_can_be_typed(visit) -> None:
    at = opened(visit)
    vocabulary = fits._kept().popitem()[1].topics.vocabulary
    other = next(w for w in vocabulary if w not in at.selectbox(key="matrices_word").options)
    at = at.run()
    typed(at, other)
    assert not at.exception and sent(at)["words"][sent(at)["lit"][1]] == other
    typed(at, "<b>nonsense</b>")
    assert [w.value for w in at.warning if r"\<b\>nonsense\</b\>" in w.value]
    assert sent(at)["words"][sent(at)["lit"][1]] == other


@pytest.mark.parametrize("model", MODELS)
def test_every_model_has_its_matrices(visit, model: str) -> None:
    at = opened(
        visit, model=MODELS[model].title, matrices_left="The lit topic’s part", word="class"
    )
    shown = sent(at)
    assert shown["left"] == "part" and len(shown["topics"]) == (1 if model == "unigram" else 4)
    d, w, _ = shown["lit"]
    assert shown["words"][w] == "class"
    assert value(at) == pytest.approx(shown["near_p"][d, w], rel=1e-3)
    said = " ".join(one.value for one in at.markdown)
    assert ("divided by their sums" in said) == (model == "nmf")


def test_small_numbers_are_written_in_powers_of_ten() -> None:
    assert number(0.012345) == "0.01235" or number(0.012345) == "0.01234"
    assert number(3.2e-7) == r"3.200 \times 10^{-7}" and number(0) == "0" and places(0.05) == 5
