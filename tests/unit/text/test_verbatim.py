"""What people write for programs in the middle of prose is found whole, and prose is not."""

from __future__ import annotations

import pytest

from service.text.placeholders import find_placeholders, masked
from service.text.programs import find_programs


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # code spans
        ("Type `git pull --rebase` twice.", ["`git pull --rebase`"]),
        ("先执行 `cat 说明.txt`，再看 ``a`b``。", ["`cat 说明.txt`", "``a`b``"]),
        ("An open ` is only a sign, and so are `` and ```", []),
        ("One ` here\n\nand one ` there", []),
        # functions, variables, files, options, versions, keys
        ("Use join() or path.exists(x), never doIt().", ["join()", "path.exists(x)", "doIt()"]),
        ("把 max_size 设为 4，不要改 userName。", ["max_size", "userName"]),
        ("Copy config.toml, .gitignore and a/main.c.", ["config.toml", ".gitignore", "a/main.c"]),
        ("打开“年报.pdf”和 summary.docx。", ["年报.pdf", "summary.docx"]),
        ("Start it with --dry-run or -v.", ["--dry-run", "-v"]),
        ("Press Ctrl+Shift+P, then Alt + F4.", ["Ctrl+Shift+P", "Alt + F4"]),
        ("Since v1.4.0-rc.2 and 3.0.0-beta", ["v1.4.0-rc.2", "3.0.0-beta"]),
        ("std::vector, $order->total and __init__", ["std::vector", "$order->total", "__init__"]),
        # templates
        (":user sent :count files to :Team.", [":user", ":count", ":Team"]),
        ("共:total条，:name！", [":total", ":name"]),
        ("at %H:%M on %d/%m/%Y (%A)", ["%H:%M", "%d/%m/%Y", "%A"]),
        ("Hi %user_name%, see [[Main page|home]].", ["%user_name%", "[[Main page|home]]"]),
        ('[gallery ids="1,2"] [button url="/a"]Go[/button]',
         ['[gallery ids="1,2"]', '[button url="/a"]', "[/button]"]),
        ("Dear [first_name], your $amount is due.", ["[first_name]", "$amount"]),
        ("One<br/>two <img src='a.png'> <!-- b -->", ["<br/>", "<img src='a.png'>", "<!-- b -->"]),
        ("Hi %<count>d, \\begin{equation} and $a^2+b^2=c^2$ cost $5 or $6",
         ["%<count>d", "\\begin{equation}", "$a^2+b^2=c^2$"]),
        # emoji
        ("太好笑了😂😂🎉", ["😂😂🎉"]),
        ("I ❤️ it, 👍🏽 and 👩‍💻", ["❤️", "👍🏽", "👩‍💻"]),
        ("🇯🇵🇨🇳 1️⃣ ⚠️ ☔", ["🇯🇵🇨🇳", "1️⃣", "⚠️", "☔"]),
        ("© 2026 Acme™ → ★★ ☆ 100% 1# 2*", []),
        ("♪ The sea is calm ♪", ["♪", "♪"]),
        # platforms
        ("Well done :tada: :+1: everyone", [":tada:", ":+1:"]),
        ("Ask <@U024BE7LH> in <#C01AB2CD3|help>", ["<@U024BE7LH>", "<#C01AB2CD3|help>"]),
        ("<@U123> posted in <#C9|general>", ["<@U123>", "<#C9|general>"]),
        ("#OpenDay and #2026计划 but not #1", ["#OpenDay", "#2026计划"]),
        ("看#春季马拉松#，问 @城市日报。", ["#春季马拉松#", "@城市日报"]),
        # addresses
        ("见 https://例子.example/路/1?页=2 。", ["https://例子.example/路/1?页=2"]),
        ("见https://a.example/公告。下文", ["https://a.example/公告"]),
        ("见https://a.example/x，下文", ["https://a.example/x"]),
        ("写信到 读者@例子.公司 或 a@例子.example。", ["读者@例子.公司", "a@例子.example"]),
        ("See docs.example.org/a?b=1.", ["docs.example.org/a?b=1"]),
    ],
)  # fmt: skip
def test_each_is_found_whole(text: str, expected: list[str]) -> None:
    assert [one.text for one in find_placeholders(text)] == expected


@pytest.mark.parametrize(
    "text",
    [
        "At 12:30:45 the score was 3:1. We're #1, e.g. in the U.S. and i.e. here.",
        "He has two file(s); St.John, No.5 and the U.S.-based firm; iPhone, YouTube, McDonald.",
        "He said: yes. (Note: no) a:b, 5% down, 10 %, [sic] [laughs] [1]",
        "时间:周一；比分3:1；他说:好。第1名#。",
        "the house--which was old--was sold; -5 degrees; x-ray; and/or",
    ],
)
def test_prose_has_none(text: str) -> None:
    assert find_placeholders(text) == []


def test_a_mask_hides_marks_that_would_end_a_sentence() -> None:
    text = "See `a. b?` now."
    assert masked(text, find_placeholders(text)) == "See XXXXXXX now."


def test_programs_written_small_are_told_from_words() -> None:
    assert find_programs("Restart nginx and npm, not the mph of rhythm-less cron.") == [
        "nginx",
        "npm",
        "cron",
    ]
