"""The instructions of known programs are taken off, and what they ask for is read."""

from __future__ import annotations

import pytest

from service.briefs.model import SentenceCount
from service.web.compat.chat_prompts import (
    ChatOptions,
    asks_for_other_work,
    is_chat,
    join_paragraphs,
    looks_like_html,
    read_options,
    split_paragraphs,
    unwrap,
)

ARTICLE = "The council of Rivertown met on Tuesday.\nIt approved the budget."
KARAKEEP = (
    "\nSummarize the following content responding ONLY with the summary. You MUST follow the "
    "following rules:\n- Summary must be in 3-4 sentences.\n- The summary must be in chinese.\n"
    f"\n    {ARTICLE}"
)
KARAKEEP_OWN_RULE = KARAKEEP.replace(
    "chinese.\n", "english.\n- Do not mention the newspaper's name.\n"
)
MINIFLUX_AI = f"The following is the input content:\n---\n {ARTICLE}"
FRESHRSS = f"input: \n{ARTICLE}"
PDF_MATH = (
    ";; Treat next line as plain text input and translate it into Simplified Chinese, output "
    "translation ONLY. If translation is unnecessary (e.g. proper nouns, codes, {{1}}, etc. ), "
    f"return the original text. NO explanations. NO notes. Input:\n\n{ARTICLE}"
)
IMMERSIVE = f"Translate to English (output translation only):\n\n{ARTICLE}"
READ_FROG = f"Translate to Traditional Chinese:\n\n\n{ARTICLE}"
IMMERSIVE_ZH = f"翻译为简体中文（仅输出译文内容）：\n\n{ARTICLE}"


@pytest.mark.parametrize(
    "message",
    [
        KARAKEEP,
        KARAKEEP_OWN_RULE,
        MINIFLUX_AI,
        FRESHRSS,
        PDF_MATH,
        IMMERSIVE,
        READ_FROG,
        IMMERSIVE_ZH,
        f"Please summarize this article:\n{ARTICLE}",
        f"Summarise the following news text in English:\n\n{ARTICLE}",
        f"Translate the following text into Chinese:\n{ARTICLE}",
        f"请总结以下内容：\n{ARTICLE}",
        f"请把下面的文字翻译成英文：\n{ARTICLE}",
    ],
)
def test_the_article_is_what_is_left(message: str) -> None:
    assert unwrap(message).text == ARTICLE


@pytest.mark.parametrize(
    "article",
    [
        ARTICLE,
        "Input: the farmers want more of it.\nThe ministry listened on Tuesday.",
        "Translate to earn: a firm in Rivertown pays its readers.\nThey translate its news.",
        "Summarize the following, the judge told the clerk.\nThe clerk refused.",
        "翻译为何难\n记者走访了三家出版社。",
        "请总结经验，县长说：\n各镇都要开会。",
    ],
)
def test_an_article_that_begins_like_an_instruction_stays_whole(article: str) -> None:
    assert unwrap(article) == (article, "")


@pytest.mark.parametrize(
    ("instructions", "expected"),
    [
        (unwrap(KARAKEEP).instruction, ChatOptions(language="zh", length=SentenceCount(3))),
        (
            unwrap(KARAKEEP_OWN_RULE).instruction,
            ChatOptions(language="en", length=SentenceCount(3)),
        ),
        (unwrap(PDF_MATH).instruction, ChatOptions(language="zh-Hans")),
        (unwrap(IMMERSIVE).instruction, ChatOptions(language="en")),
        (unwrap(READ_FROG).instruction, ChatOptions(language="zh-Hant")),
        (unwrap(IMMERSIVE_ZH).instruction, ChatOptions(language="zh-Hans")),
        (
            "You are a translator who writes into Simplified Chinese.",
            ChatOptions(language="zh-Hans"),
        ),
        (
            "You summarize news in English as bullet points.",
            ChatOptions(language="en", style="bullets"),
        ),
        ("请用中文写两句话。", ChatOptions(language="zh", length=SentenceCount(2))),
        ("style: headline", ChatOptions(style="headline")),
        ("length: short", ChatOptions(length="short")),
        ("Write the summary in German.", ChatOptions(unknown_language="German")),
        (
            "Translate to Japanese (output translation only):\n\n",
            ChatOptions(unknown_language="Japanese"),
        ),
        ("You are a helpful assistant.", ChatOptions()),
        ("Write in a calm tone. Sentences from 2019 to 2021 are short.", ChatOptions()),
        ("", ChatOptions()),
    ],
)
def test_what_instructions_name_is_read(instructions: str, expected: ChatOptions) -> None:
    assert read_options(instructions) == expected


def test_karakeeps_wish_for_tags_is_no_article() -> None:
    options = (
        "You are an expert whose responsibility is to help with automatic tagging.\n\n"
        f"<TEXT_CONTENT>\n{ARTICLE}\n</TEXT_CONTENT>\n"
        'You must respond in JSON with the key "tags" and the value is an array of string tags.'
    )
    assert asks_for_other_work(options)
    middle = f"{ARTICLE}\nThe form said: respond in JSON with the key.\n{ARTICLE}\nIt rained."
    assert not asks_for_other_work(middle)


@pytest.mark.parametrize(
    "message",
    [
        "### Task:\nGenerate a concise, 3-5 word title.\n### Guidelines:\n- Be clear.",
        'Suggest follow-up questions.\n### Output:\nJSON format: { "follow_ups": [] }',
        'Generate 1-3 tags.\nJSON format: { "tags": ["tag1", "tag2"] }',
    ],
)
def test_tasks_of_a_chat_program_are_no_article(message: str) -> None:
    assert asks_for_other_work(message)


@pytest.mark.parametrize(
    "message",
    [
        "What is the capital of France?",
        "What is the capital of France? And could you also tell me how many people live there?",
        "Write me a long poem about the sea and the people who live by it.",
        "Please write a poem about the harbour.",
        "Can you recommend a book about bridges",
        "你能做什么",
        "帮我写一首关于秋天的诗。",
        "请告诉我明天的天气。",
        "法国的首都是哪里？",
    ],
)
def test_questions_and_requests_are_no_article(message: str) -> None:
    assert is_chat(message)


@pytest.mark.parametrize(
    "message",
    [
        ARTICLE,
        "Who pays for the bridge? The council has not said. Work began on Monday.",
        "The mayor asked: can you wait?\nThe council said that it could.",
        "Write-in candidates took a third of the vote in Rivertown on Sunday.",
        "你好镇的大桥周一开工，工期两年。",
        "请愿书周一交到了市政府。",
    ],
)
def test_an_article_is_no_request(message: str) -> None:
    assert not is_chat(message)


def test_paragraphs_that_a_page_was_cut_into_are_joined_again() -> None:
    assert split_paragraphs("One.\n\n%%\n\nTwo, 50 %% of it.\n%%\nThree.") == [
        "One.",
        "Two, 50 %% of it.",
        "Three.",
    ]
    assert join_paragraphs(["One.", "Two."]) == "One.\n\n%%\n\nTwo."
    assert join_paragraphs(["One."]) == "One."


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("<p>The council met.</p>", True),
        ('Read <a href="/x">more</a>.', True),
        ("Profits fell <5% while a < b held.", False),
        ("The tag <unknown> stays.", False),
    ],
)
def test_tags_of_pages_are_seen(text: str, expected: bool) -> None:
    assert looks_like_html(text) is expected
