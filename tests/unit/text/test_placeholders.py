"""Placeholders: what a program reads stays as it is, and prose is left to the translator."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.text.placeholders import Placeholder, find_placeholders

ALPHABET = "ab Z05.,:%${}()[]<>/\\@#&;'\"=-_~!?中。，\n"
PIECES = [
    "{{x}}",
    "{n, plural, ",
    "%s",
    "%1$d",
    "http://",
    "a@b.co",
    "C:\\",
    "$t(",
    "&nbsp;",
    "{",
    "}",
]
TEXT = st.one_of(
    st.text(ALPHABET),
    st.lists(st.one_of(st.sampled_from(PIECES), st.sampled_from(ALPHABET))).map("".join),
    st.text(),
)


def texts_of(text: str) -> list[str]:
    return [placeholder.text for placeholder in find_placeholders(text)]


@pytest.mark.parametrize(
    "placeholder",
    [
        *("{{x}}", "{{ user.name }}", "{{{html}}}", "{{ name | upper }}", "{{count, number}}"),
        *("{% tag %}", "{%- endif -%}", "{# note #}", "${x}", "${a + {b}}", "#{x}", "%{name}"),
        *("{}", "{0}", "{name}", "{user.name}", "{items[0]}", "{姓名}", "{name!r:>10}", "{:.2f}"),
        *("{x:{width}.{places}}", "{day:%Y-%m-%d %H:%M}", "{0,-10:N2}", "$t(key)"),
        *("%s", "%d", "%i", "%.2f", "%-10s", "%+d", "%05.1f", "%*d", "%lu", "%zu", "%x", "%@"),
        *("%1$s", "%2$@", "%1$.2f", "%(name)s", "%(price).2f", "%%"),
        *("&nbsp;", "&amp;", "&#160;", "&#xA0;", "\\n", "\\t", "\\u00e9", "<0>", "</0>", "<12/>"),
        *('<x id="1"/>', '<g id="a">', "</g>", "[X6X]", "[X112X]"),
        *("https://example.com", "http://a.b/c?d=e&f=%20#g", "ftp://a.b/c", "www.example.com/a"),
        *("HTTPS://EXAMPLE.COM/A_(b)", "https://api.x.com/{id}/y", "http://münchen.de/ä"),
        *("foo.bar+baz@mail.example.co.uk", "@alice", "@alice.b-c", "@alice@example.social"),
        *(
            "/usr/local/bin",
            "/robots.txt",
            "~/notes",
            "./run",
            "../a/b.c",
            "src/main.py",
            "a/main.c",
        ),
        *("C:\\Program Files (x86)\\App\\a.exe", "D:/data/x", "\\\\server\\share\\x"),
        "{n, plural, one {# item} other {{n} items}}",
        "{sex, select, male {{n, plural, other {his #}}} other {their}}",
        "{when, date, short}",
        "{n,number}",
        "{n, plural, other {a '{' and #}}",
    ],
)
@pytest.mark.parametrize("frame", ["{}", "a {} b", "把{}给他", "（{}）", '"{}", b', "好 {}。"])
def test_each_is_found_whole_and_alone(placeholder: str, frame: str) -> None:
    before, after = frame.split("{}")
    start = len(before)
    assert find_placeholders(before + placeholder + after) == [
        Placeholder(start, start + len(placeholder), placeholder)
    ]


@pytest.mark.parametrize(
    "text",
    [
        "50% of us, a 5 % discount, 100%",
        "100% discount, 100%discount, %discount, 30%s",
        "the 1%'s wealth, 5%-a-year, 5%-10%, 5%/10%",
        "增长5%，占50%A股，50%（含）以上，50%(约)",
        "and/or, he/she, km/h, 24/7, 2024/05/06, w/o, men /women, 5 元/个",
        "9 a.m./p.m., e.g./i.e., No.1/No.2, 3.x/4.x",
        "{see below}, {a, b}, {n, dollars}, '{', { , }",
        '{"a": 1}',
        "AT&T; R&D; Q&A; x < 3 > 2, I <3 you, <1b>, < b>",
        "Meet @ 5pm, @5pm, #1, # Heading, a:name, a@b, $5, $t, http://, www. and https",
        "C: or D:, ratio 1:\\2, http:x",
    ],
)
def test_prose_holds_none(text: str) -> None:
    assert texts_of(text) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("100%% of %d%%", ["%%", "%d", "%%"]),
        ("%s%d", ["%s", "%d"]),
        ("%1$sfoo", ["%1$s"]),
        ("%%{x} 50%{y} %{z}", ["%%", "{x}", "{y}", "%{z}"]),
        ("{a}{b}", ["{a}", "{b}"]),
        ("{ {x} {y z} }", ["{x}"]),
        ("{{x} and {y}", ["{x}", "{y}"]),
        ("{% if x %}a{% endif %}", ["{% if x %}", "{% endif %}"]),
        ("<0>Hi <1/></0>", ["<0>", "<1/>", "</0>"]),
        ("line\\nnext", ["\\n"]),
        ("see www.a.com/b.html?c=d", ["www.a.com/b.html?c=d"]),
        ("C:\\new\\temp", ["C:\\new\\temp"]),
        ("in C:\\temp or D:\\x", ["C:\\temp", "D:\\x"]),
        ("(C:\\temp).", ["C:\\temp"]),
        ("文件在/usr/bin里", ["/usr/bin"]),
        ("mailto:a@b.com, b@c.org.", ["a@b.com", "b@c.org"]),
    ],
)
def test_neighbours_are_told_apart(text: str, expected: list[str]) -> None:
    assert texts_of(text) == expected


@pytest.mark.parametrize(
    ("text", "url"),
    [
        ("See https://a.com/b.", "https://a.com/b"),
        ("Is it https://a.com/b?!", "https://a.com/b"),
        ("(see https://a.com/b).", "https://a.com/b"),
        ("https://a.com/b_(c)).", "https://a.com/b_(c)"),
        ("[a](https://a.com/b)", "https://a.com/b"),
        ("**https://a.com**", "https://a.com"),
        ("“https://a.com”", "https://a.com"),
        ("https://a.com's", "https://a.com"),
        ("见http://a.com/x，好", "http://a.com/x"),
        ("见http://a.com/x好", "http://a.com/x"),
        ("见http://a.com/x。", "http://a.com/x"),
        ("见http://a.com/x,好", "http://a.com/x"),
        ("<https://a.com>", "<https://a.com>"),
        ("写信给 <me@a.com>。", "<me@a.com>"),
        ("[url=https://a.com]a link", "https://a.com"),
        ("http://[::1]:80/a[b]", "http://[::1]:80/a[b]"),
        ("[![b](https://a.com/b)](c)", "https://a.com/b"),
    ],
)
def test_an_address_ends_before_the_sentences_punctuation(text: str, url: str) -> None:
    assert texts_of(text) == [url]


UNITS = """a { } {} {a {{ % %0 %- %( %(a %0. %1$ $t( &a &#1 \\ \\\\a \\\\a\\ http:// www. http://a)
    https://( a@ a. a@a. @a @a. @a@a. / /a a/ ./ C:\\ C:\\A_ '{' {a, {a,plural, {_ {a:{ {a:{} {x:%
    <0 <x_id=" {%_ - 0 [a 中 ` ``` `_ [[a [a_b=c #中 # @中 :a : $a --a a_ a. a( a.b( %d/ v1. a-> a::
    http://a/中 www.中 www.中. 中@中. Ctrl+ #中# $$ \\( <@A [/a""".split()


@pytest.mark.parametrize("unit", UNITS)
@pytest.mark.parametrize("head", ["", "http://", "{" * 12_500])
def test_hostile_text_takes_linear_time(unit: str, head: str) -> None:
    body = (unit.replace("_", " ") * 25_000)[: 25_000 - len(head)]
    tail = "}" * 12_500 if len(head) > 1000 else ""
    started = time.process_time()
    find_placeholders(head + body + tail)
    assert time.process_time() - started < 0.6  # quadratic: 2.5


def test_deep_nesting_takes_linear_time() -> None:
    text = "{ " * 50_000 + "{x}" + "}" * 50_000
    started = time.process_time()
    assert texts_of(text) == ["{x}"]
    assert time.process_time() - started < 5.0  # quadratic: minutes


@given(TEXT)
def test_placeholders_are_in_order_in_range_and_apart(text: str) -> None:
    at = 0
    for placeholder in find_placeholders(text):
        assert at <= placeholder.start < placeholder.end <= len(text)
        assert placeholder.text == text[placeholder.start : placeholder.end]
        at = placeholder.end


@given(TEXT, st.sampled_from(["{{x}}", "%1$s", "https://a.com"]))
def test_one_in_a_line_of_its_own_is_always_found(text: str, placeholder: str) -> None:
    plain = text.translate(dict.fromkeys(map(ord, "{}'`")))  # nothing that could hold it
    assert placeholder in texts_of(f"{plain}\n{placeholder}\n{plain}")
