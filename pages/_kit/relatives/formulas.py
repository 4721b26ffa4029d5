"""What each relative is, in a few words and in the course's letters."""

from __future__ import annotations

from core.sequence.compare import ECHO

READOUT = r"o_t = \mathrm{softmax}(V s_t)"
SRN = [r"s_t = f(U x_t + W s_{t-1})", READOUT]
LSTM = r"""\begin{aligned}
b_\iota^t &= f\big(\textstyle\sum_i w_{i\iota} x_i^t + \sum_h w_{h\iota} b_h^{t-1}%s\big)\\
b_\phi^t &= f\big(\textstyle\sum_i w_{i\phi} x_i^t + \sum_h w_{h\phi} b_h^{t-1}%s\big)\\
a_c^t &= \textstyle\sum_i w_{ic} x_i^t + \sum_h w_{hc} b_h^{t-1}\\
s_c^t &= b_\phi^t s_c^{t-1} + b_\iota^t\, g(a_c^t)\\
b_\omega^t &= f\big(\textstyle\sum_i w_{i\omega} x_i^t + \sum_h w_{h\omega} b_h^{t-1}%s\big)\\
b_c^t &= b_\omega^t\, h(s_c^t)
\end{aligned}"""
PEEPHOLES = (
    r" + w_{c\iota} s_c^{t-1}",
    r" + w_{c\phi} s_c^{t-1}",
    r" + w_{c\omega} s_c^{t}",
)

FORMULAS = {
    "srn": SRN,
    "bidirectional": [
        r"""\begin{aligned}
\overrightarrow{s}_t &= f\big(\overrightarrow{U} x_t + \overrightarrow{W}\,
\overrightarrow{s}_{t-1}\big)\\
\overleftarrow{s}_t &= f\big(\overleftarrow{U} x_t + \overleftarrow{W}\,
\overleftarrow{s}_{t+1}\big)\\
o_t &= \mathrm{softmax}\big(V\,[\overrightarrow{s}_t;\, \overleftarrow{s}_t]\big)
\end{aligned}"""
    ],
    "deep": [
        r"""\begin{aligned}
s_t^{(1)} &= f\big(U^{(1)} x_t + W^{(1)} s_{t-1}^{(1)}\big)\\
s_t^{(l)} &= f\big(U^{(l)} s_t^{(l-1)} + W^{(l)} s_{t-1}^{(l)}\big)\\
o_t &= \mathrm{softmax}\big(V s_t^{(L)}\big)
\end{aligned}"""
    ],
    "deep bidirectional": [
        r"""\begin{aligned}
\overrightarrow{s}_t^{(l)} &= f\big(\overrightarrow{U}^{(l)} [\overrightarrow{s}_t^{(l-1)};\,
\overleftarrow{s}_t^{(l-1)}] + \overrightarrow{W}^{(l)}\, \overrightarrow{s}_{t-1}^{(l)}\big)\\
\overleftarrow{s}_t^{(l)} &= f\big(\overleftarrow{U}^{(l)} [\overrightarrow{s}_t^{(l-1)};\,
\overleftarrow{s}_t^{(l-1)}] + \overleftarrow{W}^{(l)}\, \overleftarrow{s}_{t+1}^{(l)}\big)\\
o_t &= \mathrm{softmax}\big(V\,[\overrightarrow{s}_t^{(L)};\, \overleftarrow{s}_t^{(L)}]\big)
\end{aligned}"""
    ],
    "gru": [
        r"""\begin{aligned}
z_t &= \sigma\big(W^{(z)} x_t + U^{(z)} h_{t-1}\big)\\
r_t &= \sigma\big(W^{(r)} x_t + U^{(r)} h_{t-1}\big)\\
\tilde{h}_t &= \tanh\big(W x_t + r_t \circ U h_{t-1}\big)\\
h_t &= z_t \circ h_{t-1} + (1 - z_t) \circ \tilde{h}_t
\end{aligned}"""
    ],
    "lstm": [LSTM % ("", "", "")],
    "peepholes": [LSTM % PEEPHOLES],
    ECHO: [
        r"""\begin{aligned}
x_t &= (1-\alpha)\, x_{t-1} + \alpha \tanh\big(W_{in} u_t + W x_{t-1} + b\big)\\
W_{out} &= \big(Z^T Z + \lambda I\big)^{-1} Z^T Y, \qquad z_t = (1, u_t, x_t)
\end{aligned}"""
    ],
}
WORDS = {
    "srn": """**Elman's net** has three layers, and beside the hidden one a layer of **context
units** (dashed): a copy of the hidden units, made with a fixed weight of 1, that waits there
for one step. At the next step it enters through *W* like another input. That copy is all the
memory there is.""",
    "bidirectional": """**Two nets** read the same text, one from the start and one from the end,
and the answer looks at both. For labelling a text that is all there, each character can so be
judged by what comes after it too. Nothing goes from one to the other.""",
    "deep": """**Layers**: at each step the units of one are the input of the next. The lower
follows the characters, the upper what the lower makes of them. It can represent more, and
learns no more easily.""",
    "deep bidirectional": """**Both at once**: every layer reads in two directions, and each
direction of the next layer is given both.""",
    "gru": """**Gated recurrent unit**. The *update gate* z keeps the old state where it is near 1;
the *reset gate* r says how much of the old state the new proposal h̃ may see. Keeping costs
nothing, so the memory is long.""",
    "lstm": """**Long short-term memory**. The cell s is only added to (red: the error carousel).
The *input gate* ι lets new things in, the *forget gate* φ keeps or drops the old, the *output
gate* ω shows the cell to the rest as b.""",
    "peepholes": """**With peepholes** (red, dashed) the gates look at the cell itself: input and
forget gate at the cell before the step, the output gate at the cell after it.""",
    ECHO: """**Echo state network**. Input and reservoir (dashed) are drawn at random, sparse, and
never trained. Only the readout (solid) is learned, by one linear regression: no gradient goes
back through time.""",
}
