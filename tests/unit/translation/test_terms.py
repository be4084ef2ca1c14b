"""Glossaries: read strictly, found in a text as a reader would find them."""

from __future__ import annotations

import logging
import os
import random
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from service.errors import InvalidInput, SettingsError
from service.languages import Language
from service.text.cleaning import clean
from service.translation.glossary_directory import Glossaries
from service.translation.glossary_parsing import (
    MAX_TERM_CHARACTERS,
    MAX_TERMS,
    check_terms,
    parse_glossary,
)
from service.translation.model import Term
from service.translation.terms import TermMatch, find_terms

CLOUD = (Term("cloud", "云"), Term("Kubernetes", "Kubernetes"))


def parse(text: str, delimiter: str | None = None) -> tuple[Term, ...]:
    return parse_glossary(text, source_language="en", target_language="zh", delimiter=delimiter)


@pytest.mark.parametrize(
    "text",
    [
        "cloud\t云\nKubernetes\n",
        "\ufeff# ours\r\n\r\nsource\ttarget\r\ncloud\t云\r\nKubernetes",
        "en\tzh\ncloud\t云\nKubernetes\tKubernetes\ncloud\t云\n",
        "EN\tzh-Hans\n  cloud \t 云\n \nKubernetes\n# end",
        "source,target\ncloud,云\nKubernetes\n",
        'cloud,"云"\n"Kubernetes",Kubernetes\n',
    ],
)
def test_a_glossary_is_read_however_it_is_written(text: str) -> None:
    assert parse(text) == CLOUD


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", ()),
        ("# nothing\n\n", ()),
        ('5" disk\t5英寸盘\n"quoted\t引\n', (Term('5" disk', "5英寸盘"), Term('"quoted', "引"))),
        ('"Hello, ""you""",你好\na,一\n', (Term('Hello, "you"', "你好"), Term("a", "一"))),
        ("Hello, you\t你好\n", (Term("Hello, you", "你好"),)),
        (
            "Acme, Inc.\nWidget\nGadget\n",
            tuple(Term(t, t) for t in ("Acme, Inc.", "Widget", "Gadget")),
        ),
        ("cloud\t云\nsource\ttarget\n", (Term("cloud", "云"), Term("source", "target"))),
        ("cafe\u0301\t咖啡\n", (Term("caf\u00e9", "咖啡"),)),
        ("a\tb\nb\tc\nd\td\n", (Term("a", "b"), Term("b", "c"), Term("d", "d"))),
        ("Apple\t苹果公司\napple\t苹果\n", (Term("Apple", "苹果公司"), Term("apple", "苹果"))),
    ],
)
def test_a_glossary_says_just_what_stands_in_it(text: str, expected: tuple[Term, ...]) -> None:
    assert parse(text) == expected


def test_the_delimiter_can_be_told() -> None:
    assert parse("a,b\nc,d", "\t") == (Term("a,b", "a,b"), Term("c,d", "c,d"))
    assert parse("a,b\nc\nd\ne", ",") == (Term("a", "b"), *(Term(t, t) for t in "cde"))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a\tb\n# c\n\td\n", "line 3: the source is empty"),
        ("a\tb\n\nc\t\n", "line 3: the target is empty"),
        ("a\tb\tc\n", "line 1: more than two columns"),
        ("zh\ten\na\tb\n", "line 1: the columns are zh and en, but the glossary is for en to zh"),
        ("a\tb\nc\td\na\te\n", "line 3: the same source as line 1, with another target"),
        ("a\tb\nx\ty\nb\ta\n", "these terms form a circle: line 1, line 3"),
        ("z\ta\na\tb\nb\tc\nc\ta\n", "these terms form a circle: line 2, line 3, line 4"),
        ("a\tb\x00\n", "line 1: the target contains a control character"),
        ("a\u2028b\tb\n", "line 1: the source contains a control character"),
        ("\u200b\tb\n", "line 1: the source is empty"),
        (f"a\tb\nc\t{'d' * 501}\n", "line 2: the target is over 500 characters"),
        (f"{'d' * 501}\n", "line 1: the source is over 500 characters"),
        ("".join(f"a{n}\n" for n in range(10_001)), "more than 10000 terms"),
        ("".join(f"a{n % 7}\n" for n in range(10_002)), "more than 10000 terms"),
        ('source,target\na,"b\n', "line 2: a quote is not closed"),
    ],
)
def test_a_wrong_glossary_is_refused_with_the_line(text: str, message: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        parse(text)
    assert str(refused.value).startswith(message)
    assert refused.value.field == "glossary"


def test_the_limits_themselves_are_allowed() -> None:
    assert len(parse("source\ttarget\n" + "".join(f"a{n}\n" for n in range(MAX_TERMS)))) == 10_000
    assert len(parse("d" * MAX_TERM_CHARACTERS)[0].source) == 500


@pytest.mark.parametrize(
    ("terms", "message"),
    [
        ([Term("a", "b"), Term("", "b")], "term 2: the source is empty"),
        ([Term("a", " ")], "term 1: the target is empty"),
        ([Term("a\n", "b")], "term 1: the source contains a control character"),
        ([Term("a", "\ud800")], "term 1: the target contains a control character"),
        (
            [Term("a", "b"), Term("a", "c")],
            "term 2: the same source as term 1, with another target",
        ),
        ([Term("a", "b"), Term("b", "a")], "these terms form a circle: term 1, term 2"),
        ([Term(f"a{n}", "b") for n in range(10_001)], "more than 10000 terms"),
    ],
)
def test_a_requests_terms_are_held_to_the_same_rules(terms: list[Term], message: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        check_terms(terms, "options.terms")
    assert str(refused.value) == message
    assert refused.value.field == "options.terms"


def test_a_long_chain_of_terms_is_no_circle_and_takes_no_time() -> None:
    chain = [Term(f"a{n}", f"a{n + 1}") for n in reversed(range(10_000))]
    started = time.process_time()
    assert check_terms(chain, "terms") == tuple(chain)
    assert check_terms(reversed(chain), "terms") == tuple(reversed(chain))
    assert time.process_time() - started < 5.0


def test_a_requests_terms_come_back_cleaned_and_once() -> None:
    terms = [Term(" cloud ", "云"), Term("cloud", "云"), Term("a\u200bb", "c  d")]
    assert check_terms(terms, "terms") == (Term("cloud", "云"), Term("ab", "c d"))
    assert check_terms([], "terms") == ()


def found(text: str, sources: list[str], language: Language) -> list[tuple[str, str]]:
    """What stands in the text, and as which term."""
    terms = tuple(Term(source, "T") for source in sources)
    spans = find_terms(text, terms, language)
    return [(text[span.start : span.end], span.term.source) for span in spans]


@pytest.mark.parametrize(
    ("text", "sources", "expected"),
    [
        ("The cloud, Cloud and CLOUD.", ["cloud"], ["cloud", "Cloud", "CLOUD"]),
        ("cloudy, icloud, cloud_x, cloud9, 9cloud", ["cloud"], []),
        ("cloud-based (cloud) cloud/x", ["cloud"], ["cloud", "cloud", "cloud"]),
        ("two Servers, SERVERS and serverss", ["server"], ["Servers", "SERVERS"]),
        ("the server's and server’s, servers'", ["server"], ["server", "server", "servers"]),
        ("us and US, the US's", ["US"], ["US", "US"]),
        ("us and US", ["us"], ["us", "US"]),
        ("iphone, IPHONE, iPhone, iPhones", ["iPhone"], ["iPhone", "iPhones"]),
        ("APIs, apis", ["API"], ["APIs"]),
        ("who asks WHO rules, who rules", ["WHO rules"], ["WHO rules"]),
        ("don't, O'Brien, l’eau", ["don", "Brien", "O", "eau", "t"], []),
        ("'cloud' and ‘cloud’", ["cloud"], ["cloud", "cloud"]),
        ("C++ and .NET, C++20", ["C++", ".NET"], ["C++", ".NET", "C++"]),
        ("a hard\nfork, hard\u00a0forks", ["hard fork"], ["hard\nfork", "hard\u00a0forks"]),
        ("co\u2011op, Xi’an", ["co-op", "Xi'an"], ["co\u2011op", "Xi’an"]),
        ("The café, CAFÉ; cafe", ["café"], ["café", "CAFÉ"]),
        ("İstanbul cloud", ["cloud"], ["cloud"]),
        ("卖iPhone手机", ["iPhone"], ["iPhone"]),
    ],
)
def test_english_terms_are_whole_words(text: str, sources: list[str], expected: list[str]) -> None:
    assert [written for written, _ in found(text, sources, "en")] == expected


@pytest.mark.parametrize(
    ("text", "sources", "expected"),
    [
        ("machine learning model", ["machine", "machine learning"], ["machine learning"]),
        ("machine learnings", ["machine", "machine learn"], ["machine"]),
        ("a b c d", ["a b", "b c d"], ["a b"]),
        ("cloud cloud", ["cloud", "cloud cloud cloud"], ["cloud", "cloud"]),
        ("Apple, apple, APPLE", ["Apple", "apple"], ["Apple", "apple", "Apple"]),
        ("us, US", ["US", "us"], ["us", "US"]),
    ],
)
def test_the_leftmost_is_found_then_the_longest_then_the_likest(
    text: str, sources: list[str], expected: list[str]
) -> None:
    assert [source for _, source in found(text, sources, "en")] == expected


@pytest.mark.parametrize(
    ("text", "source", "expected"),
    [
        ("在台湾和臺灣", "台湾", ["台湾", "臺灣"]),
        ("在台湾和臺灣", "臺灣", ["台湾", "臺灣"]),
        ("皇后的頭髮，头发", "头发", ["頭髮", "头发"]),
        ("只是藉口，借口", "借口", ["藉口", "借口"]),
        ("只是藉口，借口", "藉口", ["藉口", "借口"]),
        ("乾隆與乾隆", "乾隆", ["乾隆", "乾隆"]),
        ("在家裏和在家裡和在家里", "家里", ["家裏", "家裡", "家里"]),
        ("唱卡拉OK去", "卡拉OK", ["卡拉OK"]),
        ("唱卡拉OKR", "卡拉OK", []),
        ("买iPhone手机", "iPhone", ["iPhone"]),
        ("买iPhones手机", "iPhone", []),
        ("𠀀臺灣", "台湾", ["臺灣"]),
    ],
)
def test_chinese_terms_are_found_anywhere_in_either_script(
    text: str, source: str, expected: list[str]
) -> None:
    assert [written for written, _ in found(text, [source], "zh")] == expected


def test_where_a_term_stands_is_told_in_characters() -> None:
    term = Term("头发", "hair")
    assert find_terms("他的頭髮。", (term,), "zh") == [TermMatch(2, 4, term)]


def test_a_term_does_not_end_behind_the_text() -> None:
    cloud = Term("cloud", "云")
    assert find_terms("cloud", (cloud, Term("cloudy", "多云")), "en") == [TermMatch(0, 5, cloud)]


def test_without_terms_nothing_is_found() -> None:
    assert find_terms("cloud", (), "en") == []


def test_ten_thousand_terms_are_found_in_no_time() -> None:
    rng = random.Random(7)  # noqa: S311
    words = ["".join(rng.choices("abcdefghij", k=rng.randint(3, 9))) for _ in range(10_000)]
    terms = check_terms([Term(f"{word} {n}x", "T") for n, word in enumerate(words)], "terms")
    text = " ".join(f"{words[n]} {n}x" for n in range(60))
    assert len(find_terms(text, terms, "en")) == 60  # and they are ready from here on
    started = time.process_time()
    for _ in range(20):
        find_terms(text, terms, "en")
    assert time.process_time() - started < 0.5


SOURCES = ["a", "ab", "a b", "iB", "AB", "中", "中国", "國家", "b's", "-a"]
TEXT = st.text("aAbBs '’-_.1中国國家\n").map(clean)


@settings(deadline=None)
@given(TEXT, st.lists(st.sampled_from(SOURCES), unique=True), st.sampled_from(["en", "zh"]))
def test_spans_are_in_order_in_range_and_read_as_their_terms(
    text: str, sources: list[str], language: Language
) -> None:
    terms = tuple(Term(source, "T") for source in sources)
    at = 0
    for span in find_terms(text, terms, language):
        assert at <= span.start < span.end <= len(text)
        assert span.term in terms
        written = text[span.start : span.end].lower().translate(str.maketrans("國’\n", "国' "))
        source = span.term.source.lower().replace("國", "国")
        assert written in (source, source + "s")
        at = span.end


@settings(deadline=None)
@given(TEXT, st.sampled_from(SOURCES))
def test_a_term_between_blanks_is_always_found(text: str, source: str) -> None:
    spans = find_terms(f"{text} . {source} . {text}", (Term(source, "T"),), "zh")
    assert len(text) + 3 in [span.start for span in spans]


def write(path: Path, text: str, *, later: int = 0) -> None:
    path.write_text(text, encoding="utf-8")
    os.utime(path, (1_000_000 + later, 1_000_000 + later))


def test_a_named_glossary_serves_its_direction_alone(tmp_path: Path) -> None:
    write(tmp_path / "tech.en-zh.tsv", "cloud\t云\n")
    write(tmp_path / "tech.zh-en.csv", '云,cloud\n云端,"the cloud"\n')
    write(tmp_path / "one.en-zh.csv", "cloud\n")
    write(tmp_path / "README", "not\ta\tglossary")
    glossaries = Glossaries(tmp_path)
    assert glossaries.get("tech", "en", "zh-TW") == (Term("cloud", "云"),)
    assert glossaries.get("tech", "zh-Hant", "en") == (
        Term("云", "cloud"),
        Term("云端", "the cloud"),
    )
    assert glossaries.get("one", "en", "zh") == (Term("cloud", "cloud"),)
    with pytest.raises(InvalidInput):
        glossaries.get("one", "zh", "en")


@pytest.mark.parametrize(
    "name", ["none", "", ".", "..", "../tech", "in/tech", "tech\n", "a" * 65, "té"]
)
def test_an_unknown_name_tells_nothing(tmp_path: Path, name: str) -> None:
    (tmp_path / "in").mkdir()
    for directory in (tmp_path, tmp_path / "in"):
        write(directory / "tech.en-zh.tsv", "cloud\t云\n")
    for glossaries in (Glossaries(tmp_path / "in"), Glossaries(tmp_path), Glossaries()):
        with pytest.raises(InvalidInput) as refused:
            glossaries.get(name, "en", "zh")
        assert refused.value.field == "glossary"
        assert str(refused.value) == "no glossary of that name for this direction"


def test_a_changed_file_is_read_again_and_a_new_or_lost_one_is_noticed(tmp_path: Path) -> None:
    path = tmp_path / "tech.en-zh.tsv"
    write(path, "cloud\t云\n")
    glossaries = Glossaries(tmp_path)
    first = glossaries.get("tech", "en", "zh")
    assert glossaries.get("tech", "en", "zh") is first
    write(path, "cloud\t雲\n", later=1)
    assert glossaries.get("tech", "en", "zh") == (Term("cloud", "雲"),)
    path.unlink()
    write(tmp_path / "new.en-zh.tsv", "cloud\t云端\n")
    assert glossaries.get("new", "en", "zh") == (Term("cloud", "云端"),)
    with pytest.raises(InvalidInput):
        glossaries.get("tech", "en", "zh")


def test_a_lost_file_is_not_remembered(tmp_path: Path) -> None:
    path = tmp_path / "tech.en-zh.tsv"
    write(path, "cloud\t云\n")
    glossaries = Glossaries(tmp_path)
    path.unlink()
    for spoil in (False, True):
        if spoil:
            write(path, "cloud\t\n", later=1)
        with pytest.raises(InvalidInput):
            glossaries.get("tech", "en", "zh")


def test_a_file_that_was_spoiled_serves_as_it_last_was(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    path = tmp_path / "tech.en-zh.tsv"
    write(path, "cloud\t云\n")
    glossaries = Glossaries(tmp_path)
    write(path, "cloud\t云\t雲\n", later=1)
    with caplog.at_level(logging.ERROR):
        for _ in range(2):
            assert glossaries.get("tech", "en", "zh") == (Term("cloud", "云"),)
    assert caplog.messages == ["glossaries: tech.en-zh.tsv: line 1: more than two columns"]
    write(path, "cloud\t雲\n", later=2)
    assert glossaries.get("tech", "en", "zh") == (Term("cloud", "雲"),)


@pytest.mark.parametrize(
    ("files", "message"),
    [
        ({"tech.tsv": b"a\tb"}, "tech.tsv: expected a name such as NAME.en-zh.tsv"),
        ({"a b.en-zh.tsv": b"a\tb"}, "a b.en-zh.tsv: expected a name such as NAME.en-zh.tsv"),
        ({"x.en-zh.tsv": b"a\tb", "x.en-zh.csv": b"a,b"}, "x.en-zh.tsv exists as .csv too"),
        ({"x.en-zh.tsv": b"a\tb\n\tc"}, "x.en-zh.tsv: line 2: the source is empty"),
        ({"x.en-zh.tsv": "云".encode("gb18030")}, "x.en-zh.tsv: 'utf-8' codec"),
    ],
)
def test_a_directory_with_a_mistake_stops_the_start(
    tmp_path: Path, files: dict[str, bytes], message: str
) -> None:
    for name, content in files.items():
        (tmp_path / name).write_bytes(content)
    with pytest.raises(SettingsError) as refused:
        Glossaries(tmp_path)
    assert f"glossaries: {message}" in str(refused.value)


def test_a_missing_directory_stops_the_start(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="No such file"):
        Glossaries(tmp_path / "none")
