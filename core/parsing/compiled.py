"""The chart of a whole sentence, compiled, one thread.

    w[i, j, X] = max over s, X -> Y Z of p(X -> Y Z) w[i, s, Y] w[s+1, j, Z]      as logarithms
    then, for every chain X => B,     w[i, j, X] = max(w, p(X => B) w[i, j, B])

Two ways. `column` is for the best tree under grammars of any size: all spans that end with word j
are filled from the shortest on, with their right parts read from a table (n, M) of this one column
and their left parts from lists of what was found in earlier columns. `inside` and `outside` are for
sums over all trees, in tables (n, n, M), and for grammars that such tables can be afforded for.

Everything compiled stands in this file: numba looks for changes in the file of a function alone.
"""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

Integers = NDArray[np.int64]
Floats = NDArray[np.float64]
Small = NDArray[np.int32]

_plain = njit(cache=True, nogil=True, error_model="numpy")

SAME = 1e-12  # logarithms closer than this, relative to a sum of few terms, are of equal products
NOTHING = -np.inf


@_plain
def column(
    j: int,
    first_rule: Small, Z: Small, X: Small, log_p: Floats,
    chain_first: Small, chain_from: Small, chain_log_p: Floats,
    tags: Small, tag_log_p: Floats,
    cell_first: Integers, cell_size: Small, item_symbol: Small, item_w: Floats,
    w: Floats, made: Floats, rule: Small, split: Small, chain: Small,
    found: Small, sizes: Small, beam: float, prior: Floats,
) -> int:  # fmt: skip
    """Fill the spans (i, j) of all i <= j; the number of items found in them.

    first_rule (M + 1,): rules X -> Y Z of Y are Z, X, log_p[first_rule[Y] : first_rule[Y + 1]].
    cell_first, cell_size (n, n): item_symbol, item_w of each earlier span that are left parts.
    w, made, rule, split, chain (n, M), filled: w after and before chains, and where both are from;
    found (n, M), sizes (n,): the symbols in each. `beam`: items this far below the best of a span,
    each with its `prior` (M,), are dropped; inf keeps all.
    """
    total = 0
    for i in range(j, -1, -1):
        row, before, own_rule, own_split, own_chain = w[i], made[i], rule[i], split[i], chain[i]
        row[:] = NOTHING
        before[:] = NOTHING
        names = found[i]
        count = 0
        if i == j:
            for k in range(len(tags)):
                X_ = tags[k]
                if tag_log_p[k] > before[X_] + SAME:
                    if before[X_] == NOTHING:
                        names[count] = X_
                        count += 1
                    before[X_] = tag_log_p[k]
                    own_rule[X_] = k
                    own_split[X_] = -1
        for s in range(i, j):
            right = w[s + 1]
            begin = cell_first[i, s]
            for a in range(begin, begin + cell_size[i, s]):
                Y_ = item_symbol[a]
                left_w = item_w[a]
                for r in range(first_rule[Y_], first_rule[Y_ + 1]):
                    # log p(X -> Y Z) + log w[i, s, Y] + log w[s+1, j, Z]
                    value = log_p[r] + left_w + right[Z[r]]
                    X_ = X[r]
                    if value > before[X_] + SAME:
                        if before[X_] == NOTHING:
                            names[count] = X_
                            count += 1
                        before[X_] = value
                        own_rule[X_] = r
                        own_split[X_] = s
        for k in range(count):
            row[names[k]] = before[names[k]]
            own_chain[names[k]] = -1
        base = count
        for k in range(base):
            B = names[k]
            for c in range(chain_first[B], chain_first[B + 1]):
                # log p(X => B) + log w[i, j, B]
                value = chain_log_p[c] + before[B]
                X_ = chain_from[c]
                if value > row[X_] + SAME:
                    if row[X_] == NOTHING:
                        names[count] = X_
                        count += 1
                    row[X_] = value
                    own_chain[X_] = c
        if beam < np.inf and count:
            best = NOTHING
            for k in range(count):
                best = max(best, row[names[k]] + prior[names[k]])
            for k in range(count):
                # dropped for what is built on this span; where it came from stays readable
                if row[names[k]] + prior[names[k]] < best - beam:
                    row[names[k]] = NOTHING
        sizes[i] = count
        total += count
    return total


@_plain
def pack(
    j: int, at: int, is_left: NDArray[np.bool_], w: Floats, found: Small, sizes: Small,
    cell_first: Integers, cell_size: Small, item_symbol: Small, item_w: Floats,
    made: Floats, rule: Small, split: Small, chain: Small,
    all_first: Integers, all_size: Small, all_at: int, all_symbol: Small, all_w: Floats,
    all_made: Floats, all_rule: Small, all_split: Small, all_chain: Small,
) -> tuple[int, int]:  # fmt: skip
    """Note what `column` found: left parts for later columns, and all of it with its sources."""
    for i in range(j + 1):
        cell_first[i, j] = at
        all_first[i, j] = all_at
        for k in range(sizes[i]):
            X = found[i, k]
            all_symbol[all_at] = X
            all_w[all_at] = w[i, X]
            all_made[all_at] = made[i, X]
            all_rule[all_at] = rule[i, X] if made[i, X] > NOTHING else -1
            all_split[all_at] = split[i, X] if made[i, X] > NOTHING else -1
            all_chain[all_at] = chain[i, X]
            all_at += 1
            if is_left[X] and w[i, X] > NOTHING:
                item_symbol[at] = X
                item_w[at] = w[i, X]
                at += 1
        cell_size[i, j] = at - cell_first[i, j]
        all_size[i, j] = all_at - all_first[i, j]
    return at, all_at


@_plain
def inside(
    n: int, Y: Integers, Z: Integers, X: Integers, p: Floats,
    top: Integers, bottom: Integers, chain_p: Floats,
    tag_at: Integers, tags: Integers, tag_p: Floats,
    best: Floats, best_made: Floats, log_p: Floats, chain_log_p: Floats, tag_log_p: Floats,
    only_best: bool, total: Floats, made: Floats,
) -> None:  # fmt: skip
    """Fill `total` and `made` (n, n, M), sums over all trees of each span, after and before chains.

    With all of p, chain_p and tag_p 1 trees are counted. `only_best` sums over trees of the best
    probability alone: `best`, `best_made` (n, n, M) are their logarithms.
    """
    for size in range(n):
        for i in range(n - size):
            j = i + size
            mine = made[i, j]
            if size == 0:
                for k in range(tag_at[i], tag_at[i + 1]):
                    if not only_best or tag_log_p[k] >= best_made[i, j, tags[k]] - 1e-9:
                        mine[tags[k]] += tag_p[k]
            for s in range(i, j):
                left, right = total[i, s], total[s + 1, j]
                for r in range(len(X)):
                    # sum over s, X -> Y Z of p(X -> Y Z) inside[i, s, Y] inside[s+1, j, Z]
                    if left[Y[r]] > 0 and right[Z[r]] > 0:
                        if only_best:
                            value = log_p[r] + best[i, s, Y[r]] + best[s + 1, j, Z[r]]
                            if value < best_made[i, j, X[r]] - 1e-9:
                                continue
                        mine[X[r]] += p[r] * left[Y[r]] * right[Z[r]]
            whole = total[i, j]
            for k in range(len(mine)):
                if not only_best or best_made[i, j, k] >= best[i, j, k] - 1e-9:
                    whole[k] = mine[k]
            for c in range(len(top)):
                if mine[bottom[c]] > 0:
                    if only_best:
                        value = chain_log_p[c] + best_made[i, j, bottom[c]]
                        if value < best[i, j, top[c]] - 1e-9:
                            continue
                    whole[top[c]] += chain_p[c] * mine[bottom[c]]


@_plain
def outside(
    n: int, Y: Integers, Z: Integers, X: Integers, p: Floats,
    top: Integers, bottom: Integers, chain_p: Floats,
    tag_at: Integers, tags: Integers, tag_p: Floats, start: int,
    total: Floats, made: Floats, out: Floats, out_made: Floats,
    rules: Floats, chains: Floats, words: Floats,
) -> None:  # fmt: skip
    """Fill `out`, `out_made` (n, n, M), and what each rule, chain and word adds to the sum.

    out times total is the sum over all trees that have the node; `rules` (B,), `chains` (C,) and
    `words` (entries of tags,) are added to: expected uses times the sum of the sentence.
    """
    out[0, n - 1, start] = 1
    for size in range(n - 1, -1, -1):
        for i in range(n - size):
            j = i + size
            mine, whole, inner = out_made[i, j], out[i, j], made[i, j]
            for k in range(len(mine)):
                mine[k] = whole[k]
            for c in range(len(top)):
                if whole[top[c]] > 0 and inner[bottom[c]] > 0:
                    mine[bottom[c]] += whole[top[c]] * chain_p[c]
                    chains[c] += whole[top[c]] * chain_p[c] * inner[bottom[c]]
            if size == 0:
                for k in range(tag_at[i], tag_at[i + 1]):
                    words[k] += mine[tags[k]] * tag_p[k]
            for s in range(i, j):
                left, right = total[i, s], total[s + 1, j]
                for r in range(len(X)):
                    above = mine[X[r]] * p[r]
                    if above > 0 and left[Y[r]] > 0 and right[Z[r]] > 0:
                        out[i, s, Y[r]] += above * right[Z[r]]
                        out[s + 1, j, Z[r]] += above * left[Y[r]]
                        rules[r] += above * left[Y[r]] * right[Z[r]]


def warm() -> None:
    """Compile everything, or load it where that was done before: later calls start at once."""
    from core.parsing.chart import Engine
    from core.parsing.grammar import Symbol, build
    from core.parsing.normal_form import normal

    a = Symbol("a", True)
    grammar = build([("S", (Symbol("S"), Symbol("S")), 0.5), ("S", (a,), 0.5)])
    chart = Engine(normal(grammar)).chart(("a", "a"))
    chart.expected()
