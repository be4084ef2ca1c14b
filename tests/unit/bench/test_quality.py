"""The scores and counts of the quality bench, and how it asks."""

from __future__ import annotations

import pytest

from bench.quality import (
    Done,
    Recorder,
    Runs,
    bleu,
    chrf,
    interface_table,
    is_foreign,
    listed,
    plain_request,
    quality_table,
    shares,
    survived,
    throughput_table,
    translate_plainly,
    translate_with,
)
from bench.sample import Direction, Sample
from service.errors import GenerationFailed
from service.inference.fake import FakeGenerator
from service.inference.protocol import GenerationRequest, Message, Plan
from service.languages import Language
from service.translation.fake import FakeTranslator
from service.translation.model import Order

SAMPLE = Sample(
    "en-zh",
    (4, 9),
    ("It cost 5 yuan.", "The council met."),
    (("它花了5元。", "市议会开会了。"), ("花费五元。", "委员会举行了会议。")),
)


def test_a_reference_scores_100_and_the_better_of_two_references_counts() -> None:
    first, second = SAMPLE.references
    assert bleu(first, [first], "zh") == pytest.approx(100)
    assert chrf(first, [first]) == pytest.approx(100)
    assert bleu(first, [second], "zh") < 50
    assert bleu(first, [second, first], "zh") == pytest.approx(100)
    assert chrf(first, [second, first]) == pytest.approx(100)


def test_chinese_is_scored_by_characters_and_english_by_words() -> None:
    assert bleu(["市议会昨天开会了"], [["市议会今天开会了"]], "zh") > 30
    assert bleu(["市议会昨天开会了"], [["市议会今天开会了"]], "en") == 0
    assert bleu(["The old council met, again."], [["The old council met , again ."]], "en") > 99


@pytest.mark.parametrize(
    ("text", "target", "source", "expected"),
    [
        ("The council met.", "en", "市议会开会了。", False),
        ("The 市议会 met.", "en", "市议会开会了。", True),
        ("市议会用iPhone开会。", "zh", "The council met by iPhone.", False),
        ("市议会meeting开会。", "zh", "The council met.", True),
        ("市议会の会议。", "zh", "The council met.", True),
        ("The совет met.", "en", "市议会开会了。", True),
        ("这是の的意思。", "zh", "This is what の means.", False),
    ],
)
def test_a_foreign_script_is_seen_unless_the_source_has_it(
    text: str, target: Language, source: str, expected: bool
) -> None:
    assert is_foreign(text, target, source) is expected


@pytest.mark.parametrize(
    ("source", "text", "expected"),
    [
        ("Hello, %s!", "您好，%s！", (1, 1)),
        ("{a} of {b}", "{b} 中的 {a}", (2, 2)),
        ("%(count)d items", "%(数量)d 项", (0, 1)),
        ("%d of %d", "%d 页", (1, 2)),
        ("%d of 5", "%d 页，%d", (1, 1)),
        ("Save", "保存", (0, 0)),
    ],
)
def test_placeholders_survive_to_the_letter_each_as_often_as_it_stood(
    source: str, text: str, expected: tuple[int, int]
) -> None:
    assert survived(source, text) == expected


def test_texts_are_dealt_out_and_none_is_lost() -> None:
    assert shares(["a", "b", "c", "d", "e"], 2) == [["a", "c", "e"], ["b", "d"]]
    assert shares(["a"], 8) == [["a"]]


def test_the_plain_prompt_is_greedy_and_free() -> None:
    request = plain_request("市议会开会了。", "zh-en")
    assert request.messages == (
        Message(
            "user",
            "Translate the following text from Chinese to English. Output only the translation."
            "\n\n市议会开会了。",
        ),
    )
    assert (request.task, request.grammar) == ("translate:zh-en", None)
    assert request.sampling.temperature == 0
    assert request.id != plain_request("市议会开会了。", "zh-en").id


async def test_plain_answers_are_in_the_order_of_the_sample() -> None:
    generator = FakeGenerator(lambda request: f" {request.messages[0].content[-5:]}\n")
    async with generator.admit(Plan("translate:en-zh")) as ticket:
        done = await translate_plainly(ticket, SAMPLE)
    assert done.texts == ("yuan.", "met.")
    assert done.warnings is None


async def test_the_translator_is_given_one_order_in_both_languages() -> None:
    translator = FakeTranslator()
    done = await translate_with(translator, SAMPLE, "best")
    assert translator.orders == [Order(SAMPLE.sources, "zh-Hans", "en", effort="best")]
    assert done.texts == ("[zh-Hans] It cost 5 yuan.", "[zh-Hans] The council met.")
    assert done.warnings == ((), ())


async def test_the_recorder_keeps_what_was_finished_in_order() -> None:
    def answer(request: GenerationRequest) -> str | Exception:
        return GenerationFailed("no") if request.messages[0].content[-1] == "b" else "好"

    recorder = Recorder(FakeGenerator(answer))
    requests = [plain_request(text, "en-zh") for text in ("a", "b", "c")]
    async with recorder.admit(Plan("translate:en-zh")) as ticket:
        for request in requests:
            if request is requests[1]:
                with pytest.raises(GenerationFailed):
                    await ticket.generate(request)
            else:
                await ticket.generate(request)
    assert recorder.requests == [requests[0], requests[2]]
    assert recorder.capabilities[0].model == "fake"


def test_the_quality_table_has_a_row_for_each_system() -> None:
    good = Done(SAMPLE.references[0], 4.0, ((), ("number: no",)))
    bad = Done(("它花了6元。", "市议会went。"))
    runs: Runs = {"jianbao": {"en-zh": good}, "Online-A": {"en-zh": bad}}
    lines = quality_table(runs, {"en-zh": SAMPLE}).splitlines()
    ours, theirs = ([cell.strip() for cell in line.split("|")[1:-1]] for line in lines[2:])
    assert ours[0] == "jianbao"
    assert ours[1].startswith("100.0 / ")
    assert ours[1].endswith(" / 100.0")
    assert ours[3:] == ["0.50", "1", "0", "0"]
    assert (theirs[0], theirs[3:]) == ("Online-A", ["", "", "1", "1"])


def test_throughput_is_compared_with_the_bare_engine() -> None:
    seconds: dict[str, dict[Direction, float]] = {
        "bare": {"en-zh": 9.0, "zh-en": 8.0},
        "service": {"en-zh": 10.0, "zh-en": 16.0},
    }
    assert throughput_table(seconds, 100).splitlines() == [
        "| segments a second | en-zh | of the bare engine | zh-en | of the bare engine |",
        "| --- | --- | --- | --- | --- |",
        "| bare | 11.11 |  | 12.50 |  |",
        "| service | 10.00 | 0.90 (goal 0.9) | 6.25 | 0.50 (goal 0.9) |",
    ]


def test_the_interface_table_counts_placeholders() -> None:
    sample = Sample("en-zh", (0, 1), ("%s of %s", "{x}"), (("%s，%s", "{x}"),))
    done = Done(("%s，%s", "{y}"))
    assert interface_table({"plain": {"en-zh": done}}, {"en-zh": sample}).endswith("| 2 of 3 |")


def test_translations_are_listed_by_the_lines_of_their_file() -> None:
    done = Done(SAMPLE.references[0], 1.0, ((), ("cut: it does not end",)))
    rows = listed({"jianbao": {"en-zh": done}}, {"en-zh": SAMPLE})
    assert rows[1] == {
        "system": "jianbao",
        "direction": "en-zh",
        "line": 10,
        "source": "The council met.",
        "text": "市议会开会了。",
        "warnings": ("cut: it does not end",),
    }
