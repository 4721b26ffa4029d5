"""How often each word stands in each document: the document-word matrix, without its zeros.

    n[d, w] : (D, V), kept by rows. Document d has the words words[indptr[d] : indptr[d + 1]], each
    once and in ascending order, and counts[...] of each.

The order of words in a document is gone: a bag of words, which is all that these models look at.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np
import torch
from numpy.typing import NDArray
from scipy import sparse  # type: ignore[import-untyped]

from core.errors import require
from core.rng import stream

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]


@dataclass(frozen=True)
class Counts:
    """Word counts of D documents over a vocabulary of V words.

    Raises SettingError where the arrays do not fit together.
    """

    indptr: Integers  # (D + 1,)
    words: NDArray[np.int32]  # (nnz,)
    counts: NDArray[np.float32]  # (nnz,) above 0; not whole where words are weighted
    vocabulary: tuple[str, ...] = field(repr=False)

    def __post_init__(self) -> None:
        ends = len(self.indptr) > 0 and int(self.indptr[0]) == 0
        fits = ends and int(self.indptr[-1]) == len(self.words) == len(self.counts)
        require(fits, "counts", wanted="a count for every word", given="arrays of other lengths")
        rising = bool((np.diff(self.indptr) >= 0).all())
        require(rising, "counts", wanted="documents one after another", given="a falling indptr")
        if len(self.words):
            inside = int(self.words.min()) >= 0 and int(self.words.max()) < len(self.vocabulary)
            require(inside, "counts", wanted="words of the vocabulary", given="others")
            above = bool((self.counts > 0).all()) and bool(np.isfinite(self.counts).all())
            require(above, "counts", wanted="finite numbers above 0", given="others")

    def __len__(self) -> int:
        return len(self.indptr) - 1

    @property
    def tokens(self) -> float:
        """The sum of all counts."""
        return float(self.counts.sum(dtype=np.float64))

    def per_document(self) -> Floats:
        """Tokens of each document, (D,)."""
        return np.bincount(self.rows(), self.counts, minlength=len(self)).astype(np.float64)

    def per_word(self) -> Floats:
        """Tokens of each word, (V,)."""
        V = len(self.vocabulary)
        return np.bincount(self.words, self.counts, minlength=V).astype(np.float64)

    def documents_per_word(self) -> Integers:
        """In how many documents each word stands, (V,)."""
        return np.bincount(self.words, minlength=len(self.vocabulary)).astype(np.int64)

    def rows(self) -> Integers:
        """The document of each entry, (nnz,)."""
        return np.repeat(np.arange(len(self)), np.diff(self.indptr))

    def matrix(self) -> sparse.csr_array:
        """The same as a sparse array (D, V), which shares memory with this."""
        shape = (len(self), len(self.vocabulary))
        return sparse.csr_array((self.counts, self.words, self.indptr), shape=shape)

    def document(self, d: int) -> tuple[NDArray[np.int32], NDArray[np.float32]]:
        """Words and counts of document `d`."""
        span = slice(int(self.indptr[d]), int(self.indptr[d + 1]))
        return self.words[span], self.counts[span]

    def take(self, documents: Sequence[int] | Integers) -> Counts:
        """The given documents alone, in that order, over the same vocabulary."""
        picked = np.asarray(documents, np.int64)
        sizes = np.diff(self.indptr)[picked]
        indptr = np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64)
        # entry i of a document stands at its start + i
        at = np.repeat(self.indptr[picked] - indptr[:-1], sizes) + np.arange(indptr[-1])
        return Counts(indptr, self.words[at], self.counts[at], self.vocabulary)

    def token_words(self) -> tuple[NDArray[np.int32], Integers]:
        """Every token's word and document, (N,) each: the counts written out. They are to be whole."""
        times = self.whole()
        return np.repeat(self.words, times), np.repeat(self.rows(), times)

    def whole(self) -> Integers:
        """The counts as whole numbers. Raises SettingError where some are not."""
        times = self.counts.astype(np.int64)
        require(
            bool((times == self.counts).all()), "counts", wanted="whole numbers", given="weights"
        )
        return times

    def halves(self, seed: int) -> tuple[Counts, Counts]:
        """Each document's tokens dealt out in two by chance, the second half no smaller."""
        words, rows = self.token_words()
        keys = torch.rand(len(words), generator=stream(seed, "halves"), dtype=torch.float64).numpy()
        sizes = np.bincount(rows, minlength=len(self))
        starts = np.concatenate([[0], np.cumsum(sizes)])[:-1]
        order = np.lexsort((keys, rows))
        first = (np.arange(len(words)) - starts[rows]) < sizes[rows] // 2
        return tuple(  # type: ignore[return-value]
            from_tokens(words[order[mine]], rows[mine], len(self), self.vocabulary)
            for mine in (first, ~first)
        )


def from_matrix(matrix: object, vocabulary: Sequence[str]) -> Counts:
    """Counts of anything that scipy makes a sparse array of, (D, V)."""
    rows = sparse.csr_array(matrix)
    rows.sum_duplicates()
    rows.eliminate_zeros()
    require(
        rows.shape[1] == len(vocabulary), "vocabulary", wanted=f"{rows.shape[1]} words",
        given=len(vocabulary),
    )  # fmt: skip
    return Counts(
        rows.indptr.astype(np.int64),
        rows.indices.astype(np.int32),
        rows.data.astype(np.float32),
        tuple(vocabulary),
    )


def from_tokens(
    words: NDArray[np.integer], rows: NDArray[np.integer], documents: int, vocabulary: Sequence[str]
) -> Counts:
    """Counts of tokens (N,): the word and the document of each."""
    V = max(len(vocabulary), 1)
    cells, counts = np.unique(rows.astype(np.int64) * V + words, return_counts=True)
    sizes = np.bincount(cells // V, minlength=documents)
    return Counts(
        np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64),
        (cells % V).astype(np.int32),
        counts.astype(np.float32),
        tuple(vocabulary),
    )


def minibatches(
    counts: Counts, size: int, *, generator: torch.Generator | None = None
) -> Iterator[Counts]:
    """All documents once, `size` at a time, shuffled where a generator is given."""
    D = len(counts)
    order = np.arange(D) if generator is None else torch.randperm(D, generator=generator).numpy()
    for begin in range(0, D, size):
        yield counts.take(order[begin : begin + size])
