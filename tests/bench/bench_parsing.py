"""Parsing: the course's grammar, a grammar learned from the Penn sample, its F1.

    python -m tests.bench.bench_parsing [folder or .zip of .mrg files]

NLTK's ViterbiParser is the peer where it is installed; both take turns in one process, one thread.
Without a treebank only the course's grammar is timed.
"""

from __future__ import annotations

import importlib
import math
import sys
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

import numpy as np

from core.datasets.grammars import PRESETS
from core.parsing import brackets, compiled, evaluate, parser, treebank
from core.parsing.chart import Engine
from core.parsing.cleaning import cleaned
from core.parsing.grammar_text import parse
from core.parsing.k_best import k_best
from core.parsing.markov import Markov
from core.parsing.normal_form import normal
from core.parsing.tree import Tree

SHARED = Path(__file__).resolve().parents[3] / "shared/data/nltk/corpora/treebank_train.zip"
NOUNS = ("telescope", "woman", "man", "telescope", "woman")
ROUNDS = 7
PEERED = 5  # sentences of ten words that NLTK parses too, some seconds each


def best(*contestants: Callable[[], object], rounds: int = ROUNDS) -> list[float]:
    """The shortest time of each, in seconds, when they take turns."""
    times: list[list[float]] = [[] for _ in contestants]
    for _ in range(rounds):
        for own, work in zip(times, contestants, strict=True):
            began = time.perf_counter()
            work()
            own.append(time.perf_counter() - began)
    return [min(own) for own in times]


def told(name: str, wanted: str, measured: str) -> None:
    print(f"{name:<62}wanted {wanted:<12}measured {measured}", flush=True)


def peer(text: str) -> object | None:
    """NLTK's ViterbiParser of a grammar, where NLTK is installed."""
    try:
        nltk = importlib.import_module("nltk")
    except ImportError:
        return None
    return nltk.ViterbiParser(nltk.PCFG.fromstring(text))


def time_course() -> None:
    text = PRESETS["course_pcfg"].text
    engine, nltk = Engine(normal(parse(text).grammar)), peer(text)
    if nltk is None:
        print("NLTK is not installed: no ratios")
    for k in (0, 2, 5, 12):
        words = ["the", "man", "saw", "the", "woman"]
        for n in range(k):
            words += ["with" if n % 2 == 0 else "in", "the", NOUNS[n % 5]]
        viterbi, sums, number = best(
            lambda words=words: engine.chart(words).tree(),
            lambda words=words: engine.chart(words).log_inside,
            lambda words=words: engine.chart(words).count,
        )
        told(f"course's grammar, {len(words)} words: best tree", "", f"{1e3 * viterbi:.2f} ms")
        told("  inside; number of trees", "", f"{1e3 * sums:.2f} ms; {1e3 * number:.2f} ms")
        if nltk is not None:
            (other,) = best(lambda words=words: list(nltk.parse(words)), rounds=3)
            told("  NLTK ViterbiParser / ours", ">= 20", f"{other / viterbi:.0f}")
            p = next(iter(nltk.parse(words))).prob()
            told(
                "  best probability / NLTK's",
                "1",
                f"{math.exp(engine.chart(words).log_best) / p:.12f}",
            )
    (listed,) = best(lambda: k_best(engine.chart(words), 100))
    told("  its 100 best trees", "", f"{1e3 * listed:.0f} ms")


def time_treebank_s_grammar(path: Path) -> None:
    """Sentences of ten words under the grammar v = 1, h = 2 of all files, the same for both."""
    try:
        nltk = importlib.import_module("nltk")
    except ImportError:
        return
    trees = [tree for file in files(path) for tree in file]
    learned = treebank.learn(trees, Markov(vertical=1, horizontal=2, tags=False))
    categories = {name: nltk.Nonterminal(name) for name in learned.grammar.categories}
    rules = [
        nltk.ProbabilisticProduction(
            categories[rule.left], [s.name if s.word else categories[s.name] for s in rule.right],
            prob=rule.p,
        )
        for rule in learned.grammar.rules()
    ]  # fmt: skip
    other = nltk.ViterbiParser(nltk.PCFG(categories[learned.grammar.S], rules), max_time=None)
    sentences = [c.words() for t in trees if (c := cleaned(t)) and len(c.words()) == 10][:PEERED]
    parsed = []
    for words in sentences:
        began = time.perf_counter()
        parsed.append(next(iter(other.parse(list(words)))).prob())
        theirs = time.perf_counter() - began
        exact, usual = best(
            lambda words=words: learned.engine.chart(words).tree(),
            lambda words=words: parser.parse(learned, words),
        )
        told(f"treebank's grammar, {len(rules):,} rules, 10 words: NLTK / exact Viterbi", "",
             f"{theirs / exact:,.0f} ({theirs:.1f} s / {1e3 * exact:.1f} ms)")  # fmt: skip
        told(
            "  NLTK / ours as the page parses",
            ">= 1,000",
            f"{theirs / usual:,.0f} ({1e3 * usual:.1f} ms)",
        )
        p = math.exp(learned.engine.chart(words).log_best)
        told("  best probability / NLTK's", "1", f"{p / parsed[-1]:.12f}")


def time_rules() -> None:
    rows = (
        f"X{k % 999} -> X{(k * 7) % 999} 'w{k}' [0.001] | 'v{k}' [0.001]" for k in range(50_000)
    )
    text = "S -> X0 [1]\n" + "\n".join(rows)
    (read,) = best(lambda: parse(text), rounds=2)
    told("100,000 rules read and checked", "a few s", f"{read:.1f} s")


def files(path: Path) -> list[list[Tree]]:
    """The trees of each file."""
    if path.suffix == ".zip":
        with zipfile.ZipFile(path) as archive:
            names = sorted(n for n in archive.namelist() if n.endswith(".mrg"))
            return [brackets.read(archive.read(name).decode("utf-8")) for name in names]
    return [brackets.read(p.read_text("utf-8")) for p in sorted(path.rglob("*.mrg"))]


def track_treebank(path: Path) -> None:
    """F1 on the last tenth of the files, sentences of at most 40 words."""
    trees = files(path)
    cut = len(trees) * 9 // 10
    train = [tree for file in trees[:cut] for tree in file]
    held = [tree for file in trees[cut:] for tree in file]
    golds = [g for g in held if (c := cleaned(g)) is not None and len(c.words()) <= 40]
    print(f"{len(train)} trees to learn from, {len(golds)} to parse")
    for markov, wanted in (
        (Markov(vertical=1, horizontal=2, tags=False), ">= 72"),
        (Markov(vertical=2, horizontal=1), ">= 76"),
        (Markov(vertical=2, horizontal=2), ">= 76"),
    ):
        began = time.perf_counter()
        learned = treebank.learn(train, markov)
        took = time.perf_counter() - began
        parses = [parser.parse(learned, cleaned(g).words()) for g in golds]
        score = evaluate.total((g, p.tree) for g, p in zip(golds, parses, strict=True))
        told(f"F1, {markov}", wanted, f"{100 * score.f1:.2f}")
        told("  precision, recall, tags, exact", "",
             " ".join(f"{100 * x:.2f}" for x in (score.precision, score.recall, score.tag_accuracy,
                                                 score.exact_match)))  # fmt: skip
        pieced = sum(p.how != parser.WHOLE for p in parses)
        told("  sentences pieced together (all have a tree)", "", str(pieced))
        told("  learned in", "", f"{took:.1f} s, {len(learned.grammar):,} rules")
        for low, high, limit in ((10, 10, ""), (14, 14, ""), (36, 40, "< 100 ms"), (1, 40, "")):
            seconds = [p.seconds for p in parses if low <= len(p.words) <= high]
            told(f"  {low} to {high} words, median ({len(seconds)})", limit,
                 f"{1e3 * np.median(seconds):.1f} ms")  # fmt: skip
        long = parser.parse(learned, [w for g in golds for w in cleaned(g).words()][:500])
        told("  500 words, at most 10 s", "", f"{long.seconds:.1f} s, {long.how}")


if __name__ == "__main__":
    compiled.warm()
    time_course()
    time_rules()
    where = Path(sys.argv[1]) if len(sys.argv) > 1 else SHARED
    if where.exists():
        time_treebank_s_grammar(where)
        track_treebank(where)
    else:
        print("no treebank: give a folder or a .zip of .mrg files")
