"""The instructions of known programs are taken off, and what they ask for is read."""

from __future__ import annotations

import time

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
        "Rewrite the following article as a poem:\nThe council met.\nIt rained.",
        "Turn this story into a tweet: the council met on Tuesday.",
        "请把下面的文章改写成一首诗：\n市议会周二开会。",
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


LINE = "The council of Rivertown met on Tuesday. It approved the budget.\nWork begins in March."
ZEILE = "市议会周二开会，批准了预算。工程3月开始。"


@pytest.mark.parametrize(
    "order",
    [
        "Summarize the following article in two sentences. ",
        "Summarize this in 3 bullet points: ",
        "Please summarize the text below in Swahili: ",
        "Summarise the news article below in English, using simple language.\n\n",
        "Write a concise summary of the following:\n\n\n",
        "TL;DR: ",
        "Give me a short summary of this article: ",
        "Can you summarize this article for me? ",
        "Summarize:\n",
        "Translate the following text to German: ",
        "Translate to Swahili: ",
        "Translate this article into Simplified Chinese. ",
        "Create a headline for this story: ",
        ("Please provide a brief summary of the text below. Do not add comments. Use bullets. "),
        "Summarize the article between triple quotes in English:\n",
        "Your task is to summarize the following news article in 2 sentences.\n\nArticle: ",
        "Summarize the following content in Chinese (Simplified).\n",
        "Condense this text to one paragraph. ",
        "Write a two-sentence summary of this article. ",
        "Summarize in two sentences. ",
        "You are a news editor. Summarize the following article in 2 sentences: ",
        "Here is an article. Summarize it in 2 sentences.\n\n",
        "I need a summary of this article: ",
        "I'd like a short summary of the text below. ",
        "Extract the key points of the following article:\n\n",
        "List the main takeaways from this story: ",
    ],
)
def test_an_order_on_the_texts_own_line_is_taken_off(order: str) -> None:
    assert unwrap(order + LINE) == (LINE, order.strip().removesuffix("\n\nArticle:"))


@pytest.mark.parametrize(
    "order",
    [
        "请总结以下文章：",
        "用三句话概括下面的新闻：",
        "请用日语总结这篇文章：",
        "帮我总结一下这篇文章。",
        "请将以下内容翻译成英文：\n",
        "把下面的文字翻译成法语：",
        "请用两句话总结以下内容，不要加评论：\n\n",
        "请总结下面的新闻，要求语言简洁。只输出摘要。",
        "总结：\n",
        "翻译成英语：",
        "請總結以下文章：\n",
        "请对以下文章进行简短的总结，不超过100字：",
        "你是一名编辑。请用两句话总结以下文章：",
    ],
)
def test_a_chinese_order_on_the_texts_own_line_is_taken_off(order: str) -> None:
    assert unwrap(order + ZEILE).text == ZEILE


@pytest.mark.parametrize(
    "article",
    [
        "Summary of the trial: three men were freed.\nThey left.",
        "Summary: The council met. Work begins.",
        "Shorten the war, the pope said on Sunday.\nHe spoke in Rome.",
        "Translate the law into action, activists told the minister. She agreed.",
        "Write to us, the mayor said. She means it.",
        "Give blood, hospitals ask. Stocks are low.",
        "You are a witness, the judge said. Summarize it, he asked.",
        "Here is the news from the valley. It rained all week.",
        "I need a summary, the minister said on Monday. Nobody had one.",
        "总结经验，再创辉煌。县长周一在会上说。",
        "用三年时间概括一座城市的历史，这位学者做到了。他周一去世。",
        "The book was written auf Deutsch, its author said. It sold well.",
        f"{LINE}\nThe mayor was asked to summarize it.",
    ],
)
def test_a_sentence_that_only_begins_like_an_order_stays(article: str) -> None:
    assert unwrap(article) == (article, "")


@pytest.mark.parametrize(
    ("message", "text"),
    [
        (f"{LINE}\n\nSummarize the above in two sentences.", LINE),
        (f"{ZEILE}\n\n请总结上面的文章。", ZEILE),
        # the chain of LangChain that n8n has
        (f'Write a concise summary of the following:\n\n\n"{LINE}"\n\n\nCONCISE SUMMARY:', LINE),
        (f'Summarize the text:\n"""\n{LINE}\n"""', LINE),
        (f"Summarize this:\n```\n{LINE}\n```", LINE),
        (f"Summarize this article in English.\n<article>\n{LINE}\n</article>", LINE),
        (
            (
                "Please summarize the following article:\nTitle: Budget approved\n"
                f"URL: https://news.example/1\nContent: {LINE}"
            ),
            f"Budget approved\n\n{LINE}",
        ),
    ],
)
def test_what_stands_around_the_text_is_taken_off(message: str, text: str) -> None:
    assert unwrap(message).text == text


@pytest.mark.parametrize(
    ("message", "language"),
    [
        ("Summarize the following article in Swahili: ", "Swahili"),
        ("Please summarize this in Brazilian Portuguese.\n", "Brazilian Portuguese"),
        ("Translate the following to Klingon: ", "Klingon"),
        ("Fasse den folgenden Artikel auf Deutsch zusammen: ", "German"),
        ("Résume cet article en français :\n", "French"),
        ("Resume este artículo en español: ", "Spanish"),
        ("Riassumi questo articolo in italiano.\n", "Italian"),
        ("Кратко изложи статью по-русски:\n", "Russian"),
        ("次の記事を日本語で要約してください：", "Japanese"),
        ("다음 기사를 한국어로 요약해 주세요:\n", "Korean"),
        ("Tóm tắt bài báo sau bằng tiếng Việt: ", "Vietnamese"),
        ("auf Deutsch: ", "German"),
        ("请用日语总结以下文章：", "日语"),
        ("把下面的文字翻译成斯瓦希里语：", "斯瓦希里语"),
        ("请用法文概括这篇新闻。", "法文"),
    ],
)
def test_another_language_is_told_by_its_name(message: str, language: str) -> None:
    found = unwrap(message + (ZEILE if "请" in message or "把" in message else LINE))
    assert read_options(found.instruction) == ChatOptions(unknown_language=language)


@pytest.mark.parametrize(
    ("system", "expected"),
    [
        ("Antworte auf Deutsch.", ChatOptions(unknown_language="German")),
        ("You write in Welsh.", ChatOptions(unknown_language="Welsh")),
        ("Output language: Thai", ChatOptions(unknown_language="Thai")),
        ("请用泰语回答。", ChatOptions(unknown_language="泰语")),
        ("Summarize in two or three short sentences.", ChatOptions(length=SentenceCount(2))),
        (
            "A five-sentence answer, in Traditional Chinese.",
            ChatOptions("zh-Hant", length=SentenceCount(5)),
        ),
        ("Summarize in two sentences in English.", ChatOptions("en", length=SentenceCount(2))),
        ("用书面语回答，不要全文照抄。", ChatOptions()),
        ("请用普通话写。", ChatOptions(language="zh")),
        ("Answer in the style of a newspaper, in full sentences.", ChatOptions()),
    ],
)
def test_what_system_texts_name_is_read(system: str, expected: ChatOptions) -> None:
    assert read_options(system) == expected


@pytest.mark.parametrize(
    "message",
    [
        "Summarize the text " + "in short " * 40_000,
        "Summarize the text, " + "and in a concise concise style, " * 10_000,
        "Summarize " + "the following text " * 20_000,
        "Please " * 50_000 + "summarize it",
        "You are a " + "b " * 100_000,
        "Summarize this text: " + "Use a summary. " * 20_000,
        "a\n" + "\n" * 200_000,
        "Summarize it:\n" + '"' * 200_000,
        "Summarize it:\n" + "Title: x\n" * 30_000,
        "请用" + "一" * 100_000,
        "请总结" + "以下文章，" * 30_000,
        "用" * 100_000 + "语",
    ],
)
def test_orders_are_read_quickly_whatever_is_sent(message: str) -> None:
    started = time.process_time()
    read_options(unwrap(message).instruction)
    is_chat(message)
    assert time.process_time() - started < 5
