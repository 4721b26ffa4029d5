"""Docstrings of the installed scientific packages: some 8,000 documents of prose that lie on every
machine that can run this, and the package of each is known.

    title   scipy.stats._distn_infrastructure.rv_continuous.fit, where it stands in the source
    label   scipy

Sources are read and parsed, never run: nothing is imported. What a package has written once for all
its versions of a thing (many methods inherit their docstring by copy) is taken once. A package is
read in one to ten seconds, so what was found is kept, packed JSON in `home()/corpora`.
"""

from __future__ import annotations

import ast
import gzip
import inspect
import json
import zlib
from collections.abc import Iterator, Sequence
from contextlib import suppress
from importlib.metadata import PackageNotFoundError, distribution
from itertools import chain
from pathlib import Path

from core.datasets.documents import Documents, joined
from core.errors import UnavailableError, require
from core.store import disk, home

VERSION = 1  # of what is kept
SHORTEST = 400  # characters
DISTRIBUTIONS = {
    "numpy": "numpy", "scipy": "scipy", "sklearn": "scikit-learn", "pandas": "pandas",
    "networkx": "networkx", "skimage": "scikit-image", "torch": "torch",
}  # fmt: skip
DEFAULT = ("numpy", "scipy", "sklearn", "pandas", "networkx")
LEFT_OUT = {
    "tests", "test", "testing", "conftest.py", "_vendor", "externals", "_external", "benchmarks",
    "__pycache__",
}  # fmt: skip
# what gives compiled functions their docstrings, called on the first level of a module
ADDERS = {"add_newdoc", "add_docstr", "_add_docstr", "add_docstr_all"}
Found = list[tuple[str, str]]  # title, text


def packages() -> list[str]:
    """Those of DISTRIBUTIONS that are installed."""
    return [name for name, known in DISTRIBUTIONS.items() if _root(name, known) is not None]


def kept(name: str) -> bool:
    """Whether `documents` need not read the sources of the package."""
    return _place(name).is_file()


def documents(chosen: Sequence[str] = DEFAULT) -> Documents:
    """The docstrings of the `chosen` packages, in the order of packages and titles.

    Raises SettingError for a package that is not in DISTRIBUTIONS, UnavailableError where none is
    installed.
    """
    for name in chosen:
        require(name in DISTRIBUTIONS, "package", wanted=", ".join(DISTRIBUTIONS), given=name)
    here = [name for name in packages() if name in chosen]
    if not here:
        raise UnavailableError(f"None of these packages is installed: {', '.join(chosen)}.")
    return joined("Docstrings", [_package(name) for name in here])


def _package(name: str) -> Documents:
    found = _kept(_place(name))
    if found is None:
        found = list(gathered(name))
        _keep(_place(name), found)
    texts = tuple(text for _, text in found)
    return Documents(name, texts, tuple(title for title, _ in found), (name,) * len(found))


def gathered(name: str) -> Iterator[tuple[str, str]]:
    """Title and text of each docstring of an installed package, read from its sources."""
    root = _root(name, DISTRIBUTIONS[name])
    if root is None:
        raise UnavailableError(f"{name} is not installed.")
    files = (
        path for path in root.rglob("*.py") if not LEFT_OUT & set(path.relative_to(root).parts)
    )
    seen: set[str] = set()
    for path in sorted(files):
        dotted = ".".join((name, *path.relative_to(root).with_suffix("").parts))
        for title, text in of_source(path.read_bytes(), dotted.removesuffix(".__init__")):
            if text not in seen:
                seen.add(text)
                yield title, text


def of_source(source: bytes, module: str) -> Iterator[tuple[str, str]]:
    """Title and text of each docstring of a module that is long enough; none where it is broken."""
    if b'"""' not in source and b"'''" not in source:
        return
    with suppress(SyntaxError, ValueError, RecursionError):
        for title, raw in _walk(ast.parse(source), module):
            text = inspect.cleandoc(raw)
            if len(text) > SHORTEST:
                yield title, text


def _walk(node: ast.AST, title: str) -> Iterator[tuple[str, str]]:
    """Only into what can hold a docstring: the rest of a tree is most of it."""
    if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
        raw = ast.get_docstring(node, clean=False)
        if raw is not None and len(raw) > SHORTEST:
            yield title, raw
    for child in getattr(node, "body", ()):
        if isinstance(child, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            yield from _walk(child, f"{title}.{child.name}")
        elif isinstance(child, ast.If | ast.Try | ast.With):
            yield from _walk(child, title)
        elif isinstance(child, ast.Expr) and isinstance(child.value, ast.Call):
            yield from _added(child.value, title)


def _added(call: ast.Call, module: str) -> Iterator[tuple[str, str]]:
    """The docstring in add_newdoc('numpy', 'sin', '...') or add_docstr(torch.sin, '...')."""
    called = (
        call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
    )
    if called in ADDERS and call.args:
        flat = (getattr(one, "elts", [one]) for one in call.args)  # ("T", "...") among them
        written = [_written(one) for one in chain.from_iterable(flat)]
        texts = [one for one in written if one is not None and len(one) > SHORTEST]
        named = [one for one in written if one is not None and len(one) <= SHORTEST]
        if isinstance(call.args[0], ast.Attribute | ast.Name):
            named = [ast.unparse(call.args[0])]
        if texts:
            yield ".".join(named) or module, texts[0]


def _written(node: ast.AST) -> str | None:
    """A string that is written there, also as the first of a sum, or with .format behind it."""
    if isinstance(node, ast.Constant):
        return node.value if isinstance(node.value, str) else None
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        return _written(node.func.value) if node.func.attr == "format" else None
    if isinstance(node, ast.BinOp):
        parts = (_written(node.left), _written(node.right))
        return "".join(part for part in parts if part) or None
    return None


def _root(name: str, known: str) -> Path | None:
    """Where the package lies, without importing it."""
    try:
        root = Path(str(distribution(known).locate_file(name)))
    except PackageNotFoundError:
        return None
    return root if root.is_dir() else None


def _place(name: str) -> Path:
    version = distribution(DISTRIBUTIONS[name]).version
    return home() / "corpora" / f"docstrings-{VERSION}-{name}-{version}.json.gz"


def _kept(path: Path) -> Found | None:
    """What was kept, None where there is nothing or something else."""
    try:
        rows = json.loads(gzip.decompress(path.read_bytes()))
    except (OSError, EOFError, ValueError, zlib.error):
        return None
    fits = isinstance(rows, list) and all(
        isinstance(row, list) and len(row) == 2 and all(isinstance(one, str) for one in row)
        for row in rows
    )
    return [(title, text) for title, text in rows] if fits else None


def _keep(path: Path, found: Found) -> None:
    """Written beside and moved into place. Where the disk refuses, it is read again next time."""
    beside = path.with_name(f".{path.name}.{id(found):x}")
    with suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        disk.write(beside, gzip.compress(json.dumps(found).encode(), 4, mtime=0))
        disk.move(beside, path)
