"""Live reports and lists, entry by entry."""

from __future__ import annotations

from service.briefs.selecting.entries import first_of_items, order_of_entries, superseded
from service.briefs.selecting.sentences import read_text

LIVE = [
    "Live: fire at the harbour of Kells",
    "08:05 A fire has broken out at the harbour. Two boats are burning.",
    "09:10 Four people are injured, the hospital says.",
    "10:20 Schools near the harbour are closed.",
    "11:40 Nine people are injured, the hospital says.",
    "12:30 The fire is out. The harbour stays shut.",
]


def test_the_newest_entry_comes_first_whichever_way_they_run() -> None:
    forward = read_text(LIVE, None, "en")
    places = order_of_entries(forward)
    told = sorted(range(len(places)), key=places.__getitem__)
    first = [forward.sentences[at].text for at in told]
    assert first[0] == "12:30 The fire is out."
    assert first[1] == "The harbour stays shut."
    assert first[-1] == "Two boats are burning."
    backward = read_text([LIVE[0], *reversed(LIVE[1:])], None, "en")
    places = order_of_entries(backward)
    told = sorted(range(len(places)), key=places.__getitem__)
    assert [backward.sentences[at].text for at in told] == first


def test_an_older_figure_of_the_same_thing_and_an_old_entry_are_out_of_date() -> None:
    text = read_text(LIVE, None, "en")
    late = [text.sentences[at].text for at in sorted(superseded(text))]
    assert late == [
        "08:05 A fire has broken out at the harbour.",
        "Two boats are burning.",
        "09:10 Four people are injured, the hospital says.",
    ]


def test_an_item_of_a_list_is_told_by_its_first_sentence() -> None:
    blocks = ["The week", "1. A tram for Kells. It runs at night.", "2. Herring is back.", "More."]
    text = read_text(blocks, None, "en")
    found = [text.sentences[at].text for at in sorted(first_of_items(text))]
    assert found == ["1. A tram for Kells.", "2. Herring is back."]
