"""By which equations each model is learned, in the course's letters, with the numbers of an iteration."""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st

from core.topics.fit import MODELS, Config
from core.topics.step import Step

COUNTS = r"$n_{dw}$: how often word $w$ stands in document $d$, $n_d=\sum_w n_{dw}$; "


@dataclass(frozen=True)
class Told:
    """Lines of equations, each with its title, and what their symbols are."""

    lines: tuple[tuple[str, str], ...]
    symbols: str


DRAWN = (
    "How a document comes about",
    r"p(\theta, z, w \mid \alpha, \beta) = p(\theta \mid \alpha)"
    r"\prod_{n=1}^{N} p(z_n \mid \theta)\,p(w_n \mid z_n, \beta)",
)
E_STEP = (
    "E: the topics of each word, then of each document",
    r"\phi_{dwk} \propto e^{\Psi(\gamma_{dk})}\, e^{\mathrm{E}[\log \beta_{kw}]} \qquad "
    r"\gamma_{dk} = \alpha_k + \sum_w n_{dw}\,\phi_{dwk}",
)
LDA_SYMBOLS = (
    COUNTS
    + r"$\phi_{dwk}$: share of topic $k$ in that word there; $\gamma_d$, $\lambda_k$: the Dirichlets "
    r"$q(\theta_d)$ and $q(\beta_k)$ that stand for the posterior; $\alpha$, $\eta$: those that were "
    r"there before; $\Psi$: digamma, the derivative of $\log\Gamma$, with "
    r"$\mathrm{E}[\log\beta_{kw}] = \Psi(\lambda_{kw}) - \Psi(\sum_v \lambda_{kv})$."
)
EQUATIONS = {
    "unigram": Told(
        (("Counted, once", r"p(w) = \frac{s + \sum_d n_{dw}}{s\,V + \sum_d n_d}"),),
        COUNTS + r"$V$: words of the vocabulary; $s$: smoothing.",
    ),
    "mixture": Told(
        (
            ("E: which topic each document has",
             r"p(z \mid d) \propto p(z) \prod_{w} p(w \mid z)^{\,n_{dw}}"),
            ("M: how often each topic, and its words",
             r"p(z) = \frac1M \sum_d p(z \mid d) \qquad "
             r"p(w \mid z) \propto s + \sum_d n_{dw}\, p(z \mid d)"),
        ),
        COUNTS + r"$M$: documents; $z$: the one topic of a document; $s$: smoothing.",
    ),
    "plsa": Told(
        (
            ("E: the topic of each word in each document",
             r"p(z \mid d, w) = \frac{p(w \mid z)\,p(z \mid d)}{\sum_{z'} p(w \mid z')\,p(z' \mid d)}"),
            ("M: mixtures, then topics",
             r"p(z \mid d) = \frac{1}{n_d}\sum_w n_{dw}\,p(z \mid d, w) \qquad "
             r"p(w \mid z) \propto s + \sum_d n_{dw}\,p(z \mid d, w)"),
        ),
        COUNTS + r"$z$: a topic of $k$; $s$: smoothing. Each document has its own mixture, and no prior.",
    ),
    "lda": Told(
        (
            DRAWN, E_STEP,
            ("M: topics, then α and η by Newton’s method",
             r"\lambda_{kw} = \eta + \sum_d n_{dw}\,\phi_{dwk} \qquad "
             r"p(w \mid z{=}k) = \frac{\lambda_{kw}}{\sum_v \lambda_{kv}}"),
            ("The bound that no step lowers",
             r"\mathcal{L} = \mathrm{E}_q[\log p(w, z, \theta, \beta)]"
             r" - \mathrm{E}_q[\log q(z, \theta, \beta)]"
             r" \le \log p(w \mid \alpha, \eta)"),
        ),
        LDA_SYMBOLS,
    ),
    "online_lda": Told(
        (
            DRAWN, E_STEP,
            ("M: what this minibatch says, weighed against all before",
             r"\tilde\lambda_{kw} = \eta + \frac{M}{S}\sum_{d} n_{dw}\,\phi_{dwk} \qquad "
             r"\lambda \leftarrow (1-\rho_t)\,\lambda + \rho_t\,\tilde\lambda \qquad "
             r"\rho_t = (\tau + t)^{-\kappa}"),
        ),
        LDA_SYMBOLS + r" $S$ of the $M$ documents are in minibatch $t$; $\rho_t$: its weight.",
    ),
    "gibbs": Told(
        (
            DRAWN,
            ("Each word’s topic drawn anew, given all others",
             r"p(z_i = k \mid z_{-i}, w) \propto (n_{dk} + \alpha_k)\,\frac{n_{kw_i} + \eta}{n_k + V\eta}"),
            ("What is read off, as a mean over sweeps",
             r"p(w \mid z{=}k) = \frac{n_{kw} + \eta}{n_k + V\eta} \qquad "
             r"\theta_{dk} = \frac{n_{dk} + \alpha_k}{n_d + \sum_j \alpha_j}"),
        ),
        r"$n_{dk}$, $n_{kw}$, $n_k$: words of document $d$, copies of word $w$, and all words that "
        r"have topic $k$ now, word $i$ itself left out while its topic is drawn; $V$: words of the "
        r"vocabulary. $\theta$ and $\beta$ are integrated out.",
    ),
    "kullback-leibler": Told(
        (
            ("Two thin matrices in place of a large one", r"X \approx W H \qquad W, H \ge 0"),
            ("Updates, each of which lowers the divergence or leaves it",
             r"W_{dk} \leftarrow W_{dk}\,\frac{\sum_w H_{kw}\,X_{dw}/(WH)_{dw}}{\sum_w H_{kw}} \qquad "
             r"H_{kw} \leftarrow H_{kw}\,\frac{\sum_d W_{dk}\,X_{dw}/(WH)_{dw}}{\sum_d W_{dk}}"),
            ("The divergence",
             r"D(X \,\|\, WH) = \sum_{dw} X_{dw}\log\frac{X_{dw}}{(WH)_{dw}} - X_{dw} + (WH)_{dw}"),
        ),
        r"$X$: documents by words, counts or tf-idf; $W$: documents by topics; $H$: topics by words. With "
        r"rows made to sum to one they are $p(z \mid d)$ and $p(w \mid z)$, and on counts this is PLSA.",
    ),
    "frobenius": Told(
        (
            ("Two thin matrices in place of a large one", r"X \approx W H \qquad W, H \ge 0"),
            ("One column after the other, the others held",
             r"W_k \leftarrow \max\Big(0,\; W_k - \frac{(W H H^\top - X H^\top)_k}{H_k H_k^\top}\Big)"
             r" \qquad H_k \text{ likewise}"),
            ("What is made small", r"\tfrac12 \lVert X - WH \rVert^2"),
        ),
        r"$X$: documents by words, counts or tf-idf; $W$: documents by topics; $H$: topics by words.",
    ),
}  # fmt: skip


def show(config: Config, step: Step) -> None:
    """The equations of a model, and what they came to in a step."""
    about = MODELS[config.model]
    told = EQUATIONS[(config.loss or "kullback-leibler") if config.model == "nmf" else config.model]
    with st.expander(f"The equations of {about.title}", expanded=True, icon=":material/function:"):
        for title, line in told.lines:
            st.markdown(f"**{title}**")
            st.latex(line)
        st.caption(told.symbols)
        st.caption(
            f"Here, iteration {step.iteration}: {about.objective} = {_signed(step.objective)}"
            f"{_numbers(config, step)}. {about.paper}."
        )


def _signed(value: float) -> str:
    return f"{value:.4f}".replace("-", "−")


def _numbers(config: Config, step: Step) -> str:
    if config.model in ("lda", "online_lda", "gibbs"):
        return f", α between {step.alpha.min():.3g} and {step.alpha.max():.3g}, η = {step.eta:.3g}"
    if config.model in ("unigram", "mixture", "plsa"):
        return f", s = {step.eta:g}"
    return ""
