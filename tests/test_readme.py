"""What README.md says can be done is done here."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
README = (ROOT / "README.md").read_text("utf-8")


def test_the_notebook_example_runs_without_streamlit() -> None:
    example = re.search(r"```python\n(.*?)```", README, flags=re.DOTALL)[1]
    assert len([line for line in example.splitlines() if line]) <= 10
    code = "import sys; sys.modules['streamlit'] = None\n" + example
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, timeout=120
    )
    assert done.returncode == 0, done.stderr
    lines = done.stdout.splitlines()
    assert lines[0].startswith("Prepared") and lines[-1] == "(64, 8, 8, 1)"
    errors = [float(line.split()[1]) for line in lines if line.startswith("Step")]
    assert len(errors) == 11 and errors == sorted(errors, reverse=True)


def test_links_lead_somewhere() -> None:
    for target in re.findall(r"\]\(([^)#]+)\)", README):
        assert (ROOT / target).exists(), target


def test_the_map_shows_the_tree() -> None:
    block = re.search(r"## Map of the tree\n\n```\n(.*?)```", README, flags=re.DOTALL)[1]
    for line in block.splitlines():
        name = line.split()[0]
        place = ROOT / "core" / name if line.startswith("  ") else ROOT / name
        assert place.exists(), name
