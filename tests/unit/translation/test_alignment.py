"""Which words of a translation say what, and where tags go by that."""

from __future__ import annotations

import pytest

from service.languages import Language
from service.names.model import ListedName
from service.text.markup import parse_html
from service.text.scripts import convert
from service.translation.alignment.lexicon import GlossLexicon, builtin, make_rows
from service.translation.alignment.words import stem, words_of
from service.translation.inline import inline
from service.translation.segments import Tagged, split_unit
from service.translation.terms import TermIndex

TINY = GlossLexicon(make_rows([("预算", "budget"), ("批准", "approve"), ("新", "new")]))


def placed(
    html: str, draft: str, *, names: tuple[ListedName, ...] = (), traditional: bool = False
) -> str:
    """``draft`` with the tags of ``html``, one sentence."""
    target: Language = "zh" if draft[-2] >= "\u3400" else "en"
    document = parse_html(f"<p>{html}</p>")
    (part,) = split_unit(document.units[0], TermIndex((), "en" if target == "zh" else "zh"))
    assert isinstance(part, Tagged)
    done = inline(
        part,
        draft,
        target,
        names=names,
        lexicon=builtin,
        write=(lambda text: convert(text, "zh-Hant")) if traditional else str,
    )
    return document.render([done.pieces]).removeprefix("<p>").removesuffix("</p>")


@pytest.mark.parametrize(
    ("forms", "shared"),
    [
        (("reduce", "reduced", "reducing", "reduces"), "reduc"),
        (("city", "cities"), "citi"),
        (("cancel", "cancelled"), "cancel"),
        (("sell", "selling", "sold"), "sel"),
        (("write", "wrote", "written"), "writ"),
        (("tax", "taxes"), "tax"),
        (("children", "child"), "child"),
    ],
)
def test_the_forms_of_a_word_have_one_stem(forms: tuple[str, ...], shared: str) -> None:
    assert {stem(form) for form in forms} == {shared}


def test_chinese_is_divided_into_the_fewest_words_that_are_known() -> None:
    words = words_of("批准了新预算，A 3.5%", TINY.chinese)
    assert [word.text for word in words] == ["批准", "了", "新", "预算", "，", "A", "3.5%"]
    whole = words_of("用{a b}批准", TINY.chinese, [(1, 6)])
    assert [word.text for word in whole] == ["用", "{a b}", "批准"]


def test_a_word_is_scored_by_the_dictionary_and_less_by_its_characters() -> None:
    budget = TINY.entry("budget")
    assert budget.score("预算") == 1.0
    assert 0.0 < budget.score("算") < 1.0
    assert budget.score("批准") == 0.0


@pytest.mark.parametrize(
    ("html", "draft", "result"),
    [
        (
            "The council approved the <b>new budget</b> on <i>Tuesday</i>.",
            "星期二，市议会批准了新预算。",
            "<i>星期二</i>，市议会批准了<b>新预算</b>。",
        ),
        (
            "市议会<strong><em>没有</em></strong>批准<a href=x>预算</a>。",
            "The city council did not approve the budget.",
            "The city council did <strong><em>not</em></strong> approve the <a href=x>budget</a>.",
        ),
        (
            "The <em>new <strong>city library</strong></em> opens on <time>3 May</time>.",
            "新的城市图书馆将于5月3日开放。",
            "<em>新的<strong>城市图书馆</strong></em>将于<time>5月3日</time>开放。",
        ),
        (
            "<b>Note:</b> the bridge is closed.",
            "注意：桥梁关闭。",
            "<b>注意：</b>桥梁关闭。",
        ),
        (
            "The price rose, <br>but <img src=x>the bank was open.",
            "价格上涨，但银行开门。",
            "价格上涨，<br>但<img src=x>银行开门。",
        ),
        (
            "Run <code>git pull</code> in the <b>folder</b>.",
            "在文件夹里运行git pull。",
            "在<b>文件夹</b>里运行<code>git pull</code>。",
        ),
        (
            "It is un<b>believ</b>able, he said<b></b>.",
            "他说，这不可思议。",
            "他说，这<b>不可思议</b><b></b>。",
        ),
        (
            "We <b>won</b> on <i> Tuesday </i>.",
            "我们星期二赢了。",
            "我们<i>星期二</i><b>赢</b>了。",
        ),
        (
            "<i><s>Read the</s></i> <i><s>whole report</s></i>",
            "阅读整份报告。",
            "<i><s>阅读</s></i><i><s>整份报告</s></i>。",
        ),
        (
            "<a><i>新</i>规定</a>从<time>5月1日</time>起<u>不</u>再有效。",
            "From May 1, the new rules are no longer valid.",
            "From <time>May 1</time>, the <a><i>new</i> rules</a> are <u>no longer</u> valid.",
        ),
        (
            "<i>大雨</i>后，<a href=x>旧桥</a>被关闭。",
            "The old bridge was closed after heavy rain.",
            "The <a href=x>old bridge</a> was closed after <i>heavy rain</i>.",
        ),
        (
            "The mill burned down in 1931,<sup><a href='#n1'>[1]</a></sup> the paper said.",
            "报纸说，工厂于1931年烧毁。",
            "报纸说，工厂于1931年烧毁<sup><a href='#n1'>[1]</a></sup>。",
        ),
        ("Read the <b>first</b> line.", "阅读第一行。", "阅读<b>第一</b>行。"),
        ("He won for the <b>third time</b>.", "他第三次获胜。", "他<b>第三次</b>获胜。"),
        ("She came in <b>third</b>.", "她获得第三名。", "她获得<b>第三</b>名。"),
        ("Chapter <b>Two</b> ends here.", "第二章到此结束。", "<b>第二</b>章到此结束。"),
        (
            "The <i>second</i> city after the <b>first</b>.",
            "第一之后的第二座城市。",
            "<b>第一</b>之后的<i>第二</i>座城市。",
        ),
        ("阅读<b>第一</b>行。", "Read the first line.", "Read the <b>first</b> line."),
        (
            "这是<b>第十二</b>届。",
            "This is the twelfth edition.",
            "This is the <b>twelfth</b> edition.",
        ),
    ],
)
def test_a_tag_goes_where_its_words_went(html: str, draft: str, result: str) -> None:
    assert placed(html, draft) == result


def test_an_element_without_words_never_stands_in_one_that_it_is_beside() -> None:
    html = "Who will win the<u><img src=x> </u>election<b>?</b>"
    assert placed(html, "谁会赢得选举？") == "谁会赢得<u><img src=x></u>选举<b>？</b>"
    assert placed(html, "没有预算，批准的。").count("没有") == 1


def test_a_name_is_found_by_what_it_is_called() -> None:
    names = (ListedName("Marisol Okonkwo", "玛丽索尔·奥孔科沃", "model"),)
    assert (
        placed("<a>Marisol Okonkwo</a> left.", "玛丽索尔·奥孔科沃离开了。", names=names)
        == "<a>玛丽索尔·奥孔科沃</a>离开了。"
    )


def test_a_tag_keeps_its_words_in_another_script() -> None:
    html = "The <b>library</b> sells <i>software</i>."
    assert placed(html, "图书馆出售软件。", traditional=True) == ("<b>圖書館</b>出售<i>軟件</i>。")


def test_what_stays_as_it_is_and_stands_elsewhere_comes_with_its_element() -> None:
    html = "Run <b>the command <code>ls</code> here</b> or <i>go away</i>."
    result = placed(html, "走开，或在ls命令运行这里。")
    assert result.count("ls") == 1
    assert result.index("<b>") < result.index("<code>ls</code>") < result.index("</b>")


def test_the_lexicon_of_the_package_knows_common_words() -> None:
    for english, chinese in (("budget", "预算"), ("refused", "拒绝"), ("not", "没有")):
        assert builtin().entry(stem(english)).score(chinese) == 1.0
