"""Three measured data sets, seen along their two principal components.

Iris (Fisher, 1936), wine (Forina et al., 1991) and handwritten digits of 8 x 8 pixels (Alpaydin &
Kaynak, 1998), all carried by scikit-learn. Only its files are read: importing it takes seconds.

    X : (n, d) measurements       Z : (n, d) standardised       U S V^T = Z, singular values falling
    P = Z V_2 : (n, 2)            share of variance of component j: S_j^2 / sum S^2
"""

from __future__ import annotations

import gzip
import importlib.util
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from core.datasets.points.plane import made
from core.datasets.points.scaling import HALF, standardised
from core.errors import UnavailableError, require
from core.nets.network import Points


@dataclass(frozen=True)
class Source:
    """A file of scikit-learn, numbers and then the class in each row, and what it is."""

    title: str
    file: str
    credit: str
    names: tuple[str, ...]  # of the classes
    header: int = 1  # lines before the numbers


REAL = {
    "iris": Source("Iris", "iris.csv", "R. A. Fisher, 1936", ("setosa", "versicolor", "virginica")),
    "wine": Source(
        "Wine", "wine_data.csv", "M. Forina et al., 1991", ("class_0", "class_1", "class_2")
    ),
    "digits": Source(
        "Digits", "digits.csv.gz", "E. Alpaydin, C. Kaynak, 1998", tuple("0123456789"), header=0
    ),
}


@dataclass(frozen=True)
class Projected:
    """A measured data set as points within [-5, 5]."""

    points: Points
    names: tuple[str, ...]  # of the classes
    explained: tuple[float, float]  # share of the variance that each axis shows


def projected(name: str) -> Projected:
    """The data set `name`, standardised, along its two principal components, scaled alike.

    Each component points where its largest weight is positive. Raises SettingError for a name not
    in REAL, UnavailableError where scikit-learn is absent.
    """
    require(name in REAL, "data set", wanted=f"one of {', '.join(REAL)}", given=name)
    source = REAL[name]
    rows = _rows(source)
    Z = standardised(rows[:, :-1])[0]
    S, V = np.linalg.svd(Z, full_matrices=False)[1:]
    V = V[:2] * np.sign(V[np.arange(2), np.abs(V[:2]).argmax(axis=1)])[:, None]
    P = Z @ V.T
    first, second = (S[:2] ** 2 / np.sum(S**2)).tolist()
    points = made(P * (HALF / np.abs(P).max()), rows[:, -1])
    return Projected(points, source.names, (first, second))


def _rows(source: Source) -> np.ndarray:
    """(n, d + 1) float64, the class in the last column."""
    spec = importlib.util.find_spec("sklearn")
    folders = spec.submodule_search_locations if spec else None
    path = Path(folders[0]) / "datasets" / "data" / source.file if folders else None
    if path is None or not path.is_file():
        raise UnavailableError(f"{source.title}: scikit-learn does not carry {source.file} here.")
    data = path.read_bytes()
    text = (gzip.decompress(data) if path.suffix == ".gz" else data).decode("ascii")
    return np.loadtxt(text.splitlines(), delimiter=",", skiprows=source.header, ndmin=2)
