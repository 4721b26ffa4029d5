"""What the relatives are called on the page, in the order of their colours."""

from __future__ import annotations

from core.sequence import compare

TITLES = {
    "srn": "Simple recurrent (Elman)",
    "bidirectional": "Bidirectional",
    "deep": "Deep",
    "deep bidirectional": "Deep bidirectional",
    compare.ECHO: "Echo state",
    "gru": "GRU",
    "lstm": "LSTM",
    "peepholes": "LSTM, peepholes",
}
TASKS = {
    "remember": "Remember one symbol",
    "recall": "Recall every symbol",
    "counter": "Counter: aaaXbbb",
    "memoriser": "State memoriser: AxxxYA",
    "adding": "Adding: 1+30+2=5",
    "parity": "Parity: 1101=1",
}
ABOUT = {
    "remember": """One of **a b c d**, then so many **x** and **y** that do not matter; at their
end the first symbol is asked. One thing, held for long.""",
    "recall": """Random symbols **a b c d**, and at every step the one so many steps ago is asked:
as many symbols are carried at a time as the lag is long.""",
    "counter": "As many **b** as there were **a**. What counts is told from the first **b** on.",
    "memoriser": "After **Y** comes **A** or **B**, whichever stood at the start of the line.",
    "adding": "Of several digits two are marked with **+**; behind **=** comes their sum.",
    "parity": "Behind **=** comes **1** where the number of ones before it is odd, else **0**.",
}
