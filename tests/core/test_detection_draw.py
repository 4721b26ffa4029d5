"""Drawing: where the colours land, that labels stay inside, that nothing else changes."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.detection import draw
from core.detection.boxes import Detection

GREY = np.full((240, 320, 3), 128, np.uint8)


def changed(image: np.ndarray, drawn: np.ndarray) -> tuple[int, int, int, int]:
    """Rows and columns outside of which nothing differs: top, bottom, left, right."""
    rows, columns = np.nonzero((image != drawn).any(axis=2))
    return rows.min(), rows.max(), columns.min(), columns.max()


def test_box_and_tag_lie_where_they_should() -> None:
    one = Detection(label="cat", score=0.876, box=(100, 80, 200, 180))
    before = GREY.copy()
    drawn = draw.draw(GREY, [one], palette={"cat": (0, 158, 115)})
    assert np.array_equal(GREY, before)
    # The frame, two pixels wide, straddles the edge by at most one.
    for y, x in ((80, 150), (179, 150), (130, 100), (130, 199)):
        assert tuple(drawn[y, x]) == (0, 158, 115)
    assert (drawn[84:176, 104:196] == 128).all()
    top, bottom, left, right = changed(GREY, drawn)
    assert 55 < top < 79 and bottom <= 180 and left >= 99 and right <= 200
    tag = drawn[top:79, 100:160]
    assert (tag.max(axis=2) < 60).sum() > 20  # black letters


def test_the_best_lies_on_top() -> None:
    low = Detection(label="a", score=0.2, box=(50, 50, 150, 150))
    high = Detection(label="b", score=0.9, box=(50, 50, 150, 150))
    shades = {"a": (1, 2, 3), "b": (9, 8, 7)}
    for order in ([low, high], [high, low]):
        assert tuple(draw.draw(GREY, order, palette=shades)[150 - 1, 100]) == (9, 8, 7)


@given(
    size=st.tuples(st.integers(1, 90), st.integers(1, 90)),
    near=st.tuples(st.floats(0, 0.9), st.floats(0, 0.9)),
    label=st.text(max_size=60),
)
@settings(max_examples=80, deadline=None)
def test_any_label_on_any_picture(
    size: tuple[int, int], near: tuple[float, float], label: str
) -> None:
    image = np.zeros((*size, 3), np.uint8)
    height, width = size
    box = (near[0] * width, near[1] * height, float(width), float(height))
    drawn = draw.draw(image, [Detection(label=label, score=0.5, box=box)])
    assert drawn.shape == image.shape and drawn.dtype == np.uint8 and drawn.any()


@pytest.mark.parametrize("corner", [(0, 0), (290, 0), (0, 210), (290, 210)])
def test_tags_are_whole_at_every_edge(corner: tuple[int, int]) -> None:
    x, y = corner
    middle = draw.draw(
        GREY,
        [Detection(label="dog", score=0.5, box=(100, 100, 130, 130))],
        palette={"dog": (1, 2, 3)},
    )
    edge = draw.draw(
        GREY,
        [Detection(label="dog", score=0.5, box=(x, y, x + 30, y + 30))],
        palette={"dog": (1, 2, 3)},
    )
    letters = [(image.min(axis=2) > 180).sum() for image in (middle, edge)]
    assert letters[0] == letters[1] > 10


def test_a_long_label_is_cut() -> None:
    assert draw.plain("x" * 99) == "x" * 37 + "..."
    assert draw.plain("x" * 40) == "x" * 40


@pytest.mark.parametrize(
    ("label", "shown"),
    [("Müller", "Muller"), ("猫 cat", "? cat"), ("a\nb\x00", "a?b?"), ("naïve ﬁ", "naive fi")],
)
def test_labels_beyond_ascii(label: str, shown: str) -> None:
    assert draw.plain(label) == shown


def test_colours_keep_their_place() -> None:
    given_ = draw.colours(["a", "b", "a", *"cdefghij"])
    assert [given_[label] for label in "abcdefg"] == list(draw.OKABE_ITO)
    assert given_["h"] == given_["a"] and len(given_) == 10
    assert len(set(draw.OKABE_ITO)) == 7


def test_contrast() -> None:
    assert draw.luminance((255, 255, 255)) == pytest.approx(1)
    assert draw.luminance((0, 0, 0)) == 0
    # W3C's worked figures: pure red, green, blue; and a dark grey on the linear stretch.
    assert draw.luminance((255, 0, 0)) == pytest.approx(0.2126)
    assert draw.luminance((0, 255, 0)) == pytest.approx(0.7152)
    assert draw.luminance((8, 8, 8)) == pytest.approx(8 / 255 / 12.92)
    assert draw.luminance((128, 128, 128)) == pytest.approx(0.21586, abs=1e-5)
    assert draw.ink((240, 228, 66)) == (0, 0, 0) and draw.ink((0, 0, 120)) == (255, 255, 255)
    for shade in draw.OKABE_ITO:
        lighter, darker = sorted((draw.luminance(shade), draw.luminance(draw.ink(shade))))[::-1]
        assert (lighter + 0.05) / (darker + 0.05) > 4.5


def test_described_is_plain_and_readable() -> None:
    found = [Detection(label="cat", score=0.5, box=(1.0, 2.0, 3.0, 4.0))]
    told = draw.described(found, draw.colours(["dog", "cat"]))
    assert told == [
        {
            "label": "cat",
            "score": 0.5,
            "box": [1.0, 2.0, 3.0, 4.0],
            "colour": "#56b4e9",
            "ink": "#000000",
        }
    ]
