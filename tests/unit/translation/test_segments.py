"""Texts taken apart into sentences and marks, and put together again."""

from __future__ import annotations

import pytest

from service.text.markup import InlineTag, Unit, parse_html, parse_xml
from service.translation.inline import inline_unchanged
from service.translation.model import Term
from service.translation.segments import (
    Cut,
    Kept,
    MarkedSentence,
    Part,
    Tagged,
    join_parts,
    split_unit,
)
from service.translation.terms import TermIndex

NO_TERMS = TermIndex((), "en")


def texts_of(parts: list[Part]) -> list[str]:
    return [part.sentence.text for part in parts if isinstance(part, Tagged)]


def shown(part: Part, unit: Unit) -> str:
    """A sentence with its tags where they stand in the source."""
    assert isinstance(part, Tagged)
    pieces = inline_unchanged(part, part.sentence.text)
    return "".join(one if isinstance(one, str) else _tag(unit.tags[one]) for one in pieces)


def _tag(tag: InlineTag) -> str:
    if tag.text:
        return f"<{tag.name}>{tag.text}</{tag.name}>"
    return {"open": "<{}>", "close": "</{}>", "void": "<{}/>"}[tag.kind].format(tag.name)


def sentence(text: str) -> Tagged:
    return Tagged(MarkedSentence(text))


def with_tags(html: str) -> list[str]:
    (unit,) = parse_html(f"<p>{html}</p>").units
    return [shown(part, unit) for part in split_unit(unit, NO_TERMS) if isinstance(part, Tagged)]


def test_a_line_becomes_its_sentences_and_the_white_space_between_them() -> None:
    parts = split_unit(Unit(("It rained.  The match was off.",)), NO_TERMS)
    assert parts == [sentence("It rained."), Kept("  "), sentence("The match was off.")]


@pytest.mark.parametrize(
    ("line", "bullet", "rest"),
    [
        ("- Bring a coat", "- ", "Bring a coat"),
        ("• 带上外套", "• ", "带上外套"),
        ("12. Bring a coat", "12. ", "Bring a coat"),
        ("2、带上外套", "2、", "带上外套"),
        ("（三）带上外套", "（三）", "带上外套"),
    ],
)
def test_a_bullet_is_no_part_of_its_sentence(line: str, bullet: str, rest: str) -> None:
    assert split_unit(Unit((line,)), NO_TERMS) == [Kept(bullet), sentence(rest)]


@pytest.mark.parametrize("line", ["3.5 metres of snow", "-5 degrees", "1990. A year."])
def test_a_number_that_begins_a_sentence_is_no_bullet(line: str) -> None:
    assert "".join(texts_of(split_unit(Unit((line,)), NO_TERMS))).startswith(line[:3])


@pytest.mark.parametrize(
    ("line", "sentences"),
    [
        ("It opens today. #OpenDay #Port2026", ["It opens today."]),
        ("Thanks all :heart: :tada:", ["Thanks all"]),
        ("今天开幕！ #开放日", ["今天开幕！"]),
        ("The bridge is open #news #UK https://t.example/x", ["The bridge is open"]),
        ("大桥通车了 #新闻 https://t.example/x", ["大桥通车了"]),
        (":wave: Hello there", ["Hello there"]),
        ("@城市日报 明天开吗？", ["明天开吗？"]),
    ],
)
def test_emoji_codes_hashtags_and_handles_at_the_ends_are_no_part_of_a_sentence(
    line: str, sentences: list[str]
) -> None:
    parts = split_unit(Unit((line,)), NO_TERMS)
    inner = [part.sentence for part in parts if isinstance(part, Tagged)]
    assert [one.text for one in inner if not one.kept] == sentences
    texts = (one.text if isinstance(one, Kept) else shown(one, Unit(())) for one in parts)
    assert "".join(texts) == line


@pytest.mark.parametrize(
    "line",
    [
        "Call a.b(c. d) or `x. Y` now.",
        "见 https://例子.example/路?页=2 。",
        "Ask @lena about #12th.",
    ],
)
def test_no_sentence_ends_within_what_is_kept(line: str) -> None:
    assert texts_of(split_unit(Unit((line,)), NO_TERMS)) == [line]


def test_tags_between_sentences_cut_and_tags_inside_are_elements() -> None:
    (unit,) = parse_html(
        "<p>A <b>big</b> storm came. <i>Nobody was hurt.</i> Then it left.</p>"
    ).units
    parts = split_unit(unit, NO_TERMS)
    assert texts_of(parts) == ["A big storm came.", "Nobody was hurt.", "Then it left."]
    assert shown(parts[0], unit) == "A <b>big</b> storm came."
    assert [part for part in parts if not isinstance(part, Tagged)] == [
        Kept(" "),
        Cut(2),
        Cut(3),
        Kept(" "),
    ]


@pytest.mark.parametrize(
    ("html", "tagged"),
    [
        ("<b>Big</b> storms <i>came</i>", "<b>Big</b> storms <i>came</i>"),
        ("<b>Big storms</b>, <i>they say</i>", "<b>Big storms</b>, <i>they say</i>"),
        ("Storms<br> <i>came</i>", "Storms<br/> <i>came</i>"),
        ("See <a><b>here</b></a>", "See <a><b>here</b></a>"),
    ],
)
def test_an_element_at_the_edge_of_a_sentence_belongs_to_it(html: str, tagged: str) -> None:
    assert with_tags(html) == [tagged]


def test_an_element_around_sentences_belongs_to_none() -> None:
    assert with_tags("No. <b>It rained. It <i>poured</i>.</b> Yes.") == [
        "No.",
        "It rained.",
        "It <i>poured</i>.",
        "Yes.",
    ]


def test_an_element_that_ends_in_another_sentence_has_a_half_in_each() -> None:
    assert with_tags("It <b>rained <i>hard</i>. <u>It</u> poured</b> down.") == [
        "It <b>rained <i>hard</i>.",
        "<u>It</u> poured</b> down.",
    ]


@pytest.mark.parametrize(
    ("html", "tagged"),
    [
        ("Save time<br>with a plain workshop", ["Save time<br/> with a plain workshop"]),
        ("Rain came,<br>The river rose.", ["Rain came,<br/> The river rose."]),
        ("The day is done.<br>the night is near", ["The day is done.", "the night is near"]),
        ("12 Mill Road<br>Alder Bay", ["12 Mill Road", "Alder Bay"]),
        ("Rain came<br><br>and went", ["Rain came", "and went"]),
        ("地址：北京市海淀区<br>电话：见网站", ["地址：北京市海淀区", "电话：见网站"]),
        ("市议会昨天晚上在市政厅批准了<br>新的预算", ["市议会昨天晚上在市政厅批准了<br/>新的预算"]),
    ],
)
def test_a_break_divides_what_is_not_one_sentence(html: str, tagged: list[str]) -> None:
    assert with_tags(html) == tagged


def test_placeholders_and_terms_are_marks_and_a_placeholder_hides_a_term() -> None:
    terms = TermIndex((Term("count", "计数"), Term("Alder river", "阿尔德河")), "en")
    (part,) = split_unit(Unit(("The Alder river rose {count} metres",)), terms)
    assert isinstance(part, Tagged)
    sentence = part.sentence
    assert [mark.kept for mark in sentence.marks] == ["阿尔德河", "{count}"]
    assert sentence.shown == "The Alder river rose {count} metres"
    assert "count" not in sentence.free


@pytest.mark.parametrize(
    ("html", "source", "marked"),
    [
        ("The Nile rose.", "Nile", ["The Nile"]),
        ("She saw the Nile.", "Nile", ["the Nile"]),
        ("See <b>the Nile</b>.", "Nile", ["the Nile"]),
        ("See the <b>Nile</b>.", "Nile", ["the Nile"]),
        ("Bathe Nile crocodiles.", "Nile", ["Nile"]),
    ],
)
def test_an_article_belongs_to_its_term(html: str, source: str, marked: list[str]) -> None:
    (unit,) = parse_html(html).units
    (part,) = split_unit(unit, TermIndex((Term(source, "尼罗河"),), "en"))
    assert isinstance(part, Tagged)
    assert [mark.shown for mark in part.sentence.marks] == marked


def test_an_element_that_stays_as_it_is_is_shown_by_its_text_alone() -> None:
    (unit,) = parse_html("<p>Run <code>git pull. Now</code> first</p>").units
    (part,) = split_unit(unit, NO_TERMS)
    assert isinstance(part, Tagged)
    assert part.sentence.shown == "Run git pull. Now first"
    assert part.sentence.kept == ("git pull. Now",)


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("Fewer than 5% (n < 40) paid >= 3.5 euros.", ("n < 40", ">= 3.5")),
        ("The bank & the mayor pay <5% more", ("&", "<5%")),
        ("R&D at AT&T > all", ()),
    ],
)
def test_comparisons_and_signs_stay_signs(text: str, kept: tuple[str, ...]) -> None:
    (part,) = split_unit(Unit((text,)), NO_TERMS)
    assert isinstance(part, Tagged)
    assert part.sentence.kept == kept


def test_an_empty_element_of_xml_stands_for_words() -> None:
    (unit,) = parse_xml('<x id="6"></x>, you have <x id="7"/> messages, {1}').units
    (part,) = split_unit(unit, NO_TERMS)
    assert isinstance(part, Tagged)
    assert part.sentence.shown == "{0}, you have {2} messages, {1}"
    assert part.sentence.kept == ("{0}", "{2}", "{1}")


def test_a_sentence_too_long_for_the_model_is_cut_and_nothing_is_lost() -> None:
    text = "word, " * 2_000 + "end."
    parts = split_unit(Unit((text,)), NO_TERMS, 100)
    assert len(texts_of(parts)) > 20
    assert (
        "".join(
            part.text if isinstance(part, Kept) else part.sentence.text
            for part in parts
            if isinstance(part, Kept | Tagged)
        )
        == text
    )


@pytest.mark.parametrize(
    ("target", "translations", "joined"),
    [
        ("zh", [["下雨了。"], ["比赛取消。"]], "下雨了。比赛取消。"),
        ("en", [["It rained."], ["Off."]], "It rained. Off."),
        ("en", [["It rained."], ["[b]Off[/b]"]], "It rained. [b]Off[/b]"),
        ("en", [["It rained."], ["“Off”"]], "It rained. “Off”"),
    ],
)
def test_sentences_are_joined_as_the_target_joins_them(
    target: str, translations: list[list[str]], joined: str
) -> None:
    source = "It rained. It was off." if target == "zh" else "下雨了。比赛取消。"
    parts = split_unit(Unit((source,)), NO_TERMS)
    pieces = join_parts(parts, translations, "zh" if target == "zh" else "en")
    assert "".join(map(str, pieces)) == joined


@pytest.mark.parametrize("aside", ["@小林新闻", "#港口", ":tada:", "🎉"])
def test_what_stands_between_two_sentences_touches_neither_in_english(aside: str) -> None:
    parts = split_unit(Unit((f"太棒了！{aside} 你来吗？",)), NO_TERMS)
    pieces = join_parts(parts, [["Great!"], ["Are you coming?"]], "en")
    assert "".join(map(str, pieces)) == f"Great! {aside} Are you coming?"


def test_what_stands_behind_a_sentence_keeps_its_space() -> None:
    parts = split_unit(Unit(("♪ 今夜大海很平静 ♪",)), NO_TERMS)
    assert "".join(map(str, join_parts(parts, [["It is calm."]], "en"))) == "♪ It is calm. ♪"


@pytest.mark.parametrize(
    ("html", "sentences"),
    [
        ("Great! <a>#<span>Day</span></a>", ["Great!"]),
        ("Come with <a>@<span>lena</span></a> :tada:", ["Come with @lena"]),
        ("<b>Great! :tada:</b>", ["Great!"]),
        ("<i>:wave:</i> Hello there", ["Hello there"]),
        ("<b>:wave: Hello</b> there", [":wave: Hello there"]),
        ("Well <b>done :tada:</b> :tada:", ["Well done :tada:"]),
    ],
)
def test_elements_that_hold_only_a_hashtag_or_an_emoji_stand_outside_of_the_sentence(
    html: str, sentences: list[str]
) -> None:
    (unit,) = parse_html(f"<p>{html}</p>").units
    assert texts_of(split_unit(unit, NO_TERMS)) == sentences


def test_tags_come_back_by_their_numbers() -> None:
    (unit,) = parse_html("<p>A <b>big</b> storm. <i>It was <u>over</u></i>.</p>").units
    parts = split_unit(unit, NO_TERMS)
    new: list[list[str | int]] = [
        ["一场", 0, "大", 1, "风暴。"],
        [2, "它", 3, "结束", 4, 5, "了。"],
    ]
    assert join_parts(parts, new, "zh") == [*new[0], *new[1]]


def test_marks_that_touch_are_one() -> None:
    (part,) = split_unit(Unit(("已完成 %d%%",)), TermIndex((), "zh"))
    assert isinstance(part, Tagged)
    assert [mark.kept for mark in part.sentence.marks] == ["%d%%"]
