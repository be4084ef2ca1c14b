"""Texts taken apart into sentences and marks, and put together again."""

from __future__ import annotations

import pytest

from service.text.markup import Unit, parse_html
from service.translation.model import Term
from service.translation.segments import (
    Cut,
    Kept,
    Part,
    Sentence,
    join_parts,
    split_unit,
)
from service.translation.terms import Terms

NO_TERMS = Terms((), "en")


def texts_of(parts: list[Part]) -> list[str]:
    return [part.text for part in parts if isinstance(part, Sentence)]


def test_a_line_becomes_its_sentences_and_the_white_space_between_them() -> None:
    parts = split_unit(Unit(("It rained.  The match was off.",)), NO_TERMS)
    assert parts == [Sentence("It rained."), Kept("  "), Sentence("The match was off.")]


@pytest.mark.parametrize(
    ("line", "bullet", "sentence"),
    [
        ("- Bring a coat", "- ", "Bring a coat"),
        ("• 带上外套", "• ", "带上外套"),
        ("12. Bring a coat", "12. ", "Bring a coat"),
        ("2、带上外套", "2、", "带上外套"),
        ("（三）带上外套", "（三）", "带上外套"),
    ],
)
def test_a_bullet_is_no_part_of_its_sentence(line: str, bullet: str, sentence: str) -> None:
    assert split_unit(Unit((line,)), NO_TERMS) == [Kept(bullet), Sentence(sentence)]


@pytest.mark.parametrize("line", ["3.5 metres of snow", "-5 degrees", "1990. A year."])
def test_a_number_that_begins_a_sentence_is_no_bullet(line: str) -> None:
    assert "".join(texts_of(split_unit(Unit((line,)), NO_TERMS))).startswith(line[:3])


@pytest.mark.parametrize(
    ("line", "sentences"),
    [
        ("It opens today. #OpenDay #Port2026", ["It opens today."]),
        ("Thanks all :heart: :tada:", ["Thanks all"]),
        ("今天开幕！ #开放日", ["今天开幕！"]),
        (":wave: Hello there", ["Hello there"]),
        ("@城市日报 明天开吗？", ["明天开吗？"]),
    ],
)
def test_emoji_codes_hashtags_and_handles_at_the_ends_are_no_part_of_a_sentence(
    line: str, sentences: list[str]
) -> None:
    parts = split_unit(Unit((line,)), NO_TERMS)
    words = [part.text for part in parts if isinstance(part, Sentence) and not part.kept]
    assert words == sentences
    assert "".join(part.text for part in parts if not isinstance(part, Cut)) == line  # type: ignore[union-attr]


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


def test_tags_between_sentences_cut_and_tags_inside_are_marks() -> None:
    (unit,) = parse_html(
        "<p>A <b>big</b> storm came. <i>Nobody was hurt.</i> Then it left.</p>"
    ).units
    parts = split_unit(unit, NO_TERMS)
    assert texts_of(parts) == ["A big storm came.", "Nobody was hurt.", "Then it left."]
    first = next(part for part in parts if isinstance(part, Sentence))
    assert first.shown == "A <b>big</b> storm came."
    assert first.gaps == ("A ", "big", " storm came.")
    assert [type(part) for part in parts if not isinstance(part, Sentence)] == [
        Kept,
        Cut,
        Cut,
        Kept,
    ]


@pytest.mark.parametrize(
    ("html", "shown"),
    [
        ("<b>Big</b> storms <i>came</i>", "<b>Big</b> storms <i>came</i>"),
        ("<b>Big storms</b>, <i>they say</i>", "<b>Big storms</b>, <i>they say</i>"),
        ("Storms<br> <i>came</i>", "Storms<br/> <i>came</i>"),
        ("See <a><b>here</b></a>", "See <a><b>here</b></a>"),
    ],
)
def test_an_element_at_the_edge_of_a_sentence_belongs_to_it(html: str, shown: str) -> None:
    (unit,) = parse_html(f"<p>{html}</p>").units
    assert [part.shown for part in split_unit(unit, NO_TERMS) if isinstance(part, Sentence)] == [
        shown
    ]


def test_an_element_around_sentences_belongs_to_none() -> None:
    (unit,) = parse_html("<p>No. <b>It rained. It <i>poured</i>.</b> Yes.</p>").units
    parts = split_unit(unit, NO_TERMS)
    shown = [part.shown for part in parts if isinstance(part, Sentence)]
    assert shown == ["No.", "It rained.", "It <i>poured</i>.", "Yes."]


def test_placeholders_and_terms_are_marks_and_a_placeholder_hides_a_term() -> None:
    terms = Terms((Term("count", "计数"), Term("Alder river", "阿尔德河")), "en")
    (sentence,) = split_unit(Unit(("The Alder river rose {count} metres",)), terms)
    assert isinstance(sentence, Sentence)
    assert [mark.kept for mark in sentence.marks] == ["阿尔德河", "{count}"]
    assert sentence.shown == "The Alder river rose {count} metres"
    assert "count" not in sentence.free


@pytest.mark.parametrize(
    ("html", "source", "shown"),
    [
        ("The Nile rose.", "Nile", ["The Nile"]),
        ("She saw the Nile.", "Nile", ["the Nile"]),
        ("See <b>the Nile</b>.", "Nile", ["<b>", "the Nile", "</b>"]),
        ("See the <b>Nile</b>.", "Nile", ["<b>", "Nile", "</b>"]),
        ("Bathe Nile crocodiles.", "Nile", ["Nile"]),
    ],
)
def test_an_article_belongs_to_its_term(html: str, source: str, shown: list[str]) -> None:
    (unit,) = parse_html(html).units
    (sentence,) = split_unit(unit, Terms((Term(source, "尼罗河"),), "en"))
    assert isinstance(sentence, Sentence)
    assert [mark.shown for mark in sentence.marks] == shown
    assert len(sentence.tags) == html.count("<")


def test_an_opaque_element_is_shown_with_its_text() -> None:
    (unit,) = parse_html("<p>Run <code>git pull</code> first</p>").units
    (sentence,) = split_unit(unit, NO_TERMS)
    assert isinstance(sentence, Sentence)
    assert sentence.shown == "Run <code>git pull</code> first"
    assert sentence.gaps == ("Run ", " first")


def test_a_sentence_too_long_for_the_model_is_cut_and_nothing_is_lost() -> None:
    text = "word, " * 2_000 + "end."
    parts = split_unit(Unit((text,)), NO_TERMS, 100)
    assert len(texts_of(parts)) > 20
    assert "".join(part.text for part in parts if isinstance(part, Sentence | Kept)) == text


@pytest.mark.parametrize(
    ("target", "translations", "joined"),
    [
        ("zh", [["下雨了。"], ["比赛取消。"]], ["下雨了。比赛取消。"]),
        ("en", [["It rained."], ["Off."]], ["It rained. Off."]),
    ],
)
def test_sentences_are_joined_as_the_target_joins_them(
    target: str, translations: list[list[str]], joined: list[str]
) -> None:
    source = "It rained. It was off." if target == "zh" else "下雨了。比赛取消。"
    parts = split_unit(Unit((source,)), NO_TERMS)
    assert join_parts(parts, translations, "zh" if target == "zh" else "en") == joined


def test_texts_come_back_one_more_than_the_tags() -> None:
    (unit,) = parse_html("<p>A <b>big</b> storm. <i>Over</i>.</p>").units
    parts = split_unit(unit, NO_TERMS)
    new = join_parts(parts, [["一场", "大", "风暴。"], ["", "结束了", "。"]], "zh")
    assert new == ["一场", "大", "风暴。", "结束了", "。"]


def test_marks_that_touch_are_one() -> None:
    (sentence,) = split_unit(Unit(("已完成 %d%%",)), Terms((), "zh"))
    assert isinstance(sentence, Sentence)
    assert [mark.kept for mark in sentence.marks] == ["%d%%"]
