"""The pictures on the lobby's cards: each made by the exhibit's own code, once a server."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

import numpy as np
from numpy.typing import NDArray

from core.charts import networks, pictures, topics_stories, trees
from core.charts.theme import DIVERGING, ramp
from core.datasets import grammars, images, points
from core.datasets.points import extent
from core.detection import draw
from core.detection.catalogue import DETECTORS
from core.device import to_host
from core.features import filters
from core.nets import population, train
from core.nets.network import Config
from core.parsing.chart import Engine
from core.parsing.grammar_text import parse
from core.parsing.normal_form import normal
from core.rng import stream
from core.sequence import defaults, familiar, reservoir, trace
from core.topics import bars, stories_recover
from core.topics import fit as topics

WIDTH, HEIGHT = 640, 320


def filters_gallery() -> NDArray[np.uint8]:
    """32 x 16 filters, just learned from a photograph in colour."""
    config = filters.Config(grey=False, k=200, n=20_000, sweeps=8)
    photos = [images.sample(name, halve=True) for name in ("astronaut", "coffee", "motorcycle")]
    *_, last = filters.learn(photos, config, generator=stream(0, "thumbnail"))
    tiles = filters.tiles(to_host(last).D, config)
    return _fit(pictures.mosaic(tiles, columns=20, scale=3, gap=2))


def object_detection() -> NDArray[np.uint8]:
    """A face, just found."""
    photo = pictures.enlarge(images.sample("astronaut")[:240], 1024)
    [found] = DETECTORS["face"].load().detect([photo])
    return _fit(draw.draw(photo, found))


def classifier_2d() -> NDArray[np.uint8]:
    """Eight moments of a net that learns to part two spirals."""
    data = points.PRESETS["spiral"].draw(200, generator=stream(0, "thumbnail"))
    settings = {"hidden": (20, 20), "activations": ("tanh", "tanh"), "optimiser": "adam"}
    config = Config(**settings, examples=300_000, steps=7)  # type: ignore[arg-type]
    steps = train.learn(data, config, generator=stream(0, "thumbnail"))
    params = np.stack([step.params for step in steps])
    moments = networks.decision_mosaic(*population.maps(params, config, extent(data), side=154))
    return _fit(pictures.mosaic(list(moments), columns=4, scale=1, gap=6))


def lstm_explorer() -> NDArray[np.uint8]:
    """What every cell of the counting net does over some texts, the one that counts on top."""
    net = defaults.load("counter")
    first = familiar.found(net)[0].where.unit
    codes = net.vocabulary.encode(familiar.sample("counter")[40:168])
    cells = trace.trace(net.reader.stack, codes)[0][0].of("s").T  # (H, T)
    order = [first, *(k for k in range(len(cells)) if k != first)]
    rows = cells[order] / np.abs(cells[order]).max(axis=1, keepdims=True)
    return _fit(pictures.enlarge(_coloured(rows)[:, :20], 640))


def recurrent() -> NDArray[np.uint8]:
    """A reservoir: how each unit answers one short push, and how it fades."""
    net = reservoir.drawn(
        1, units=32, density=0.1, radius=0.92, leak=1.0, scale=1.0, bias=0.0,
        generator=stream(0, "thumbnail"),
    )  # fmt: skip
    push = np.zeros((64, 1))
    push[4] = push[36] = 1
    return _fit(pictures.enlarge(_coloured(reservoir.run(net, push).T), 640))


def parse_trees() -> NDArray[np.uint8]:
    """The best tree of the course's ambiguous sentence, just found."""
    preset = grammars.PRESETS["course_pcfg"]
    grammar = parse(preset.text).grammar
    assert grammar is not None
    best = Engine(normal(grammar)).chart(preset.sentences[0].split()).tree()
    assert best is not None
    return trees.picture(best, width=WIDTH, height=HEIGHT)


def topic_browser() -> NDArray[np.uint8]:
    """Topics that are bars of a picture: documents made of them, then the topics just found."""
    planted = bars.pictures(5, 200, 100, generator=stream(0, "bars"))
    data = stories_recover.data(planted.documents, planted.topics.topic_word)
    config = stories_recover.Config(model=topics.Config(model="plsa", topics=10), whole=True)
    *_, last = stories_recover.learn(data, config, generator=stream(0, "thumbnail"))
    made = planted.documents.take(range(40)).matrix().toarray()
    assert last.topic_word is not None
    beta = last.topic_word[last.found[np.argsort(last.planted)]]
    tiles = topics_stories.tiles(bars.as_pictures(np.concatenate([made, beta])))
    return _fit(pictures.mosaic(list(tiles), columns=10, scale=12, gap=4))


def _coloured(values: NDArray[np.floating]) -> NDArray[np.uint8]:
    """Numbers within -1 to 1 in the diverging colours."""
    places = np.clip((values + 1) / 2 * 255, 0, 255).astype(np.uint8)
    return ramp(DIVERGING)[places]


def _fit(picture: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """The middle of a picture, cut to the shape of a card."""
    height, width = picture.shape[:2]
    high = min(height, width * HEIGHT // WIDTH)
    wide = min(width, height * WIDTH // HEIGHT)
    top, left = (height - high) // 2, (width - wide) // 2
    return picture[top : top + high, left : left + wide]


MAKERS: dict[str, Callable[[], NDArray[np.uint8]]] = {
    "filters_gallery": filters_gallery,
    "object_detection": object_detection,
    "classifier_2d": classifier_2d,
    "lstm_explorer": lstm_explorer,
    "recurrent": recurrent,
    "parse_trees": parse_trees,
    "topic_browser": topic_browser,
}


@cache
def thumbnail(slug: str) -> bytes | None:
    """A PNG for the card of that exhibit; None where its icon must do."""
    maker = MAKERS.get(slug)
    return pictures.png(maker()) if maker else None
