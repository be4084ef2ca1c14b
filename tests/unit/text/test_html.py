"""HTML to text blocks: what a reader sees, in reading order, and nothing else."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from service.text.html import title, to_blocks

PAGE = """<!doctype html><html><head><title>News &amp; more | Site</title>
<meta property="og:title" content="Big news"><style>p{color:red}</style></head>
<body><header>Site name</header><nav><a href=/>Home</a></nav>
<article><header><h1>Big <em>news</em></h1><p>By A. Writer</p></header>
<p>One <b>bold</b>
   word &amp;amp; more.<br>New line.</p>
<ul><li>first<li>second</ul>
<table><tr><th>Year<th>Growth</tr><tr><td>2023<td>3.5%</table>
<figure><img src=x alt=no><figcaption>A caption</figcaption></figure>
<aside>Related</aside><form><button>Subscribe</button></form>
</article><footer>Copyright</footer></body></html>"""


def test_only_the_article_of_a_page_is_read_block_by_block() -> None:
    assert to_blocks(PAGE) == [
        "Big news",
        "By A. Writer",
        "One bold word &amp; more.\nNew line.",
        "first",
        "second",
        "Year | Growth",
        "2023 | 3.5%",
        "A caption",
    ]


@pytest.mark.parametrize(
    "hidden",
    [
        "<script>evil()</script>",
        "<style>evil{}</style>",
        "<!-- evil -->",
        "<template><p>evil</p></template>",
        "<noscript>evil</noscript>",
        "<iframe>evil</iframe>",
        "<svg><text>evil</text></svg>",
        "<object>evil</object>",
        "<textarea>evil</textarea>",
        "<p hidden>evil</p>",
        '<div aria-hidden="TRUE"><p>evil</p></div>',
        '<div style="color: red; display : none">evil</div>',
        '<span style="DISPLAY:NONE !important">evil</span>',
        '<span style="visibility:hidden">evil</span>',
        '<span style="font-size:0px">evil</span>',
        '<span style="opacity: 0.0">evil</span>',
    ],
)
def test_what_a_reader_cannot_see_never_reaches_the_model(hidden: str) -> None:
    assert to_blocks(f"<p>good</p>{hidden}<p>news</p>") == ["good", "news"]


@pytest.mark.parametrize(
    "style", ["display:block", "opacity:0.5", "font-size:0.9em", "background:display-none"]
)
def test_visible_styles_hide_nothing(style: str) -> None:
    assert to_blocks(f'<p style="{style}">seen</p>') == ["seen"]


@pytest.mark.parametrize(
    ("html", "blocks"),
    [
        ("", []),
        ("plain text & <b>bold", ["plain text & bold"]),
        ("<p>a</p>loose<div>b</div>tail <i>in</i>line", ["a", "loose", "b", "tail inline"]),
        ("<p>a<p>b<div>c", ["a", "b", "c"]),
        ("<main>in</main><p>out", ["in"]),
        ("<article>a</article><article>b</article><nav>n</nav>", ["a", "b"]),
        ("<article></article><p>elsewhere", ["elsewhere"]),
        ("<article><header>h</header></article><article>b</article>", ["h", "b"]),
        ("<form><p>the whole page</p></form>", ["the whole page"]),
        ("<pre>a\n  b</pre>", ["a\nb"]),
        ("a<br>b<br><br>c", ["a\nb", "c"]),
        ("&lt;p&gt; &amp;lt; &#x4e2d; &nbsp;x", ["<p> &lt; 中 x"]),
        ("<table><tr><td><h1>x</h1><p>a<p>b<td>side</table>", ["x", "a", "b", "side"]),
        ("<table><tr><td></td><td></td></table>", []),
        ("<ruby>漢<rp>(</rp><rt>hàn</rt></ruby>字", ["漢字"]),
        ("<p>zero\u200bwidth\u202e</p>", ["zerowidth"]),
        ('<body style="opacity:0"><p>shown by script', ["shown by script"]),
        ("<frameset><frame>", []),
    ],
)
def test_blocks_of_broken_and_of_odd_html(html: str, blocks: list[str]) -> None:
    assert to_blocks(html) == blocks


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        (PAGE, "Big news"),
        ("<h1>Logo</h1><article><h1>The\n news</h1></article>", "The news"),
        ("<h1>a</h1><h1>b</h1><title>T &amp; t</title>", "T & t"),
        ("<meta property=og:title content=' Og '><title>T</title>", "Og"),
        ("<h1 hidden>evil</h1><title>T</title>", "T"),
        ("<svg><title>icon</title></svg><p>text", None),
        ("<h1> </h1>", None),
        ("", None),
    ],
)
def test_title_is_the_headline_that_a_reader_sees(html: str, expected: str | None) -> None:
    assert title(html) == expected


@pytest.mark.parametrize("tag", ["div", "b", "section", "ul", "svg", "x-y"])
def test_ten_thousand_levels_are_read_without_a_crash(tag: str) -> None:
    html = "<p>top</p>" + f"<{tag}>" * 10_000 + "deep" + f"</{tag}>" * 10_000 + "<p>after</p>"
    blocks = to_blocks(html)
    assert blocks[0] == "top"
    assert blocks[-1] == "after"


def test_a_hundred_thousand_levels_take_no_time_and_lose_no_text() -> None:
    assert to_blocks("<div>" * 100_000 + "deep") == ["deep"]


TAGS = st.sampled_from("p div table tr td pre br h1 li article b hidden script svg head".split())
SOUP = st.lists(
    st.one_of(
        TAGS.map("<{}>".format), TAGS.map("</{}>".format), st.text(st.characters(), max_size=5)
    )
).map("".join)


@settings(deadline=None)
@given(st.one_of(SOUP, st.text(st.characters(exclude_categories=()))))
def test_any_string_is_read_without_error(html: str) -> None:
    for block in to_blocks(html):
        assert block == block.strip() != ""
    assert title(html) != ""
