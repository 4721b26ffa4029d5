"""Cells of a table that somebody will open in a spreadsheet."""

from __future__ import annotations

# what a spreadsheet would take for the beginning of a formula, full-width forms too (OWASP)
FORMULA = tuple("=+-@\t\r＝＋－＠")


def harmless(cell: str) -> str:
    """The cell, with an apostrophe before it where it could be taken for a formula.

    A space before the sign does not help a formula's author: spreadsheets drop it, so this looks
    behind it. Numbers are not for this: a minus sign before one is meant.
    """
    return (
        f"'{cell}"
        if cell.startswith(FORMULA) or cell.lstrip(" \n\xa0").startswith(FORMULA)
        else cell
    )
