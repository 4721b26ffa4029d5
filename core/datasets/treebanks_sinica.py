"""Trees as the Sinica treebank of Chinese writes them, a numbered line each.

    #3:3.[39029] S(agent:NP(Head:Nhaa:她)|Head:VA4:上學)#。(PERIODCATEGORY)

becomes (S (NP (Nhaa 她)) (VA4 上學)). Roles (agent, Head) and what ends the line are left out.
"""

from __future__ import annotations

import re

from core.parsing.problem import Problem
from core.parsing.tree import Tree

LINE = re.compile(r"^#[^\[\n]*\[[^\]\n]*\]\s*(.*?)(?:#.*)?$")
TOKEN = re.compile(r"[()|]|[^()|]+")
PROBLEMS = 100  # told


def read_sinica(text: str) -> tuple[list[Tree], list[Problem]]:
    """The trees of `text`, and the lines that hold none."""
    trees: list[Tree] = []
    problems: list[Problem] = []
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip():
            continue
        match = LINE.match(line)
        tree = _tree(match.group(1)) if match else None
        if tree is not None:
            trees.append(tree)
        elif len(problems) < PROBLEMS:
            problems.append(Problem(number, 1, "this line is no tree as Sinica writes them."))
    return trees, problems


def _tree(text: str) -> Tree | None:
    stack: list[tuple[str, list[Tree | str]]] = [("", [])]
    name = ""
    for token in TOKEN.findall(text):
        if token == "(":
            label = name.rpartition(":")[2].strip()
            if not label:
                return None
            stack.append((label, []))
            name = ""
            continue
        if token not in ")|":
            name = token
            continue
        if not _leaf(name, stack[-1][1]):
            return None
        name = ""
        if token == ")":
            label, below = stack.pop()
            if not stack or not below:
                return None
            stack[-1][1].append(Tree(label, tuple(below)))
    roots = stack[0][1]
    only = roots[0] if len(stack) == 1 and len(roots) == 1 and not name.strip() else None
    return only if isinstance(only, Tree) else None


def _leaf(name: str, below: list[Tree | str]) -> bool:
    """Put role:tag:word into `below`; False where it is none."""
    if not name.strip():
        return True
    parts = name.split(":")
    if len(parts) < 2:
        return False
    tag, word = (parts[1], ":".join(parts[2:])) if len(parts) > 2 else parts
    if not tag.strip() or not word.strip():
        return False
    below.append(Tree(tag.strip(), (word.strip(),)))
    return True
