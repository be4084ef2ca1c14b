"""Chunks: everything once, nothing over budget, no tiny rest."""

from __future__ import annotations

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from service.text.chunks import MIN_TOKENS, Chunk, estimate_tokens, halve, split_chunks
from service.text.sentences import join_sentences, split_sentences

TEXT = st.text("ab Zé1.,!?…”。！；，、他说\n😀𠮷", max_size=600)
BUDGET = st.integers(MIN_TOKENS, 80)


def written(text: str) -> str:
    return "".join(text.split())


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("", 0),
        ("the cat", 2),
        ("government", 2),
        ("NATO", 2),
        ("2023", 4),
        ("中国", 2),
        ("中国经济增长", 5),
        ("增长3.5%。", 7),
        ("😀", 4),
        ("a\n\nb", 3),
    ],
)
def test_estimate_counts_as_its_docstring_says(text: str, tokens: int) -> None:
    assert estimate_tokens(text) == tokens


@settings(deadline=None)
@given(TEXT, TEXT)
def test_two_texts_together_never_cost_more_than_apart(one: str, two: str) -> None:
    assert estimate_tokens(one + two) <= estimate_tokens(one) + estimate_tokens(two)


def test_what_fits_is_one_chunk() -> None:
    [chunk] = split_chunks(["Headline", "One sentence.", "两句话。"], 100)
    assert chunk.text == "Headline\nOne sentence. 两句话。"
    assert (chunk.start, chunk.end, chunk.characters) == (0, 3, 25)


def test_no_sentences_make_no_chunks() -> None:
    assert split_chunks([], 100) == []


def test_pieces_are_of_nearly_equal_size_instead_of_a_tiny_last_one() -> None:
    sentences = ["one two six ten."] * 13  # 5 tokens each
    chunks = split_chunks(sentences, 30)
    assert [chunk.end - chunk.start for chunk in chunks] == [4, 4, 5]


def test_a_single_sentence_over_the_budget_is_cut_at_its_clauses() -> None:
    sentence = "甲乙丙丁戊己庚辛壬癸，甲乙丙丁戊己庚辛壬癸，甲乙丙丁戊己庚辛壬癸。"
    assert [chunk.text for chunk in split_chunks([sentence], 16)] == [
        "甲乙丙丁戊己庚辛壬癸，",
        "甲乙丙丁戊己庚辛壬癸，",
        "甲乙丙丁戊己庚辛壬癸。",
    ]


def test_without_clauses_words_stay_whole_and_keep_their_spaces() -> None:
    sentence = " ".join(["word"] * 40)
    chunks = split_chunks([sentence], 16)
    assert " ".join(chunk.text for chunk in chunks) == sentence
    assert {(chunk.start, chunk.end) for chunk in chunks} == {(0, 1)}


def test_without_any_break_it_is_cut_anywhere_but_inside_a_number() -> None:
    text = "增长" * 20 + "123" + "增长" * 20
    chunks = split_chunks([text], 16)
    assert "".join(chunk.text for chunk in chunks) == text
    assert any("123" in chunk.text for chunk in chunks)


def test_overlap_repeats_the_end_of_the_chunk_before() -> None:
    sentences = [f"Sentence number {word}." for word in ("one", "two", "six", "ten") * 4]
    chunks = split_chunks(sentences, 30, overlap=6)
    assert chunks[1].repeated == 1
    assert chunks[1].pieces[0] == chunks[0].pieces[-1]
    assert [chunk.start for chunk in chunks[1:]] == [chunk.end for chunk in chunks[:-1]]


@pytest.mark.parametrize(("max_tokens", "overlap"), [(MIN_TOKENS - 1, 0), (20, 10), (100, -1)])
def test_a_budget_without_room_is_refused(max_tokens: int, overlap: int) -> None:
    with pytest.raises(ValueError, match="overlap"):
        split_chunks(["One."], max_tokens, overlap=overlap)


@settings(deadline=None)
@given(TEXT, BUDGET, st.integers(0, 40))
def test_every_sentence_is_in_a_chunk_and_no_chunk_over_budget(
    text: str, budget: int, overlap: int
) -> None:
    sentences = split_sentences(text)
    chunks = split_chunks(sentences, budget + overlap, overlap=overlap)
    own = "".join(piece.text for chunk in chunks for piece in chunk.own)
    assert written(own) == written(join_sentences(sentences))
    assert sum(chunk.characters for chunk in chunks) == len(own)
    assert all(estimate_tokens(chunk.text) <= budget + overlap for chunk in chunks)
    indices = {piece.sentence for chunk in chunks for piece in chunk.own}
    assert indices == set(range(len(sentences)))


def test_halves_are_nearly_equal_and_keep_their_sentences() -> None:
    [chunk] = split_chunks(["One two three.", "Four five six.", "A.", "B."], 100)
    left, right = halve(chunk)
    assert (left.text, right.text) == ("One two three.", "Four five six. A. B.")
    assert (left.start, left.end, right.start, right.end) == (0, 1, 1, 4)


@pytest.mark.parametrize(
    ("text", "halves"),
    [
        ("甲乙丙，丁戊己。", ["甲乙丙，", "丁戊己。"]),
        ("one two", ["one", "two"]),
        ("ab", ["a", "b"]),
    ],
)
def test_one_sentence_can_still_be_halved(text: str, halves: list[str]) -> None:
    [chunk] = split_chunks([text], 100)
    assert [half.text for half in halve(chunk)] == halves


def test_a_character_cannot_be_halved() -> None:
    [chunk] = split_chunks(["a"], 100)
    with pytest.raises(ValueError, match="character"):
        halve(chunk)


@settings(deadline=None)
@given(TEXT)
def test_halving_ends_at_single_characters_and_loses_nothing(text: str) -> None:
    chunks = split_chunks(split_sentences(text[:60]), 1000)
    assume(chunks)
    waiting, done = list(chunks), []
    while waiting:
        chunk: Chunk = waiting.pop(0)
        if len(chunk.text) == 1:
            done.append(chunk.text)
        else:
            waiting = [*halve(chunk), *waiting]
    assert "".join(done) == written(text[:60])
