"""Random numbers inside compiled loops: a state of four words, changed in place.

Blackman & Vigna, "Scrambled linear pseudorandom number generators" (2021): xoshiro256++.
Box & Muller (1958) for the normal ones, Fisher & Yates (Durstenfeld, 1964) for the order.

    random : (4,) uint64, not all zero. Whoever holds it holds the whole future of the stream.
"""

from __future__ import annotations

import math

import numpy as np
from numba import njit, uint64
from numpy.typing import NDArray

Words = NDArray[np.uint64]


@njit(cache=True, nogil=True)
def word(random: Words) -> np.uint64:
    """The next 64 random bits."""
    s0, s1, s2, s3 = random[0], random[1], random[2], random[3]
    # rotl(s0 + s3, 23) + s0
    total = s0 + s3
    drawn = ((total << uint64(23)) | (total >> uint64(41))) + s0
    # The linear engine: s := s T, T made of shifts and rotations.
    shifted = s1 << uint64(17)
    s2 ^= s0
    s3 ^= s1
    s1 ^= s2
    s0 ^= s3
    s2 ^= shifted
    s3 = (s3 << uint64(45)) | (s3 >> uint64(19))
    random[0], random[1], random[2], random[3] = s0, s1, s2, s3
    return drawn


@njit(cache=True, nogil=True)
def uniform(random: Words) -> float:
    """The next number of U[0, 1), a multiple of 2^-53."""
    return float(word(random) >> uint64(11)) * 2.0**-53


@njit(cache=True, nogil=True)
def normal(random: Words) -> float:
    """The next number of N(0, 1). Takes two words."""
    # z = sqrt(-2 ln u) cos(2 pi v); 1 - u is never 0
    distance = math.sqrt(-2 * math.log(1 - uniform(random)))
    return distance * math.cos(2 * math.pi * uniform(random))


@njit(cache=True, nogil=True)
def shuffle(order: NDArray[np.int64], random: Words) -> None:
    """Bring `order` (n,) into a random order, in place, each as likely as any other."""
    for i in range(len(order) - 1, 0, -1):
        j = int(uniform(random) * (i + 1))  # u <= 1 - 2^-53, so the product stays below i + 1
        order[i], order[j] = order[j], order[i]
