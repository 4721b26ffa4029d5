"""How well the linear readout of a reservoir tells bits that it heard k steps ago.

    u : (T,) input of -1 and 1 at random      x : (T, N) states      z_t = (1, u_t, x_t)
    W_out = (Z^T Z + ridge I)^-1 Z^T Y,  Y_t = (u_(t-1), ..., u_(t-K));  right where y_t has its sign

Learned from the first half of the steps, told by the second. A guess is right half of the time.
"""

from __future__ import annotations

import numpy as np
import torch
from numpy.typing import NDArray

from core.errors import require
from core.sequence import echo_state, reservoir
from core.sequence.reservoir import Reservoir

WASHOUT = 100  # steps at first that do not count


def bits(
    net: Reservoir,
    *,
    lags: int,
    ridge: float,
    generator: torch.Generator,
    steps: int | None = None,
) -> NDArray[np.float64]:
    """Accuracy (K,) at lags 1 to K, 0 to 1, of a reservoir with one input.

    Raises SettingError for no lags, and for fewer steps than two behind those that do not count.
    """
    require(lags >= 1, "lags", wanted="at least 1", given=lags)
    require(ridge > 0, "ridge", wanted="above 0", given=ridge)
    first = max(WASHOUT, lags)
    steps = first + max(1000, 3 * net.units) if steps is None else steps
    require(steps >= first + 2, "steps", wanted=f"at least {first + 2}", given=steps)
    u = 2.0 * torch.randint(0, 2, (steps,), generator=generator).numpy() - 1
    x = reservoir.run(net, u[:, None])
    Z = np.hstack([np.ones((steps, 1)), u[:, None], x])[first:]
    Y = np.stack([u[first - k : steps - k] for k in range(1, lags + 1)], axis=1)
    half = len(Z) // 2
    W_out = echo_state.ridge(Z[:half].T @ Z[:half], Z[:half].T @ Y[:half], ridge)
    right: NDArray[np.float64] = (np.sign(Z[half:] @ W_out) == Y[half:]).mean(axis=0)
    return right
