"""What is counted of names in translations."""

from __future__ import annotations

from bench.documents import Document
from bench.names import Line, Tally, drawn, pairs, tally
from service.names.model import Name

GERMANY = Name("Germany", 0, 7, "place", ("德国", "德方"), "lexicon")
OKONKWO = Name("Marisol Okonkwo", 10, 25, "person", ("Marisol Okonkwo",), "verbatim")
TERM = Name("mayor", 0, 5, "term", ("市长",), "lexicon")


def test_a_known_name_counts_if_a_human_wrote_it_as_the_table_does() -> None:
    assert tally([GERMANY], "德方来了。", ["德国来了。"], "zh") == Tally(1, 1)
    assert tally([GERMANY], "法国来了。", ["德国来了。"], "zh") == Tally(1, 0)
    assert tally([GERMANY], "法国来了。", ["他们来了。"], "zh") == Tally()


def test_an_unknown_person_is_kept_or_not_and_terms_are_no_names() -> None:
    assert tally([OKONKWO, TERM], "Marisol Okonkwo来了。", ["奥康沃来了。"], "zh") == Tally(
        0, 0, 1, 1
    )
    assert tally([OKONKWO], "奥康沃来了。", ["奥康沃来了。"], "zh") == Tally(0, 0, 1, 0)


def test_an_article_goes_with_its_human_translations() -> None:
    documents = [
        Document("wmt22-en-zh-1-src", "en", ("One.", "Two.")),
        Document("wmt22-en-zh-1-ref", "zh", ("一。", "二。"), ("壹。", "贰。")),
        Document("ntrex-7-en", "en", ("Three.",)),
        Document("ntrex-7-zh", "zh", ("三。",)),
        Document("ntrex-8-en", "en", ("Alone.",)),
    ]
    english = pairs(documents, "en")
    assert english == [
        [
            Line("One.\nTwo.", "One.", ("一。", "壹。")),
            Line("One.\nTwo.", "Two.", ("二。", "贰。")),
        ],
        [Line("Three.", "Three.", ("三。",))],
    ]
    assert pairs(documents, "zh") == [[Line("三。", "三。", ("Three.",))]]


def test_the_same_seed_draws_the_same_lines_a_few_of_each_article() -> None:
    articles = [[Line(f"a{n}", f"{n}.{at}", ()) for at in range(9)] for n in range(5)]
    lines = drawn(articles, 8, 1)
    assert lines == drawn(articles, 8, 1)
    assert lines != drawn(articles, 8, 2)
    assert [len({line.article for line in lines}), len(lines)] == [2, 8]
