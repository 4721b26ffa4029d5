"""A grammar's text with probabilities that sum to one: only the numbers change.

    p(X -> A) / sum of p(X -> B) over all B

Comments, order and the look of the lines stay.
"""

from __future__ import annotations

from core.parsing.grammar_text import TOKEN


def normalised_text(text: str) -> str:
    """The same grammar, each left side's probabilities divided by their sum; alike where that is 0.

    `text` is one that core.parsing.grammar_text.parse makes a grammar of.
    """
    lines = text.splitlines()
    found: list[tuple[int, int, int, str, float]] = []  # line, first, end, left side, p
    left = ""
    for number, line in enumerate(lines):
        if line.lstrip().startswith("%"):
            continue
        tokens = [m for m in TOKEN.finditer(line) if m.lastgroup not in ("space", "comment")]
        if tokens and tokens[0].lastgroup == "name":
            left = tokens[0].group()
        for match in tokens:
            if match.lastgroup == "p":
                p = float(match.group()[1:-1])
                found.append((number, match.start(), match.end(), left, p))
    total: dict[str, float] = {}
    count: dict[str, int] = {}
    for _, _, _, left, p in found:
        total[left] = total.get(left, 0.0) + p
        count[left] = count.get(left, 0) + 1
    for number, first, end, left, p in reversed(found):  # from the right: places stay true
        share = p / total[left] if total[left] > 0 else 1 / count[left]
        if share == p:
            continue
        line = lines[number]
        lines[number] = f"{line[:first]}[{share:.9g}]{line[end:]}"
    return "\n".join(lines) + ("\n" if lines else "")
