"""The rooms of the exhibit, by the name that stands in the link."""

from __future__ import annotations

from pages._kit.parsing import (
    ask,
    chart,
    generate,
    learn,
    learned,
    parse_text,
    treebank,
    trees,
)
from pages._kit.rooms import Room

ROOMS = {
    "Trees": Room(ask.view, trees.show, "every tree of a sentence, and the grammar they come from"),
    "Chart": Room(ask.view, chart.show, "how the best tree is found, cell by cell"),
    "Generate": Room(ask.grammar, generate.show, "sentences that the grammar makes by itself"),
    "Learn": Room(ask.grammar, learn.show, "probabilities learned from bare sentences"),
    "Treebank": Room(learned.chosen, treebank.show, "a grammar learned from trees, and how good it is"),
    "Parse text": Room(learned.chosen, parse_text.show, "any text, parsed with such a grammar"),
}  # fmt: skip
