"""Rare concrete words out of a dictionary."""

from __future__ import annotations

from pathlib import Path

import pytest

from bench.cedict_terms import Chooser, WordNet, glosses, one_family

LINES = """\
弩 弩 [nu3] /crossbow/
弩弓 弩弓 [nu3 gong1] /crossbow/
蝙蝠 蝙蝠 [bian1 fu2] /bat/
球棍 球棍 [qiu2 gun4] /bat/
吸奶器 吸奶器 [xi1 nai3 qi4] /breast pump/
槍 枪 [qiang1] /gun/
釣 钓 [diao4] /to harpoon/
魚叉 鱼叉 [yu2 cha1] /a harpoon/
沉思 沉思 [chen2 si1] /musing/
湖地 湖地 [Hu2 di4] /Panther/
豹 豹 [bao4] /panther/
""".splitlines()
NOUNS = {"crossbow": 6, "bat": 5, "gun": 6, "harpoon": 6, "musing": 9, "panther": 5,
         "breast_pump": 6}  # fmt: skip
"""With the lexicographer file of WordNet that each stands in."""


@pytest.fixture
def wordnet(tmp_path: Path) -> WordNet:
    offsets = {noun: f"{at:08}" for at, noun in enumerate(NOUNS)}
    data = "\n".join(f"{offsets[noun]} {kind:02} n" for noun, kind in NOUNS.items())
    (tmp_path / "data.noun").write_text(data)
    index = "\n".join(f"{noun} n 1 0 1 0 {offset}" for noun, offset in offsets.items())
    (tmp_path / "index.noun").write_text(index)
    for part in ("verb", "adj", "adv"):
        (tmp_path / f"index.{part}").write_text("  1 a licence\n")
    senses = "\n".join(f"{noun}%1:06:00:: {offset} 1 2" for noun, offset in offsets.items())
    (tmp_path / "index.sense").write_text(senses)
    return WordNet(tmp_path)


def test_rare_things_with_one_clear_sense_are_taken(wordnet: WordNet) -> None:
    common = {f"word{at}": at for at in range(4_000)}
    english = {"gun": 1, "breast": 1, "pump": 1, **common, "crossbow": 9, "bat": 9, "harpoon": 9}
    english |= {"musing": 9, "panther": 9}
    chinese = dict.fromkeys("弩 弩弓 蝙蝠 球棍 吸奶器 枪 鱼叉 沉思 豹".split(), 500)
    rows = Chooser(wordnet, english, chinese).rows(glosses(LINES))
    # a bat has two senses, a gun is common, to harpoon a verb, musing no thing, Panther a name
    assert rows == {"crossbow": ["弩弓", "弩"], "breast pump": ["吸奶器"]}


@pytest.mark.parametrize(
    ("words", "one"),
    [({"弩"}, True), ({"长凳", "长椅", "条凳"}, True), ({"蝙蝠", "球棍"}, False)],
)
def test_a_family_has_characters_in_common(words: set[str], one: bool) -> None:
    assert one_family(words) is one
