"""What is done for every word of every document, compiled: E-steps and Gibbs sweeps.

    n[d, w] by rows (see Counts)      beta : (V, K), a word's weights in all topics side by side
    r[d, w, k] = theta[d, k] beta[w, k] / norm[d, w],   norm[d, w] = sum over k of theta beta

Each word of a document costs two passes over K neighbouring numbers; r is never kept. Everything
compiled stands in this file: numba looks for changes in the file of a function alone.
"""

from __future__ import annotations

import math

import numpy as np
from numba import njit
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
Small = NDArray[np.int32]
Weights = NDArray[np.float32]

# Sums may be made in any order, and products fused with sums; infinity keeps its meaning.
_quick = njit(cache=True, nogil=True, error_model="numpy", fastmath={"contract", "reassoc", "nsz"})
_plain = njit(cache=True, nogil=True, error_model="numpy")


@_quick
def _tail(x: float) -> float:
    """digamma(x) - log(x + 6) for x > 0, to 1e-11."""
    # psi(x) = psi(x + 6) - sum over i < 6 of 1 / (x + i), the six in pairs with u = x (x + 5)
    u = x * x + 5 * x
    sixth = (2 * x + 5) * (3 * u * u + 20 * u + 24) / (u * (u + 4) * (u + 6))
    i = 1 / (x + 6)
    v = i * i
    series = 1 / 12 - v * (
        1 / 120 - v * (1 / 252 - v * (1 / 240 - v * (1 / 132 - v * 691 / 32760)))
    )
    return -i / 2 - v * series - sixth


@_quick
def digamma(x: float) -> float:
    return math.log(x + 6) + _tail(x)


@_quick
def exp_digamma(x: float) -> float:
    """e^psi(x): one exponential and no logarithm."""
    return (x + 6) * math.exp(_tail(x))


@_quick
def exp_digammas(x: Floats, out: Floats) -> None:
    """out (n, k) = e^psi(x)."""
    for row in range(x.shape[0]):
        for k in range(x.shape[1]):
            out[row, k] = exp_digamma(x[row, k])


@_quick
def lda_documents(
    first: int, last: int, indptr: Integers, words: Small, n: Weights,
    alpha: Floats, beta: Floats, gamma: Floats, inner: int, tolerance: float,
    statistics: Floats, log_theta: Floats, share: Floats,
) -> tuple[float, float]:  # fmt: skip
    """The variational E-step of documents first .. last - 1.

    beta (V, K) = e^(E log beta); gamma (D, K), the start, is improved at most `inner` times, until
    it changes by less than `tolerance` on average. Added to: statistics (V, K), expected tokens of
    each word and topic; log_theta (K,), sums of E log theta; share (K,), expected tokens. Returns
    sum n log norm, and E log p(theta) - E log q(theta).
    """
    K = len(alpha)
    t, s, f = np.empty(K), np.empty(K), np.empty(K)
    likelihood, priors = 0.0, 0.0
    constant = math.lgamma(alpha.sum())
    for k in range(K):
        constant -= math.lgamma(alpha[k])
    for d in range(first, last):
        begin, end = indptr[d], indptr[d + 1]
        g = gamma[d]
        for k in range(K):
            t[k] = exp_digamma(g[k])
        for _ in range(inner):
            s[:] = 0
            for i in range(begin, end):
                b = beta[words[i]]
                norm = 0.0
                for k in range(K):
                    norm += t[k] * b[k]
                q = n[i] / norm
                for k in range(K):
                    s[k] += q * b[k]
            change = 0.0
            for k in range(K):
                # gamma = alpha + sum over w of n phi
                new = alpha[k] + t[k] * s[k]
                change += abs(new - g[k])
                g[k] = new
                t[k] = exp_digamma(new)
            if change < tolerance * K:
                break
        total = 0.0
        for k in range(K):
            total += g[k]
        log_total = digamma(total)
        size = 0.0
        for i in range(begin, end):
            b = beta[words[i]]
            norm = 0.0
            for k in range(K):
                f[k] = t[k] * b[k]
                norm += f[k]
            q = n[i] / norm
            size += n[i]
            likelihood += n[i] * math.log(norm)
            row = statistics[words[i]]
            for k in range(K):
                row[k] += q * f[k]
                share[k] += q * f[k]
        likelihood -= size * log_total
        priors += constant - math.lgamma(total)
        for k in range(K):
            log_k = digamma(g[k]) - log_total
            log_theta[k] += log_k
            priors += (alpha[k] - g[k]) * log_k + math.lgamma(g[k])
    return likelihood, priors


@_quick
def em_documents(
    first: int, last: int, indptr: Integers, words: Small, n: Weights,
    h: Floats, beta: Floats, theta: Floats, inner: int, tolerance: float, statistics: Floats,
) -> float:  # fmt: skip
    """The E-step of PLSA, and W of Kullback-Leibler NMF: theta (D, K) is improved `inner` times.

    h (K,): sums of beta over words; theta h then sums to a document's tokens. It stops early where
    theta h changes by less than `tolerance` of them. Added to: statistics (V, K), expected tokens.
    Returns sum n log norm.
    """
    K = len(h)
    s, f = np.empty(K), np.empty(K)
    likelihood = 0.0
    for d in range(first, last):
        begin, end = indptr[d], indptr[d + 1]
        t = theta[d]
        for _ in range(inner):
            s[:] = 0
            for i in range(begin, end):
                b = beta[words[i]]
                norm = 1e-300
                for k in range(K):
                    norm += t[k] * b[k]
                q = n[i] / norm
                for k in range(K):
                    s[k] += q * b[k]
            change, total = 0.0, 0.0
            for k in range(K):
                # theta = theta (sum over w of n beta / norm) / sum over w of beta
                new = t[k] * s[k] / h[k] if h[k] > 0 else 0.0
                change += abs(new - t[k]) * h[k]
                total += new * h[k]
                t[k] = new
            if change <= tolerance * total:
                break
        for i in range(begin, end):
            b = beta[words[i]]
            norm = 1e-300
            for k in range(K):
                f[k] = t[k] * b[k]
                norm += f[k]
            q = n[i] / norm
            likelihood += n[i] * math.log(norm)
            row = statistics[words[i]]
            for k in range(K):
                row[k] += q * f[k]
    return likelihood


@_quick
def scores(
    indptr: Integers, words: Small, n: Weights, theta: Floats, beta: Floats, floor: Floats,
    out: Floats,
) -> None:  # fmt: skip
    """out (D,) = sum over w of n log(theta beta + floor[w]) of each document."""
    K = theta.shape[1]
    for d in range(len(indptr) - 1):
        t = theta[d]
        total = 0.0
        for i in range(indptr[d], indptr[d + 1]):
            b = beta[words[i]]
            p = floor[words[i]]
            for k in range(K):
                p += t[k] * b[k]
            total += n[i] * math.log(p)
        out[d] = total


@_plain
def descend(W: Floats, XH: Floats, HH: Floats, penalty: float) -> float:
    """One sweep of coordinate descent over W (n, K) >= 0 for |X - W H|^2 / 2; sum of |changes|."""
    K = W.shape[1]
    moved = 0.0
    for row in range(W.shape[0]):
        w, target = W[row], XH[row]
        for k in range(K):
            if HH[k, k] <= 0:
                continue
            slope = penalty - target[k]
            for j in range(K):
                slope += HH[k, j] * w[j]
            # W_k = max(0, W_k - slope / H_k.H_k)
            new = w[k] - slope / HH[k, k]
            new = new if new > 0 else 0.0
            moved += abs(new - w[k])
            w[k] = new
    return moved


@_plain
def _random(state: NDArray[np.uint64]) -> float:
    """The next of xorshift64*, in [0, 1)."""
    x = state[0]
    x ^= x >> np.uint64(12)
    x ^= x << np.uint64(25)
    x ^= x >> np.uint64(27)
    state[0] = x
    return ((x * np.uint64(2685821657736338717)) >> np.uint64(11)) * (1.0 / 9007199254740992.0)


@_plain
def sweep(
    words: Small, indptr: Integers, z: Small, in_document: Small, in_word: Small, in_topic: Integers,
    alpha: Floats, eta: float, state: NDArray[np.uint64],
) -> None:  # fmt: skip
    """Draw the topic of every token anew, given those of all others.

    words, z (N,); indptr (D + 1,) where documents begin; in_document (D, K), in_word (V, K) and
    in_topic (K,) are tokens counted by topic, and are kept up.
    """
    K, V = len(alpha), in_word.shape[0]
    sums, scale = np.empty(K), np.empty(K)
    for k in range(K):
        scale[k] = 1 / (in_topic[k] + V * eta)
    for d in range(len(indptr) - 1):
        mine = in_document[d]
        for i in range(indptr[d], indptr[d + 1]):
            row = in_word[words[i]]
            k = z[i]
            mine[k] -= 1
            row[k] -= 1
            in_topic[k] -= 1
            scale[k] = 1 / (in_topic[k] + V * eta)
            total = 0.0
            for j in range(K):
                # p(z = j | the others) ~ (n[d, j] + alpha_j) (n[j, w] + eta) / (n[j] + V eta)
                total += (mine[j] + alpha[j]) * (row[j] + eta) * scale[j]
                sums[j] = total
            u = _random(state) * total
            k = 0
            while k < K - 1 and sums[k] <= u:
                k += 1
            z[i] = k
            mine[k] += 1
            row[k] += 1
            in_topic[k] += 1
            scale[k] = 1 / (in_topic[k] + V * eta)


@_plain
def windows(
    tokens: Small, indptr: Integers, size: int, words: int, each: Floats, pairs: Floats
) -> int:
    """Count in how many windows of `size` tokens each word, and each pair, is met; how many there are.

    tokens (N,): number of a word below `words`, or -1 for others; a text shorter than a window is one.
    """
    inside = np.zeros(words, np.int64)
    here = np.empty(words, np.int64)
    total = 0
    for d in range(len(indptr) - 1):
        begin, end = indptr[d], indptr[d + 1]
        inside[:] = 0
        for last in range(begin, end):
            if tokens[last] >= 0:
                inside[tokens[last]] += 1
            if last - size >= begin and tokens[last - size] >= 0:
                inside[tokens[last - size]] -= 1
            if last - begin + 1 < size and last + 1 < end:
                continue
            total += 1
            met = 0
            for w in range(words):
                if inside[w] > 0:
                    here[met] = w
                    met += 1
            for a in range(met):
                each[here[a]] += 1
                for b in range(a):
                    pairs[here[a], here[b]] += 1
                    pairs[here[b], here[a]] += 1
    return total


def warm() -> None:
    """Compile everything, or load it where that was done before: later calls start at once."""
    indptr, words = np.array([0, 1]), np.zeros(1, np.int32)
    n, one, square = np.ones(1, np.float32), np.ones(1), np.ones((1, 1))
    exp_digammas(square, square.copy())
    lda_documents(
        0, 1, indptr, words, n, one, square, square.copy(), 1, 0.0, square.copy(), np.zeros(1),
        np.zeros(1),
    )  # fmt: skip
    em_documents(0, 1, indptr, words, n, one, square, square.copy(), 1, 0.0, square.copy())
    scores(indptr, words, n, square, square, one, one.copy())
    descend(square.copy(), square, square, 0.0)
    counted = np.ones((1, 1), np.int32)
    sweep(
        words, indptr, words.copy(), counted, counted.copy(), np.ones(1, np.int64), one, 0.1,
        np.ones(1, np.uint64),
    )  # fmt: skip
    windows(words, indptr, 1, 1, one.copy(), square.copy())
