"""Small languages in which something has to be remembered, and texts of one's own.

After Karpathy-style character nets and Edwin Chen's "Exploring LSTMs" (2017): counter, selective
counter, state memoriser, copy machine. Adding and parity after Hochreiter & Schmidhuber (1997), told
in characters: two of the digits are marked with +, the answer is their sum.

    counter     aaaXbbb       selective   aXaaXYbbb     memoriser  AxxxYA  or  BxxxYB
    copy        abcXabc       adding      1+30+2=5      parity     1101=1

    x     : (n, T) int64  codes, 0 behind the end     y : (n, T) int64  the next one, IGNORE behind
    asked : (n, T) bool   where what was read decides the next character: accuracy counts there

A language is a function from a length to a text and to where it becomes predictable. Lengths that a
net never learned from tell whether it counts or has learned by heart.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from core.errors import require
from core.sequence import vocabulary
from core.sequence.vocabulary import Vocabulary

END = "\n"
IGNORE = -100  # torch's own mark for targets that are not counted
LONGEST = 1000  # of a language
SHORTEST = 200  # characters of a row of held text, where there are as many


@dataclass(frozen=True, kw_only=True)
class Sequences:
    """Texts to learn from, a row each, and others that are only asked."""

    vocabulary: Vocabulary
    x: Tensor  # (n, T) int64
    y: Tensor  # (n, T) int64
    asked: Tensor  # (n, T) bool
    held_x: Tensor  # (m, S)
    held_y: Tensor  # (m, S)
    held_asked: Tensor  # (m, S)
    flows: bool = False  # rows are one text cut up: the state at a chunk's end goes on in the next


@dataclass(frozen=True)
class Task:
    """`draw` makes a text of length n and says from where on the next character is decided."""

    title: str
    characters: str
    draw: Callable[[int, torch.Generator], tuple[str, int]]
    trained: tuple[int, ...]  # lengths that are learned from
    held: tuple[int, ...]  # and those that are not


def counter(n: int, generator: torch.Generator) -> tuple[str, int]:
    """a^n X b^n: as many b as there were a."""
    return "a" * n + "X" + "b" * n, n


def selective(n: int, generator: torch.Generator) -> tuple[str, int]:
    """n a with up to n X among them, Y, then n b: the X do not count."""
    others = int(torch.randint(0, n + 1, (), generator=generator))
    order = torch.randperm(n + others, generator=generator)
    head = "".join("a" if k < n else "X" for k in order.tolist())
    return head + "Y" + "b" * n, n + others


def memoriser(n: int, generator: torch.Generator) -> tuple[str, int]:
    """A x^n Y A or B x^n Y B: which of the two it was."""
    state = "AB"[int(torch.randint(0, 2, (), generator=generator))]
    return state + "x" * n + "Y" + state, n + 1


def copy(n: int, generator: torch.Generator) -> tuple[str, int]:
    """n of a, b, c, then X, then the same again."""
    word = "".join("abc"[k] for k in torch.randint(0, 3, (n,), generator=generator).tolist())
    return word + "X" + word, n


def adding(n: int, generator: torch.Generator) -> tuple[str, int]:
    """n + 2 digits of 0 to 4, two of them behind a +, then = and the sum of those two."""
    digits = torch.randint(0, 5, (n + 2,), generator=generator).tolist()
    marked = torch.randperm(n + 2, generator=generator)[:2].tolist()
    head = "".join(("+" if k in marked else "") + str(d) for k, d in enumerate(digits))
    return f"{head}={digits[marked[0]] + digits[marked[1]]}", n + 4


def parity(n: int, generator: torch.Generator) -> tuple[str, int]:
    """n of 0 and 1, then = and 1 where the number of ones is odd."""
    bits = torch.randint(0, 2, (n,), generator=generator).tolist()
    return "".join(map(str, bits)) + f"={sum(bits) % 2}", n


def _lengths(first: int, last: int, held: Sequence[int]) -> tuple[tuple[int, ...], tuple[int, ...]]:
    return tuple(n for n in range(first, last + 1) if n not in held), tuple(held)


TASKS = {
    "counter": Task("Counter", "abX", counter, *_lengths(1, 10, (4, 7, 11, 12))),
    "selective": Task("Selective counter", "abXY", selective, *_lengths(1, 10, (4, 7, 11))),
    "memoriser": Task("State memoriser", "ABxY", memoriser, *_lengths(1, 10, (4, 7, 12))),
    "copy": Task("Copy machine", "abcX", copy, *_lengths(1, 6, (4,))),
    "adding": Task("Adding", "01234+=5678", adding, *_lengths(0, 6, (3, 7))),
    "parity": Task("Parity", "01=", parity, *_lengths(1, 8, (5, 9))),
}


def alphabet(task: Task) -> Vocabulary:
    """The characters of a language; every text of it ends in END."""
    return vocabulary.of(task.characters + END)


def drawn(
    name: str,
    *,
    generator: torch.Generator,
    examples: int = 1000,
    trained: Sequence[int] | None = None,
    held: Sequence[int] | None = None,
    tests: int = 100,
    lines: int = 1,
) -> Sequences:
    """`examples` texts of lengths drawn from `trained`, and `tests` of lengths taking turns in `held`.

    Rows are made of 1, 2, ... up to `lines` texts in turn, one after another: who learns from them has to
    forget in time.

    Raises SettingError for a language or a length that is not there, and for no texts.
    """
    require(name in TASKS, "task", wanted=f"one of {', '.join(TASKS)}", given=name)
    task = TASKS[name]
    trained = task.trained if trained is None else trained
    held = task.held if held is None else held
    for setting, lengths in (("trained lengths", trained), ("held-out lengths", held)):
        fit = len(lengths) > 0 and all(min(task.trained) <= n <= LONGEST for n in lengths)
        require(fit, setting, wanted=f"each {min(task.trained)} to {LONGEST}", given=tuple(lengths))
    require(examples >= 1, "examples", wanted="at least 1", given=examples)
    require(tests >= 1, "tests", wanted="at least 1", given=tests)
    require(1 <= lines <= 100, "lines", wanted="1 to 100", given=lines)
    counts = [1 + k % lines for k in range(examples)]
    picks = torch.randint(0, len(trained), (sum(counts),), generator=generator).tolist()
    known = alphabet(task)
    x, y, asked = rows([task.draw(trained[k], generator) for k in picks], known, counts)
    counts = [1 + k % lines for k in range(tests)]
    texts = [task.draw(held[k % len(held)], generator) for k in range(sum(counts))]
    held_x, held_y, held_asked = rows(texts, known, counts)
    return Sequences(
        vocabulary=known, x=x, y=y, asked=asked, held_x=held_x, held_y=held_y, held_asked=held_asked
    )


def rows(
    texts: Sequence[tuple[str, int]], known: Vocabulary, counts: Sequence[int] | None = None
) -> tuple[Tensor, Tensor, Tensor]:
    """x, y and asked of texts, each with the place of the first character after which all is decided.

    Row after row has so many of them as `counts` says; without it each has one.
    """
    counts = [1] * len(texts) if counts is None else counts
    left = iter(texts)
    grouped = [[next(left) for _ in range(count)] for count in counts]
    T = max(sum(len(text) + 1 for text, _ in row) for row in grouped) - 1
    x = torch.zeros(len(grouped), T, dtype=torch.int64)
    y = torch.full_like(x, IGNORE)
    asked = torch.zeros_like(x, dtype=torch.bool)
    for k, row in enumerate(grouped):
        whole = END.join(text for text, _ in row)
        codes = torch.from_numpy(known.encode(whole + END))
        x[k, : len(whole)], y[k, : len(whole)] = codes[:-1], codes[1:]
        at = 0
        for text, first in row:
            asked[k, at + first : at + len(text)] = True
            at += len(text) + 1
    return x, y, asked


def recall(
    lag: int,
    *,
    generator: torch.Generator,
    examples: int = 500,
    tests: int = 100,
    length: int | None = None,
    symbols: str = "abcd",
) -> Sequences:
    """Random symbols; asked is always the one `lag` steps ago. For comparing memories of any kind.

    Raises SettingError for a lag below 0 or beyond the text.
    """
    T = max(2 * lag, lag + 20) if length is None else length
    require(0 <= lag < min(T, LONGEST), "lag", wanted=f"0 to {min(T, LONGEST) - 1}", given=lag)
    known = vocabulary.of(symbols)

    def some(count: int) -> tuple[Tensor, Tensor, Tensor]:
        x = torch.randint(1, len(known), (count, T), generator=generator)
        y = torch.full_like(x, IGNORE)
        y[:, lag:] = x[:, : T - lag]
        return x, y, y != IGNORE

    (x, y, asked), (held_x, held_y, held_asked) = some(examples), some(tests)
    return Sequences(
        vocabulary=known, x=x, y=y, asked=asked, held_x=held_x, held_y=held_y, held_asked=held_asked
    )


def remember(
    lag: int, *, generator: torch.Generator, examples: int = 500, tests: int = 100
) -> Sequences:
    """One of a, b, c, d, then `lag` random x and y, of which nothing is asked; at their end, the first.

    The latch of Bengio et al. (1994). Raises SettingError for a lag below 1 or beyond LONGEST.
    """
    require(1 <= lag <= LONGEST, "lag", wanted=f"1 to {LONGEST}", given=lag)
    known = vocabulary.of("abcdxy")

    def some(count: int) -> tuple[Tensor, Tensor, Tensor]:
        first = torch.randint(1, 5, (count, 1), generator=generator)
        x = torch.cat([first, torch.randint(5, 7, (count, lag), generator=generator)], dim=1)
        y = torch.full_like(x, IGNORE)
        y[:, -1] = first[:, 0]
        return x, y, y != IGNORE

    (x, y, asked), (held_x, held_y, held_asked) = some(examples), some(tests)
    return Sequences(
        vocabulary=known, x=x, y=y, asked=asked, held_x=held_x, held_y=held_y, held_asked=held_asked
    )


def from_text(
    text: str, *, rows: int = 32, held: float = 0.1, known: Vocabulary | None = None
) -> Sequences:
    """One text as `rows` pieces that follow each other, its last share `held` for testing.

    Raises SettingError where the text is too short for so many rows of two characters.
    """
    require(rows >= 1, "rows", wanted="at least 1", given=rows)
    require(0 < held < 1, "held share", wanted="above 0, below 1", given=held)
    known = known or vocabulary.of(text)
    codes = torch.from_numpy(known.encode(text))
    split = len(codes) - max(2, round(held * len(codes)))
    T = (split - 1) // rows
    require(T >= 2, "text", wanted=f"at least {_least(rows, held)} characters", given=len(codes))
    x, y = codes[: rows * T].reshape(rows, T), codes[1 : rows * T + 1].reshape(rows, T)
    left = len(codes) - split - 1
    strips = max(1, min(rows, left // SHORTEST))
    S = left // strips
    held_x = codes[split : split + strips * S].reshape(strips, S)
    held_y = codes[split + 1 : split + strips * S + 1].reshape(strips, S)
    return Sequences(
        vocabulary=known,
        x=x.clone(),
        y=y.clone(),
        asked=torch.ones_like(x, dtype=torch.bool),
        held_x=held_x.clone(),
        held_y=held_y.clone(),
        held_asked=torch.ones_like(held_x, dtype=torch.bool),
        flows=True,
    )


def _least(rows: int, held: float) -> int:
    n = 2 * rows + 3
    while (n - max(2, round(held * n)) - 1) // rows < 2:
        n += 1
    return n
