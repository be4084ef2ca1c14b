"""What review finds in a finished brief, and the near misses that it must let pass."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.briefs.review import (
    Code,
    ReviewFinding,
    check_echo,
    check_ending,
    check_headline,
    check_labels,
    check_language,
    check_length,
    check_names,
    check_numbers,
    check_repetition,
    count_units,
    longest_shared_run,
    penalty,
    review,
    shorter_versions,
)
from service.briefs.shape import Shape
from service.languages import Language
from service.text.repetition import sentences_of

ENGLISH = (
    "Council approves bridge repairs\n"
    "The council of Rivertown approved $585 million on Tuesday to repair 13 bridges over the river "
    "Alder. Work begins in March and is expected to last two years. The mayor, Ana Ruiz, said that "
    "the oldest bridge would be closed to lorries at once. The NPC in China sent a letter."
)
CHINESE = (
    "临溪开通夜班公交\n"
    "临溪市交通局3月5日宣布，从下周起在地铁停运后增开14条夜间公交线路，平均每20分钟一班。新线路"
    "覆盖全市41座地铁站，预计每晚服务约2.8万人次。NPC周二对此表示欢迎，并说票价为3元。"
)
GOOD_ENGLISH = "Rivertown is spending $585 million on repairs. Its oldest bridge closes to lorries."
GOOD_CHINESE = "临溪市将新开14条夜班公交线路。每晚可有2.8万人次乘坐，票价3元。"


def shape(language: Language, style: str = "paragraph", least: int = 2, most: int = 3) -> Shape:
    longest = {"en": 53, "zh": 110}[language]
    shortest = {"en": 6, "zh": 10}[language]
    match style:
        case "bullets":
            return Shape("bullets", language, least, most, shortest, longest)
        case "headline":
            return Shape("headline", language, 1, 1, shortest, longest)
        case _:
            return Shape("paragraph", language, least, most, shortest, longest)


def codes(findings: list[ReviewFinding]) -> list[Code]:
    return [finding.code for finding in findings]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("A council met on Tuesday. Main facts: it approved the budget.", ["reply"]),
        ("Summary: a council met on Tuesday.", ["reply"]),
        ("- Key points: a council met.", ["reply"]),
        ("议会周二开会。主要事实：批准了预算。", ["reply"]),
        ("摘要：议会周二开会。", ["reply"]),
        ("The council's summary: nothing was decided.", []),
        ("议会公布会议摘要：未作决定。", []),
        ("Summary justice is rare, the court said.", []),
    ],
)
def test_words_that_announce_a_brief_are_none(text: str, found: list[str]) -> None:
    assert codes(check_labels(text)) == found


@pytest.mark.parametrize(
    ("language", "text", "source"),
    [("en", GOOD_ENGLISH, ENGLISH), ("zh", GOOD_CHINESE, CHINESE)],
)
def test_a_good_brief_has_no_findings(language: Language, text: str, source: str) -> None:
    found = review(text, shape(language), source=source, source_language=language)
    assert found == ()
    assert penalty(found) == 0


# ------------------------------------------------------------------ language and numbers


@pytest.mark.parametrize(
    ("language", "text", "flagged"),
    [
        ("en", "The council 批准 money.", True),
        ("en", "The council approved money。", False),
        ("en", "The café in Rivertown approved.", False),
        ("zh", "议会批准了greater拨款。", True),
        ("zh", "议会批准了WTO拨款。", True),
        ("zh", "议会批准了NPC的拨款。", False),
        ("zh", "议会批准了npc的拨款。", False),
        ("zh", "The council approved money.", True),
        ("zh", "Rivertown", True),
        ("zh", "议会批准了5G拨款13%。", True),
        ("zh", "议会批准了拨款13%。", False),
    ],
)
def test_a_leak_of_the_other_language_is_found(
    language: Language, text: str, flagged: bool
) -> None:
    assert codes(check_language(text, language, ENGLISH)) == ["language"] * flagged


def test_a_chinese_brief_that_is_mostly_names_is_no_chinese_brief() -> None:
    source = "The council of Rivertown met OpenAI."
    assert codes(check_language("OpenAI OpenAI和OpenAI。", "zh", source)) == ["language"]


@pytest.mark.parametrize(
    ("text", "strange"),
    [
        ("It costs $585 million.", []),
        ("议会批准了5.85亿美元。", []),
        ("It has 13 bridges.", []),
        ("It has 13% of bridges.", ["'13%'"]),
        ("它有13万座桥。", ["'13万'"]),
        ("It has 14 bridges and 15 boats.", ["'14'", "'15'"]),
        ("Work begins in March.", []),
        ("Work begins in April.", ["'April'"]),
        ("It met on Tuesday.", []),
        ("It met on Friday.", ["'Friday'"]),
        ("议会在周二开会。", []),
        ("议会在周五开会。", ["'Friday'"]),
        ("四川和数据。", []),
    ],
)
def test_numbers_dates_and_weekdays_that_the_article_lacks_are_found(
    text: str, strange: list[str]
) -> None:
    assert [one.message.split(" is ")[0] for one in check_numbers(text, ENGLISH)] == strange


# ------------------------------------------------------------------ endings


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "The council met. It left."),
        ("en", 'The mayor said: "We met."'),
        ("en", "The mayor said “we met.”"),
        ("en", "They met in the U.S."),
        ("en", "They met at 9 a.m. in town. They left!"),
        ("en", "They asked what it was for?"),
        ("en", "This is what they hoped to end in 2030."),
        ("zh", "议会开会了。"),
        ("zh", "这里是城市的灵魂所在。"),
        ("zh", "他说：“一定要来。”"),
        ("zh", "他问：“来吗？”"),
        ("zh", "这件事值得参与。"),
        ("zh", "大桥是去年建成的。"),
        ("zh", "他说：“居民是满意的。”"),
        ("zh", "活动包括嘉年华、艺术节以及阅读系列活动等。"),
        ("zh", "他出任驻华大使。反对者要求自由。"),
    ],
)
def test_a_whole_sentence_is_not_called_cut(language: Language, text: str) -> None:
    assert codes(check_ending(text, shape(language), finished=True)) == []


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "The council met"),
        ("en", "The council met the."),
        ("en", "The council met. It went to."),
        ("en", "The council met, and."),
        ("en", "The council approved projects including."),
        ("en", 'The mayor said "we met the."'),
        ("en", "The council met,"),
        ("en", ""),
        ("zh", "议会开会了"),
        ("zh", "议会开会了，"),
        ("zh", "议会开会了，。"),
        ("zh", "议会批准了拨款和。"),
        ("zh", "议会批准了市长的。"),
        ("zh", "他是市长。议会批准了他的。"),
        ("zh", "议会批准了拨款。他们将。"),
        ("zh", "他说“议会批准了拨款并。”"),
        ("zh", ""),
    ],
)
def test_a_sentence_that_stops_in_the_middle_is_found(language: Language, text: str) -> None:
    assert codes(check_ending(text, shape(language), finished=True)) == ["cut"]


def test_every_bullet_must_end() -> None:
    bullets = shape("en", "bullets")
    assert check_ending("- One came.\n- Two came.", bullets, finished=True) == []
    assert codes(check_ending("- One came\n- Two came.", bullets, finished=True)) == ["cut"]


def test_a_headline_needs_no_full_stop() -> None:
    assert check_ending("Council approves repairs", shape("en", "headline"), finished=True) == []


def test_a_text_at_its_token_limit_is_cut_whatever_its_mark() -> None:
    assert codes(check_ending(GOOD_ENGLISH, shape("en"), finished=False)) == ["cut"]


def test_a_sentence_that_only_the_length_limit_ended_is_cut() -> None:
    assert codes(check_ending("We " * 52 + "left.", shape("en"), finished=True)) == ["cut"]
    assert check_ending("We " * 50 + "left.", shape("en"), finished=True) == []
    assert check_ending("我" * 120 + "。", shape("zh"), finished=True) == []


# ------------------------------------------------------------------ echo, headline, repetition


@pytest.mark.parametrize(("language", "limit"), [("en", 150), ("zh", 60)])
def test_a_run_copied_from_the_article_is_found_beyond_its_limit(
    language: Language, limit: int
) -> None:
    source = "".join(chr(0x4E00 + index) for index in range(300))
    assert check_echo(source[40 : 40 + limit] + "。", language, source) == []
    assert codes(check_echo(source[40 : 41 + limit], language, source)) == ["echo"]


@pytest.mark.parametrize(
    ("text", "source", "length"),
    [
        ("", "abc", 0),
        ("abc", "", 0),
        ("abc", "xabcx", 3),
        ("xaby", "zabw", 2),
        ("a  b\nc", "a b c", 5),
        ("abcdef", "ghijkl", 0),
        ("议会批准", "昨天议会批准了", 4),
    ],
)
def test_the_longest_shared_run_folds_white_space(text: str, source: str, length: int) -> None:
    assert longest_shared_run(text, source) == length


@given(st.text("ab ", max_size=12), st.text("ab ", max_size=12))
def test_the_longest_shared_run_is_what_trying_every_run_gives(text: str, source: str) -> None:
    text, source = " ".join(text.split()), " ".join(source.split())
    runs = {text[a:b] for a in range(len(text)) for b in range(a + 1, len(text) + 1)}
    expected = max((len(run) for run in runs if run in source), default=0)
    assert longest_shared_run(text, source) == expected


@pytest.mark.parametrize(
    ("language", "text", "title", "flagged"),
    [
        ("en", "Council approves bridge repairs.", None, True),
        ("en", "The council approves bridge repairs.", None, True),
        ("en", GOOD_ENGLISH, None, False),
        ("en", "Rivertown buys a boat.", "Rivertown buys a boat", True),
        ("en", "Rivertown buys a boat, which is old and will cost a lot.", "A boat", False),
    ],
)
def test_a_brief_that_only_repeats_the_headline_is_found(
    language: Language, text: str, title: str | None, flagged: bool
) -> None:
    assert codes(check_headline(text, language, title, ENGLISH)) == ["headline"] * flagged


@pytest.mark.parametrize(
    ("text", "title", "flagged"),
    [
        ("临溪开通夜班公交。", None, True),
        ("临溪市开通夜班公交。", "临溪开通夜班公交", True),
        (GOOD_CHINESE, "临溪开通夜班公交", False),
    ],
)
def test_a_chinese_brief_that_only_repeats_the_headline_is_found(
    text: str, title: str | None, flagged: bool
) -> None:
    assert codes(check_headline(text, "zh", title, CHINESE)) == ["headline"] * flagged


def test_a_long_first_paragraph_is_no_headline() -> None:
    source = "The council of Rivertown approved the repair of all its bridges on Tuesday. " * 2
    assert check_headline(source, "en", None, source) == []


@pytest.mark.parametrize(
    ("language", "text"),
    [
        (
            "en",
            (
                "The council said that it would repair the bridges, and that it would repair the "
                "bridges again."
            ),
        ),
        (
            "en",
            (
                "The mayor opened the old stone bridge on the river. "
                "The mayor opened the old bridge on the river."
            ),
        ),
        ("zh", "临溪市将开通夜班公交线路网，市民对临溪市将开通夜班公交线路网表示欢迎。"),
        ("zh", "临溪市开通夜班公交。临溪市也开通了夜班公交。"),
    ],
)
def test_a_loop_is_found(language: Language, text: str) -> None:
    assert codes(check_repetition(text, language)) == ["repetition"]


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", GOOD_ENGLISH),
        (
            "en",
            (
                "The Rivertown City Council approved repairs. Lorries will be kept off by the "
                "Rivertown City Council. Critics of the Rivertown City Council want more."
            ),
        ),
        ("zh", GOOD_CHINESE),
        (
            "zh",
            (
                "临溪市交通局将开通夜班公交。居民认为临溪市交通局应当降低噪声。对此，临溪市交通局"
                "表示会使用电动车。"
            ),
        ),
        ("en", ""),
        ("zh", ""),
    ],
)
def test_a_name_that_comes_back_is_no_loop(language: Language, text: str) -> None:
    assert check_repetition(text, language) == []


# ------------------------------------------------------------------ length and names


@pytest.mark.parametrize(
    ("language", "text", "flagged"),
    [
        ("en", "One came.", True),
        ("en", "One came. Two came.", False),
        ("en", "One came. Two came. Three came.", False),
        ("en", "One came. Two came. Three came. Four came.", True),
        ("en", "Dr. Wu of the U.S. came. Two came.", False),
        ("zh", "一人来了。", True),
        ("zh", "一人来了；他走了。两人来了。", False),
        ("zh", "他说：“来了。”两人来了。", False),
    ],
)
def test_the_number_of_sentences_is_held_to(language: Language, text: str, flagged: bool) -> None:
    found = check_length(text, shape(language), source="x" * 900, source_language=language)
    assert codes(found) == ["length"] * flagged


def test_bullets_are_counted_by_lines() -> None:
    bullets = shape("en", "bullets")
    source = "x" * 900
    for lines, expected in ((1, ["length"]), (2, []), (3, []), (4, ["length"])):
        text = "\n".join(["- One came. It left."] * lines)
        assert codes(check_length(text, bullets, source=source, source_language="en")) == expected


def test_a_brief_longer_than_its_article_is_found_in_the_same_language_only() -> None:
    text = "One came. Two came."
    assert codes(check_length(text, shape("en"), source="One.", source_language="en")) == ["length"]
    assert check_length(text, shape("en"), source="来。", source_language="zh") == []


@pytest.mark.parametrize(("characters", "expected"), [(109, []), (111, ["length"])])
def test_a_chinese_sentence_has_a_greatest_length(characters: int, expected: list[str]) -> None:
    text = "我" * (characters - 1) + "。" + "我们都来了，也都走了。"
    assert codes(check_length(text, shape("zh"), source="x", source_language="en")) == expected


@pytest.mark.parametrize(
    ("text", "flagged"),
    [
        ("The mayor Ana Ruiz spoke.", False),
        ("The mayor Ana Lopez spoke.", True),
        ("Lopez spoke to the mayor.", False),
        ("The Chinese letter came.", False),
        ("The letter came on President Day.", True),
        ("The letter came to President Ruiz.", False),
        ('The mayor said: "Lorries stop."', False),
        ("One came. Another came to Rivertown's bridges.", False),
        ("- Lorries stop.\n- Another came.", False),
        ("Ana Ruiz of NATO spoke.", False),
    ],
)
def test_a_name_that_the_article_lacks_is_found(text: str, flagged: bool) -> None:
    assert codes(check_names(text, ENGLISH)) == ["name"] * flagged


# ------------------------------------------------------------------ all together


def test_findings_come_worst_first() -> None:
    text = "Ana Lopez met the 市 council of 99 in the"
    found = review(text, shape("en"), source=ENGLISH, source_language="en")
    assert [one.code for one in found[:3]] == ["language", "number", "cut"]
    assert {one.code for one in found[3:]} == {"name", "length"}
    assert penalty(found) == 8 + 8 + 6 + 2 + 2


def test_a_translation_may_be_near_its_source_and_bring_no_headline_finding() -> None:
    assert review(GOOD_ENGLISH, shape("en"), source=CHINESE + ENGLISH, source_language="zh") == ()


def test_a_headline_is_not_called_a_headline() -> None:
    text = "Council approves bridge repairs"
    assert review(text, shape("en", "headline"), source=ENGLISH, source_language="en") == ()


# ------------------------------------------------------------------ helpers


@pytest.mark.parametrize(
    ("text", "language", "units"),
    [
        ("", "en", 0),
        ("One two-three four.", "en", 3),
        ("议会批准。", "zh", 5),
        ("议会NPC批准13%。", "zh", 7),
        ("2.8 万", "zh", 2),
    ],
)
def test_length_is_counted_in_words_or_characters(
    text: str, language: Language, units: int
) -> None:
    assert count_units(text, language) == units


@pytest.mark.parametrize(
    ("text", "language", "sentences"),
    [
        ("One came. Two left!", "en", ["One came.", "Two left!"]),
        ("- One came.\n- Two left.", "en", ["One came.", "Two left."]),
        ("Dr. Wu of the U.S. Senate came.", "en", ["Dr. Wu of the U.S. Senate came."]),
        ("来了；走了。再来！", "zh", ["来了；走了。", "再来！"]),
        ("他说：“来了。”走了。", "zh", ["他说：“来了。”", "走了。"]),
        ("- 来了。\n- 走了。", "zh", ["来了。", "走了。"]),
        ("", "en", []),
        ("", "zh", []),
    ],
)
def test_a_brief_is_told_apart_into_sentences(
    text: str, language: Language, sentences: list[str]
) -> None:
    assert sentences_of(text, language) == sentences


@pytest.mark.parametrize(
    ("one", "text", "shorter"),
    [
        (
            shape("en", least=1),
            "We met. You left. He came.",
            ["We met. You left.", "We met. He came."],
        ),
        (shape("zh", least=1), "甲。乙。丙。", ["甲。乙。", "甲。丙。"]),
        (shape("en", least=2), "We met. You left.", []),
        (shape("en", least=3), "We met. You left. He came.", []),
        (shape("en", "headline"), "We met. You left.", []),
        (shape("en", "bullets", least=1), "- We met.\n- You left. He came.", ["- We met."]),
    ],
)
def test_a_brief_may_lose_a_sentence_but_never_its_first(
    one: Shape, text: str, shorter: list[str]
) -> None:
    assert shorter_versions(text, one) == shorter
