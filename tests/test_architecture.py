"""Which way imports run, and what every exhibit must have. See the tree in README.md."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from core.charts import theme
from pages._kit.catalogue import EXHIBITS, GALLERIES

ROOT = Path(__file__).resolve().parents[1]
SOURCES = [p for folder in ("core", "pages") for p in sorted((ROOT / folder).rglob("*.py"))]
PAGES = [p for p in SOURCES if p.is_relative_to(ROOT / "pages") and "_kit" not in p.parts]

OTHERS = [f"pages.{gallery}" for gallery in [*GALLERIES, "lobby"]]


def imported(path: Path) -> set[str]:
    """Full dotted names of everything a file imports, wherever in it the import stands."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            names.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            names.update(f"{node.module}.{alias.name}" for alias in node.names)
    return names


def forbidden(path: Path) -> tuple[str, ...]:
    parts = path.relative_to(ROOT).parts
    if parts[0] == "core":
        if parts[1] == "charts":
            return ("streamlit", "pages", "torch")
        return ("streamlit", "pages", "altair", "pandas", "core.charts")
    if "_kit" in parts:
        return ("app", *OTHERS)
    return ("app", "torch", "torchvision", "sklearn", "cv2", *OTHERS)


@pytest.mark.parametrize("path", SOURCES, ids=lambda p: str(p.relative_to(ROOT)))
def test_arrows(path: Path) -> None:
    wrong = [n for n in imported(path) for f in forbidden(path) if n == f or n.startswith(f + ".")]
    assert not wrong


@pytest.mark.parametrize("path", SOURCES, ids=lambda p: str(p.relative_to(ROOT)))
def test_no_pickle_and_no_eval(path: Path) -> None:
    # The name of an exception is no pickle, and processes of one server speak to each other in
    # pickles, as multiprocessing and Dask do by themselves: none of it is a file or a visitor's.
    allowed = {"pickle.UnpicklingError"}
    if path == ROOT / "core" / "jobs" / "messages.py":
        allowed.add("pickle")
    families = {n.split(".")[0] for n in imported(path) - allowed}
    assert not families & {"pickle", "dill", "shelve", "marshal"}
    tree = ast.parse(path.read_text("utf-8"))
    called = {
        n.func.id
        for n in ast.walk(tree)
        if isinstance(n, ast.Call) and isinstance(n.func, ast.Name)
    }
    assert not called & {"eval", "exec"}


@pytest.mark.parametrize("path", PAGES, ids=lambda p: p.stem)
def test_a_page_is_a_caption(path: Path) -> None:
    tree = ast.parse(path.read_text("utf-8"))
    kinds = {type(node) for node in ast.walk(tree)}
    assert not kinds & {ast.ClassDef, ast.While, ast.Lambda}
    names = {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    assert "session_state" not in names
    assert len(path.read_text("utf-8").splitlines()) <= 150


@pytest.mark.parametrize("exhibit", EXHIBITS, ids=lambda e: e.slug)
def test_an_exhibit_is_complete(exhibit) -> None:
    assert (ROOT / exhibit.path).is_file()
    assert f'SLUG = "{exhibit.slug}"' in (ROOT / exhibit.path).read_text("utf-8")
    assert (ROOT / "assets" / "text" / f"{exhibit.slug}.md").is_file()
    assert (ROOT / "tests" / "pages" / f"test_{exhibit.slug}.py").is_file()
    assert exhibit.gallery in GALLERIES
    assert exhibit.title in (ROOT / "README.md").read_text("utf-8")


def test_no_page_lies_where_streamlit_finds_it_by_itself() -> None:
    assert not list((ROOT / "pages").glob("*.py"))
    assert {p.stem for p in PAGES} == {e.slug for e in EXHIBITS} | {"lobby"}


def test_core_imports_without_streamlit() -> None:
    modules = [
        ".".join(p.relative_to(ROOT).with_suffix("").parts) for p in SOURCES if "core" in p.parts
    ]
    modules = [m.removesuffix(".__init__") for m in modules]
    code = "import sys; sys.modules['streamlit'] = None\n" + "\n".join(
        f"import {module}" for module in modules
    )
    subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True, timeout=120)


def test_every_make_target_is_documented() -> None:
    makefile = (ROOT / "Makefile").read_text("utf-8")
    readme = (ROOT / "README.md").read_text("utf-8")
    targets = set(re.search(r"^\.PHONY: (.*)$", makefile, flags=re.MULTILINE)[1].split())
    described = set(re.findall(r"^([a-z]+):.*## ", makefile, flags=re.MULTILINE))
    assert targets == described
    assert not [t for t in targets if f"`make {t}`" not in readme]


def test_every_environment_variable_is_documented() -> None:
    used = set()
    for path in SOURCES:
        used |= set(re.findall(r"VITRINE_[A-Z_]+", path.read_text("utf-8")))
    readme = (ROOT / "README.md").read_text("utf-8")
    assert used
    assert not [name for name in used if f"`{name}`" not in readme]


def test_one_palette_everywhere() -> None:
    config = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text("utf-8"))["theme"]
    assert tuple(config["chartCategoricalColors"]) == theme.CATEGORICAL
    assert tuple(config["chartSequentialColors"]) == theme.SEQUENTIAL
    assert tuple(config["chartDivergingColors"]) == theme.DIVERGING
