"""Grammars to begin with, as text (see core.parsing.grammar_text), each with sentences it has."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Preset:
    """A grammar and sentences, words between spaces; `told` is what one should know about it."""

    title: str
    text: str
    sentences: tuple[str, ...]
    told: str = ""


COURSE = (
    "the man saw the woman with the telescope",
    "the man sleeps",
    "the man saw the woman",
    "the man saw the woman with the telescope in the woman",
)

COURSE_CFG = """\
# The course's grammar, chapter 9.1
S  -> NP VP
VP -> Vi
VP -> Vt NP
VP -> VP PP
NP -> DT NN
NP -> NP PP
PP -> IN NP
Vi -> 'sleeps'
Vt -> 'saw'
NN -> 'man'
NN -> 'woman'
NN -> 'telescope'
DT -> 'the'
IN -> 'with'
IN -> 'in'
"""

_PCFG = """\
# The course's grammar with probabilities, chapter 9.1{note}
S  -> NP VP        [1.0]
VP -> Vi           [0.4]
VP -> Vt NP        [0.4]
VP -> VP PP        [0.2]
NP -> DT NN        [0.3]
NP -> NP PP        [0.7]
PP -> {P} NP {pad}       [1.0]
Vi -> 'sleeps'     [1.0]
Vt -> 'saw'        [1.0]
NN -> 'man'        [0.7]
NN -> 'woman'      [0.2]
NN -> 'telescope'  [0.1]
DT -> 'the'        [1.0]
IN -> 'with'       [0.5]
IN -> 'in'         [0.5]
"""

BOEING = """\
# (S (NP (N Boeing)) (VP (V is) (VP (V located) (PP (P in) (NP (N Seattle))))))
S  -> NP VP  [1.0]
NP -> N      [1.0]
VP -> V VP   [0.4] | V PP [0.4] | V NP [0.2]
PP -> P NP   [1.0]
N  -> 'Boeing' [0.5] | 'Seattle' [0.5]
V  -> 'is' [0.6] | 'located' [0.4]
P  -> 'in' [1.0]
"""

ARITHMETIC = """\
# A sum of products: multiplication binds closer, and both go from the left.
Sum     -> Sum Plus Product       [0.4] | Product [0.6]
Product -> Product Times Factor   [0.3] | Factor  [0.7]
Factor  -> '(' Sum ')'            [0.2] | Number  [0.8]
Plus    -> '+' [0.7] | '-' [0.3]
Times   -> '*' [0.7] | '/' [0.3]
Number  -> '1' [0.3] | '2' [0.3] | '3' [0.2] | 'x' [0.2]
"""

AMBIGUOUS_ARITHMETIC = """\
# The same language, but the grammar does not say what binds closer: 1 + 2 * 3 has two trees.
E  -> E Op E    [0.4] | '(' E ')' [0.1] | N [0.5]
Op -> '+' [0.4] | '-' [0.2] | '*' [0.3] | '/' [0.1]
N  -> '1' [0.3] | '2' [0.3] | '3' [0.2] | 'x' [0.2]
"""

CHINESE = """\
# 咬死了猎人的狗: the dog that bit the hunter to death, or to bite the hunter's dog to death
IP -> NP VP         [0.6] | VP [0.3] | NP [0.1]
VP -> VV AS NP      [0.4] | VV NP [0.2] | PP VP [0.2] | VA [0.1] | ADVP VP [0.1]
NP -> NN            [0.4] | PN [0.1] | NR [0.1] | DNP NP [0.2] | CP NP [0.1] | NP CC NP [0.1]
DNP -> NP DEC       [1.0]
CP -> VP DEC        [1.0]
PP -> P NP          [1.0]
ADVP -> AD          [1.0]
VV -> '咬死' [0.3] | '看见' [0.3] | '喜欢' [0.2] | '学习' [0.2]
VA -> '漂亮' [0.6] | '高兴' [0.4]
AS -> '了' [1.0]
DEC -> '的' [1.0]
NN -> '猎人' [0.2] | '狗' [0.2] | '学生' [0.2] | '老师' [0.2] | '望远镜' [0.1] | '语法' [0.1]
NR -> '北京' [1.0]
PN -> '我' [0.5] | '他' [0.5]
CC -> '和' [1.0]
P  -> '用' [0.5] | '在' [0.5]
AD -> '很' [0.6] | '也' [0.4]
"""

PRESETS = {
    "course_pcfg": Preset(
        "The course's grammar with probabilities",
        _PCFG.format(note="", P="IN", pad=""),
        COURSE,
        "The course prints PP -> P NP here, but its prepositions are IN: it must be PP -> IN NP.",
    ),
    "course_pcfg_printed": Preset(
        "The same as printed, with its slip",
        _PCFG.format(note=", as printed", P="P", pad=" "),
        COURSE,
        "P has no rules and IN is never reached: no sentence with a preposition has a tree.",
    ),
    "course_cfg": Preset("The course's grammar without probabilities", COURSE_CFG, COURSE),
    "boeing": Preset("Boeing is located in Seattle", BOEING, ("Boeing is located in Seattle",)),
    "arithmetic": Preset(
        "Arithmetic", ARITHMETIC, ("1 + 2 * 3", "( 1 + x ) * 3 - 2", "1 - 2 - 3"),
        "One tree for each formula: the categories say what binds closer.",
    ),
    "arithmetic_ambiguous": Preset(
        "Arithmetic, ambiguous", AMBIGUOUS_ARITHMETIC, ("1 + 2 * 3", "1 - 2 - 3", "1 + 2 * 3 - x / 2"),
    ),
    "chinese": Preset(
        "A little Chinese", CHINESE,
        ("咬死 了 猎人 的 狗", "我 用 望远镜 看见 了 老师", "学生 和 老师 的 狗 很 漂亮"),
        "Type with or without spaces: what is run together is cut into the grammar's words.",
    ),
}  # fmt: skip
