"""A plain text keeps all that marks it; what stands between the marks is translated."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.text.plain import Plain, Splitting, parse_plain

README = """---
title: "Port Moran"
layout: page
---
# Opening hours #

> [!NOTE]
> The office is *closed* on
> Mondays.

1. Run `make test`
   - [ ] Read the [guide](docs/a_b.md "Guide")
* * *
| Day | Hours |
|:---|---:|
| Friday | 9 \\| 10 |

```sh
echo "Hello there"
```
<!--
a note
-->
See __all__ of it[^1] and ![a map](map.png).

[^1]: Not *much*.
[ref]: https://example.org/a
"""


def texts_of(plain: Plain) -> list[str]:
    return ["".join(unit.texts) for unit in plain.units]


def shouted(text: str, splitting: Splitting = "auto") -> str:
    plain = parse_plain(text, splitting)
    return plain.render(
        [unit.refilled([part.upper() for part in unit.texts]) for unit in plain.units]
    )


def test_markdown_keeps_its_marks() -> None:
    assert (
        shouted(README)
        == """---
title: "PORT MORAN"
layout: page
---
# OPENING HOURS #

> [!NOTE]
> THE OFFICE IS *CLOSED* ON MONDAYS.

1. RUN `MAKE TEST`
   - [ ] READ THE [GUIDE](docs/a_b.md "Guide")
* * *
| DAY | HOURS |
|:---|---:|
| FRIDAY | 9 \\| 10 |

```sh
echo "Hello there"
```
<!--
a note
-->
SEE __ALL__ OF IT[^1] AND ![A MAP](map.png).

[^1]: NOT *MUCH*.
[ref]: https://example.org/a
"""
    )


@pytest.mark.parametrize(
    ("text", "texts"),
    [
        ("The **new** rules are *not* final.", ("The ", "new", " rules are ", "not", " final.")),
        ("新的**规则**还*不*是最后的。", ("新的", "规则", "还", "不", "是最后的。")),
        ("*斜体*与**粗体**文字", ("", "斜体", "与", "粗体", "文字")),
        ("***All*** of ~~it~~.", ("", "All", " of ", "it", ".")),
        ("**Bold and *more* of it** here", ("", "Bold and ", "more", " of it", " here")),
        ("Read [the *guide*](a/b.md) now", ("Read ", "the ", "guide", "", " now")),
        ("Press <kbd>Esc</kbd> or <b>stop</b>", ("Press ", "Esc", " or ", "stop", "")),
        ("[![Build](https://a.example/b.svg)](https://a.example)", ("", "", "Build", "", "")),
        ("See [a ![map](m.png) here](x.html).", ("See ", "a ", "map", " here", ".")),
        ("[b]Bold[/b] and [url=https://a.example]a link[/url].",
         ("", "Bold", " and ", "a link", ".")),
        ('Buy [button url="/shop"]this one[/button] now', ("Buy ", "this one", " now")),
        ("''Italic'' and '''bold''' here", ("", "Italic", " and ", "bold", " here")),
        ("See `[b]x[/b]` and `<i>y</i>`.", ("See `[b]x[/b]` and `<i>y</i>`.",)),
        ("It's o'clock [sic]", ("It's o'clock [sic]",)),
        ("![](a.png) Hello", ("", "", " Hello")),
    ],
)  # fmt: skip
def test_marks_within_a_line_are_tags(text: str, texts: tuple[str, ...]) -> None:
    (unit,) = parse_plain(text).units
    assert unit.texts == texts


@pytest.mark.parametrize(
    "text",
    [
        "It is 2 * 3 * 4 and 5*6*7, a*b*c.",
        "A star* and one more*.",
        "Use snake_case_names and __init__ here.",
        "See `**not bold**` and [one] alone.",
        "x < 3 and y > 2, <b> alone",
        "a_b_c ~ d ~ e",
        "**not closed and *neither",
    ],
)
def test_what_marks_nothing_is_text(text: str) -> None:
    (unit,) = parse_plain(text).units
    assert unit.texts == (text,)


@pytest.mark.parametrize(
    ("text", "translated", "expected"),
    [
        ("**Note:** read it", ["", "注意：", "请读"], "**注意：** 请读"),
        ("Read *“it”* now", ["读", "“它”", "吧"], "读 *“它”* 吧"),
        ("The **new** rules", ["", "新", "规则"], "**新**规则"),
        ("Read [it:](a.md) now", ["读", "它：", "吧"], "读[它：](a.md)吧"),
    ],
)
def test_emphasis_stays_emphasis_beside_chinese(
    text: str, translated: list[str], expected: str
) -> None:
    plain = parse_plain(text)
    assert plain.render([plain.units[0].refilled(translated)]) == expected


def test_the_branches_of_a_message_are_texts_and_its_structure_stays() -> None:
    text = (
        "Hi {name}: {n, plural, =0 {no new file} one {# new file} other {{n} or # new files}} "
        "in {sex, select, male {his} other {{k, plural, other {their # box}}}} folder"
    )
    plain = parse_plain(text)
    assert texts_of(plain)[1:] == [
        "no new file",
        "{number} new file",
        "{n} or {number} new files",
        "his",
        "{k, plural, other {their # box}}",
        "their {number} box",
    ]
    new = [*texts_of(plain)]
    new[1:5] = ["没有新文件", "{number}个新文件", "{n}或{number}个新文件", "他的"]
    new[6] = "他们的{number}个盒子"
    assert plain.render([[one] for one in new]) == (
        "Hi {name}: {n, plural, =0 {没有新文件} one {#个新文件} other {{n}或#个新文件}} "
        "in {sex, select, male {他的} other {{k, plural, other {他们的#个盒子}}}} folder"
    )


@pytest.mark.parametrize(
    ("splitting", "expected"),
    [
        ("auto", "IT WOULD NOT OPEN.\nONE\n\n- A\n- B"),
        ("1", "IT WOULD\nNOT OPEN.\nONE\n\n- A\n- B"),
    ],
)
def test_line_breaks_end_a_sentence_where_they_are_said_to(
    splitting: Splitting, expected: str
) -> None:
    assert shouted("It would\nnot open.\nOne\n\n- a\n- b", splitting) == expected


def test_nonewlines_joins_the_lines_of_a_paragraph_and_keeps_lists() -> None:
    text = "It would\nNot open.\nOne\n\nTwo\n- a\n- b"
    assert shouted(text, "nonewlines") == "IT WOULD NOT OPEN. ONE\n\nTWO\n- A\n- B"


def test_without_splitting_a_text_is_one_sentence() -> None:
    assert texts_of(parse_plain(" One. Two.\n\nThree ", "0")) == ["One. Two. Three"]


def test_a_subtitle_is_one_sentence_and_its_times_stay() -> None:
    text = (
        "7\n00:00:05,000 --> 00:00:08,000\nThe ferry will not sail before\nthe storm has passed.\n"
    )
    assert shouted(text) == (
        "7\n00:00:05,000 --> 00:00:08,000\nTHE FERRY WILL NOT SAIL BEFORE THE STORM HAS PASSED.\n"
    )


@pytest.mark.parametrize(
    ("cue", "lines"),
    [
        ("I was at the harbour\nuntil the ferry came.", 1),
        ("<i>I was at the harbour\nuntil the ferry came.</i>", 1),
        ("{\\an8}If you leave,\nI will not stay.", 1),
        ("He lives in the\nOld Town.", 1),
        ("我一直在港口，\n直到渡轮到达。", 1),
        ("他说要在\n港口等我", 1),
        ("- Did you see him?\n- Nobody did.", 2),
        ("- 看见了吗？\n- 没有。", 2),
        ("I know.\nyes, I know.", 2),
        ("Where are you?\nAnna", 2),
        ("HARBOUR STREET\nMonday", 2),
    ],
)
def test_the_lines_of_a_cue_are_one_sentence_if_it_goes_on(cue: str, lines: int) -> None:
    text = f"7\n00:00:04,000 --> 00:00:07,250\n{cue}\n\n8\n00:00:08,000 --> 00:00:09,000\nYes\n"
    assert len(parse_plain(text).units) == lines + 1
    shown = shouted(text).split("\n")
    assert shown[1] == "00:00:04,000 --> 00:00:07,250"
    assert len(shown) == len(text.split("\n")) - cue.count("\n") + lines - 1


def test_a_line_break_that_is_written_out_ends_a_line() -> None:
    text = 'No "{path}".\\nTry again.\\n\\nOr<br/>not, C:\\new'
    assert texts_of(parse_plain(text)) == ['No "{path}".', "Try again.", "Or", "not, C:\\new"]
    assert shouted(text) == 'NO "{PATH}".\\nTRY AGAIN.\\n\\nOR<br/>NOT, C:\\NEW'


def test_lines_keep_their_ends_and_blank_lines() -> None:
    assert shouted("One.\r\n\r\n  Two. \n---\n12:30\nThree") == (
        "ONE.\r\n\r\n  TWO. \n---\n12:30\nTHREE"
    )


LINES = st.lists(
    st.sampled_from(
        ["# a b", "- c **d** e", "> f", "| g | h |", "```", "i `j` k.", "{n, plural, other {# l}}",
         "", "  m", "[n](o)", "*p", "q {r}", "<b>s</b>", "t\\", "---", "你好**世界**。", "1. u",
         "[^1]: v", "<!--", "-->", "w_x_y", "12.5"]
    )
)  # fmt: skip


@given(LINES.map("\n".join), st.sampled_from(["auto", "1"]))
def test_a_text_that_stays_as_it_is_comes_back_but_for_wrapped_lines(
    text: str, splitting: Splitting
) -> None:
    plain = parse_plain(text, splitting)
    same = plain.render([unit.filled for unit in plain.units])
    if splitting == "1":
        assert same == text
    assert same.split() == text.split()


@pytest.mark.parametrize(
    "piece", ["*a ", "**", "[a](", "<b>", "{n, plural, other {", "| ", "> ", "`"]
)
def test_hostile_text_takes_little_time(piece: str) -> None:
    started = time.process_time()
    parse_plain(piece * (20_000 // len(piece)))
    assert time.process_time() - started < 5.0  # quadratic: minutes


def test_a_heading_of_mediawiki_keeps_its_signs() -> None:
    assert shouted("== History ==\nIt opened.\n=== Early ===\n") == (
        "== HISTORY ==\nIT OPENED.\n=== EARLY ===\n"
    )
    assert texts_of(parse_plain("a == b == c")) == ["a == b == c"]
