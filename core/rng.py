"""One seed, many independent streams of random numbers.

Each purpose draws from its own generator, so that asking for more patches does not
change the initial dictionary. Streams live on the CPU: every device then starts alike.
"""

from __future__ import annotations

import hashlib

import torch

from core.errors import require


def stream(seed: int, *purpose: str | int) -> torch.Generator:
    """A CPU generator that depends on `seed` and `purpose` and on nothing else.

    Raises SettingError where the seed is not a whole number of at least 0.
    """
    require(
        isinstance(seed, int) and not isinstance(seed, bool) and seed >= 0,
        "seed",
        wanted="a whole number of at least 0",
        given=seed,
    )
    label = repr((seed, *purpose)).encode()
    state = int.from_bytes(hashlib.blake2b(label, digest_size=8).digest(), "little")
    # Torch takes seeds below 2**63 on every platform.
    return torch.Generator().manual_seed(state >> 1)
