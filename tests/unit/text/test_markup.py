"""Markup for translation: text changes, and nothing else can."""

from __future__ import annotations

import functools
import time
from collections.abc import Callable, Iterator
from html.parser import HTMLParser
from xml.etree import ElementTree as ET

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser, LexborNode

from service.text.markup import InlineTag, MarkupDocument, Tagging, Unit, parse_html, parse_xml

Translate = Callable[[str], str]


def open_(name: str) -> InlineTag:
    return InlineTag(name, "open")


def close(name: str) -> InlineTag:
    return InlineTag(name, "close")


def void(name: str, text: str = "") -> InlineTag:
    return InlineTag(name, "void", text)


def stand_in(name: str) -> InlineTag:
    return InlineTag(name, "void", stands=True)


def translated(document: MarkupDocument, translate: Translate) -> str:
    return document.render(
        [unit.refilled([translate(text) for text in unit.texts]) for unit in document.units]
    )


def unchanged(document: MarkupDocument) -> str:
    return translated(document, str)


@pytest.mark.parametrize(
    ("html", "units"),
    [
        ("", []),
        (" \n", []),
        ("a < b & c", [Unit(("a < b & c",))]),
        ("&amp;nbsp; x", [Unit(("&nbsp; x",))]),
        ("<p>One</p>\n<p>Two</p>", [Unit(("One",)), Unit(("Two",))]),
        (
            "<p>Hi <b>you</b>!</p>",
            [Unit(("Hi ", "you", "!"), (open_("b"), close("b")))],
        ),
        (
            "<p>a<br>b <img src=x> c<!--note--></p>",
            [Unit(("a", "b ", " c"), (void("br"), void("img")))],
        ),
        ("<div>loose<p>in</p>tail</div>", [Unit(("loose",)), Unit(("in",)), Unit(("tail",))]),
        ("<a href=x><h2>Head</h2>tail</a>", [Unit(("Head",)), Unit(("tail",))]),
        ("<li><a href=x> <b>Home</b></a></li>", [Unit(("Home",))]),
        ("<p>2023 <b>3.5%</b></p>", []),
        ("<p>\n  a\xa0b\t</p>", [Unit(("\n  a\xa0b\t",))]),
        ("<table><tr><td>a<th>b</table>", [Unit(("a",)), Unit(("b",))]),
        ("<select><option>One<option>Two</select>", [Unit(("One",)), Unit(("Two",))]),
    ],
)
def test_a_unit_is_the_inline_content_of_a_block(html: str, units: list[Unit]) -> None:
    assert list(parse_html(html).units) == units


@pytest.mark.parametrize(
    ("opaque", "tag"),
    [
        ("<code>ls <i>-l</i></code>", void("code", "ls -l")),
        ("<kbd>Ctrl</kbd>", void("kbd", "Ctrl")),
        ("<samp>ok</samp>", void("samp", "ok")),
        ("<var>x</var>", void("var", "x")),
        ("<svg><text>x</text></svg>", void("svg", "x")),
        ("<math><mi>x</mi></math>", void("math", "x")),
        ("<b translate=no>Xin<i>hua</i></b>", void("b", "Xinhua")),
        ("<b class='a notranslate'>Xinhua</b>", void("b", "Xinhua")),
        ("<script>x('a')</script>", void("script")),
        ("<style>b{}</style>", void("style")),
        ("<noscript>on</noscript>", void("noscript")),
        ("<template><p>row</p></template>", void("template")),
        ("<textarea>mine</textarea>", void("textarea", "mine")),
        ("<iframe>old</iframe>", void("iframe")),
        ("<!-- note -->", void("#comment")),
        ("<?php echo ?>", void("#other")),
    ],
)
def test_what_is_not_prose_is_one_tag_that_keeps_its_content(opaque: str, tag: InlineTag) -> None:
    document = parse_html(f"<p>see {opaque} here</p>")
    assert document.units == (Unit(("see ", " here"), (tag,)),)
    assert translated(document, str.upper).replace('"', "") == (f"<p>SEE {opaque} HERE</p>")


@pytest.mark.parametrize(
    ("html", "units"),
    [
        ("<p translate=no>a</p>b", [Unit(("b",))]),
        ("<div translate=no><p>a</p><p translate=yes>b</p></div>", [Unit(("b",))]),
        (
            "<p translate=no>a <b translate=yes>b</b> c</p>",
            [
                Unit(
                    ("", "", "b", "", ""),
                    (void("#text", "a "), open_("b"), close("b"), void("#text", " c")),
                )
            ],
        ),
        ("<p translate=no><b title=a>x</b></p>", []),
        ("<code translate=yes>words</code>", [Unit(("words",))]),
        ("<code translate>words</code>", [Unit(("words",))]),
        ("<pre>a <b translate=yes>b</b></pre>", []),
        ("<p>a <x>b</x></p>", [Unit(("a ", "b", ""), (open_("x"), close("x")))]),
    ],
)
def test_translation_is_switched_off_and_on_again(html: str, units: list[Unit]) -> None:
    assert list(parse_html(html).units) == units


def test_ignored_elements_are_not_translated_whatever_they_ask_for() -> None:
    html = "<p>a <x translate=yes>b <i>c</i></x></p><y><p>d</p></y>"
    document = parse_html(html, Tagging(ignore=frozenset(["x", "y"])))
    assert document.units == (Unit(("a ", ""), (void("x", "b c"),)),)


@pytest.mark.parametrize(
    ("html", "texts", "upper"),
    [
        (
            '<img alt="a &quot;b&quot; &lt;c" src="d">',
            ['a "b" <c'],
            '<img alt="A &quot;B&quot; &lt;C" src="d">',
        ),
        ('<p title="t">x</p>', ["t", "x"], '<p title="T">X</p>'),
        (
            '<p>a <img alt="b"> c <a title="d" href="e">f</a></p>',
            ["a ", " c ", "f", "", "b", "d"],
            '<p>A <img alt="B"> C <a title="D" href="e">F</a></p>',
        ),
        ('<input placeholder="name" disabled>', ["name"], '<input placeholder="NAME" disabled>'),
        (
            '<textarea placeholder="name">x</textarea>',
            ["name"],
            '<textarea placeholder="NAME">x</textarea>',
        ),
        ('<b aria-label="close">×</b>', ["close"], '<b aria-label="CLOSE">×</b>'),
        (
            '<meta name="description" content="about">',
            ["about"],
            '<meta name="description" content="ABOUT">',
        ),
        ('<meta name="robots" content="all">', [], '<meta name="robots" content="all">'),
        ('<style title="dark">b{}</style>', [], '<style title="dark">b{}</style>'),
        ('<img alt="">', [], '<img alt="">'),
        ('<img alt="no" translate="no">', [], '<img alt="no" translate="no">'),
    ],
)
def test_attributes_that_are_read_are_units(html: str, texts: list[str], upper: str) -> None:
    document = parse_html(html)
    assert [text for unit in document.units for text in unit.texts] == texts
    assert translated(document, str.upper) == upper


PAGE = """<!DOCTYPE html><html lang="en"><head>
<title>My &lt;page&gt;</title><meta name="description" content="about me">
<script>if (a < b && c) x("</p>")</script></head>
<body class="x"><pre>

kept  <b>as</b> is</pre><textarea>

kept</textarea><p>a&nbsp;b &amp;nbsp; é 中</p><noscript><img src="a>b"></noscript>
</body></html>"""


def test_a_page_changes_in_its_text_alone() -> None:
    document = parse_html(PAGE)
    assert unchanged(document) == PAGE
    assert [unit.texts for unit in document.units] == [
        ("My <page>",),
        ("about me",),
        ("a\xa0b &nbsp; é 中",),
    ]


@pytest.mark.parametrize(
    "doctype",
    [
        "<!DOCTYPE html>",
        '<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Strict//EN" "http://www.w3.org/x.dtd">',
    ],
)
def test_the_doctype_that_sets_the_browsers_mode_is_kept(doctype: str) -> None:
    html = f"<!-- first -->{doctype}<html><head></head><body>x</body></html><!-- last -->"
    assert unchanged(parse_html(html)) == html


@pytest.mark.parametrize(
    "html",
    [
        "<li>a</li><li>b</li>",
        "<tr><td>a</td></tr>",
        "<td>a</td>\n<td>b</td>",
        "<option>a</option>",
        "<title>a</title>",
        "text",
        "  text\n",
        "<!-- c -->text",
        '<svg viewBox="0 0 1 1"><linearGradient id="a"></linearGradient></svg><p>b</p>',
        "<custom-tag>a</custom-tag>",
        "&nbsp;a&nbsp;",
        "a&#13;b",
        "<body-text>a</body-text>",
        "<select><button><selectedcontent></selectedcontent></button><option>a</option></select>",
        "<p>a<p>b",
        "<ul>\n<li>a\n<li>b\n</ul>",
        "a<br/>b<img src='x'/><hr />",
        "<P CLASS=x>a</P>",
        "<body>a",
        "<html><body>a</body>\n</html>\n",
        "<!doctype html>\n<title>a</title>\n<p>b",
        "<table><tr><td>a</td></tr></table>",
        "<table><caption>a</caption><tr><th>b<td>c</table>",
        "<p translate=no>Tom &amp; Jerry &mdash; x &#8217;</p>",
        "<pre>\n a</pre><textarea>\nb</textarea>",
        "<svg><path d='x'/></svg><math><mi>x</mi></math>",
        "<script>if (a < b) { x('</p>') }</script>",
        "<style>a > b {}</style><!-- <p> --><p>\n a</p>",
        '<img alt = "a" src=c>',
    ],
)
def test_a_fragment_comes_back_as_it_was(html: str) -> None:
    assert unchanged(parse_html(html)) == html


@pytest.mark.parametrize(
    ("html", "mended"),
    [
        ("<b>a<i>b</b>c</i>", "<b>a<i>b</i></b><i>c</i>"),
        ("<table>a<tr><td>b</table>", "a<table><tbody><tr><td>b</td></tr></tbody></table>"),
        ("</div>a</i>", "a"),
        ("a\ud800b\0c", "a?bc"),
        ("<body><b>a", "<html><head></head><body><b>a</b></body></html>"),
    ],
)
def test_broken_html_comes_back_as_a_browser_reads_it(html: str, mended: str) -> None:
    assert unchanged(parse_html(html)) == mended


@pytest.mark.parametrize(
    ("html", "texts", "result"),
    [
        ("<p> a </p>", ["b"], "<p> b </p>"),
        ("<p>\n a</p>", ["  b  "], "<p>\n b</p>"),
        ("<p>a <b>b</b>\n</p>", ["x ", "y", ""], "<p>x <b>y</b>\n</p>"),
        ("<p>\n<b>a</b> b</p>", ["x", "y", "z "], "<p>\nx<b>y</b>z</p>"),
        ("<p>&nbsp;a</p>", ["b"], "<p>&nbsp;b</p>"),
        ("<p>a</p>", [""], "<p></p>"),
        ("<p>a</p>", ["<b>&lt;"], "<p>&lt;b&gt;&amp;lt;</p>"),
        ("<p>a</p>", ["b\0\ud800c"], "<p>bc</p>"),
        ("<p>&lt;script&gt;a</p>", ["<script>b"], "<p>&lt;script&gt;b</p>"),
        ('<img alt="a">', ['"><script>'], '<img alt="&quot;&gt;&lt;script&gt;">'),
        ("<title>a</title>", ["</title><b>"], "<title>&lt;/title&gt;&lt;b&gt;</title>"),
    ],
)
def test_translations_are_text_between_the_sources_white_space(
    html: str, texts: list[str], result: str
) -> None:
    document = parse_html(html)
    assert document.render([document.units[0].refilled(texts)]) == result


@pytest.mark.parametrize("translations", [[], [["a"], ["b"]], [["a", 0]], ["a"]])
def test_translations_of_another_shape_are_refused(translations: list[list[str | int]]) -> None:
    with pytest.raises(ValueError, match="translation"):
        parse_html("<p>a</p>").render(translations)


def test_tags_may_change_places_as_their_words_do() -> None:
    document = parse_html('<p>The <b>new</b> library<br/>of <a href="x">Alder</a></p>')
    assert document.render([[2, 3, "阿尔德", 4, "的", 0, "新", 1, "图书馆"]]) == (
        '<p><br/><a href="x">阿尔德</a>的<b>新</b>图书馆</p>'
    )


@pytest.mark.parametrize(
    "pieces",
    [
        [0, "a", 1, 2],
        [0, "a", 2, 1, 3],
        [1, "a", 0, 2, 3],
        [0, 1, 2, 3, 3],
        [1, 2, 0, 3],
        [0, 3, 1, 2],
    ],
)
def test_elements_that_are_lost_doubled_or_nested_otherwise_are_refused(
    pieces: list[str | int],
) -> None:
    document = parse_html("<p>x <b>a <i>b</i></b> y</p>")
    assert document.render([[0, 1, "b", 2, "a", 3]]) == "<p><b><i>b</i>a</b></p>"
    with pytest.raises(ValueError, match=r"translation|nested"):
        document.render([pieces])


@pytest.mark.parametrize(
    ("xml", "units"),
    [
        ("", []),
        ("a &lt; b", [Unit(("a < b",))]),
        ("Hi <b k='v'>you</b>", [Unit(("Hi ", "you", ""), (open_("b"), close("b")))]),
        (
            "<d>\n<Title>One</Title><p>a <B>b</B><x/></p></d>",
            [Unit(("One",)), Unit(("a ", "b", "", ""), (open_("B"), close("B"), stand_in("x")))],
        ),
        (
            "<p>text <l><i>a</i><i>b</i></l> tail</p>",
            [Unit((text,)) for text in ("text ", "a", "b", " tail")],
        ),
        ("<p>a<![CDATA[ <b> ]]>c</p>", [Unit(("a <b> c",))]),
        ("<p>a <x></x> b</p>", [Unit(("a ", " b"), (stand_in("x"),))]),
        ("<p>a <s translate='no'>b</s> c</p>", [Unit(("a ", " c"), (void("s", "b"),))]),
        ("<p>a <Code>b</Code> c</p>", [Unit(("a ", " c"), (void("Code", "b"),))]),
    ],
)
def test_xml_elements_are_inline_unless_they_hold_only_elements(
    xml: str, units: list[Unit]
) -> None:
    assert list(parse_xml(xml, Tagging(ignore=frozenset(["Code"]))).units) == units


@pytest.mark.parametrize(
    ("xml", "tagging", "texts"),
    [
        ("<p>a <q>b</q> c</p>", Tagging(), [("a ", "b", " c")]),
        ("<p>a <q>b</q> c</p>", Tagging(splitting=frozenset({"q"})), [("a ",), ("b",), (" c",)]),
        ("<d><p>a</p><p>b</p></d>", Tagging(), [("a",), ("b",)]),
        ("<d><p>a</p><p>b</p></d>", Tagging(outline=False), [("", "a", "", "b", "")]),
        (
            "<d><p>a</p><p>b</p></d>",
            Tagging(splitting=frozenset({"p"}), outline=False),
            [("a",), ("b",)],
        ),
        (
            "<p>a <l><i>b</i><i>c</i></l> d</p>",
            Tagging(non_splitting=frozenset({"p", "l", "i"})),
            [("a ", "", "b", "", "c", "", " d")],
        ),
        ("<p>a <q>b</q></p>", Tagging(ignore=frozenset({"q"})), [("a ", "")]),
    ],
)
def test_what_divides_xml_can_be_said(
    xml: str, tagging: Tagging, texts: list[tuple[str, ...]]
) -> None:
    document = parse_xml(xml, tagging)
    assert [unit.texts for unit in document.units] == texts
    assert unchanged(document) == xml


def test_what_divides_html_can_be_said() -> None:
    html = "<p>a <b>b</b></p><ul><li>c</li></ul>"
    named = Tagging(splitting=frozenset({"b"}), non_splitting=frozenset({"li"}))
    assert [unit.texts for unit in parse_html(html, named).units] == [("a ",), ("b",), ("c",)]
    assert len(parse_html(html, Tagging(outline=False)).units) == 1


def test_the_sign_of_a_note_is_no_part_of_its_sentence() -> None:
    html = "<p>It fell<sup><a href=#n>[1]</a></sup> by 5 km<sup>2</sup>.</p>"
    (unit,) = parse_html(html).units
    assert unit.texts == ("It fell", " by 5 km", "2", ".")
    assert unchanged(parse_html(html)) == html


def test_xml_keeps_its_tags_to_the_byte() -> None:
    xml = """<?xml version='1.0' encoding='utf-8'?>
<!DOCTYPE d SYSTEM "d.dtd">
<d  a = 'é&amp;"' ><p >é\xa0<b\n/> &amp; <![CDATA[1 < 2]]></p ><q></q>
<r><![CDATA[<3]]></r><?p i?></d>
<!-- end -->"""
    result = xml.replace("é\xa0<b", "É\xa0&lt;i&gt;<b").replace("<![CDATA[1 < 2]]>", "1 &lt; 2")
    document = parse_xml(xml)
    assert document.units == (Unit(("é\xa0", " & 1 < 2"), (stand_in("b"),)),)
    assert document.render([["É\xa0<i>\x01", 0, " & 1 < 2"]]) == result


@pytest.mark.parametrize(
    "xml",
    [
        "<a>",
        "<a></b>",
        "a < b",
        "&nbsp;",
        "</jianbao><jianbao>",
        '<!DOCTYPE d [<!ENTITY a "b">]><d>&a;</d>',
    ],
)
def test_what_is_not_xml_is_refused(xml: str) -> None:
    with pytest.raises(ValueError, match="not well-formed"):
        parse_xml(xml)


@pytest.mark.parametrize(
    "html",
    [
        "<div>" * 100_000,
        "<b>" * 100_000,
        "<x-y>" * 100_000,
        "<div></x>" * 50_000,
        "<div><!--</div>-->" * 50_000,
        "<div title='</div>'>" * 50_000,
        "<div><script></div></script>" * 50_000,
        "<div><script><!--<script></script></div>--></script>" * 30_000,
        '<div><svg><style><a b="</style></svg></div>"></a></style></svg>' * 30_000,
        "<div><svg><![CDATA[<a b='</div>'>]]></svg>" * 30_000,
        '<svg><![CDATA[<a b="]]></svg>' + "<div>" * 100_000,
        "<![CDATA[>" + "<div>" * 100_000,
        "<!-->" + "<div>" * 100_000,
        "<p title='<!--'>" + "<div>" * 100_000,
        "<p>" + "".join(f"<b id={n}>" for n in range(1900)) + "<p>x" * 10_000,
        "<p" + "".join(f" a{n}" for n in range(100_000)) + ">",
    ],
    ids=lambda html: html[:24],
)
def test_html_that_would_keep_the_parser_busy_is_refused_at_once(html: str) -> None:
    started = time.process_time()
    with pytest.raises(ValueError, match="HTML"):
        parse_html(html)
    assert time.process_time() - started < 2


@pytest.mark.parametrize(
    "html",
    [
        "<p><b>x<p>" * 1_900,
        "<p>a <b>b</b> <a href='x'>c</a></p>" * 5_000,
        "<svg>" + "<path d='x'/>" * 3_000 + "</svg>",
        "<script>" + "a<b;" * 3_000 + "</script>",
        "<!--" + "<div>" * 3_000 + "-->",
        "<svg><title>a</title><style>b{}</style></svg>" * 3_000,
        "<img alt='" + "word " * 3_000 + "'>",
        "<![CDATA[" * 20_000,
        "<title>" * 20_000,
        "<!x " * 30_000,
        "</" * 30_000,
        "<div>" * 1_900 + "x" + "</div>" * 1_900,
    ],
    ids=lambda html: html[:24],
)
def test_what_only_looks_deep_is_read(html: str) -> None:
    parse_html(html)


class _Tokens(HTMLParser):
    """Tags and comments, in order, as Python's own parser sees them."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.seen: list[object] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        kept = [(name, None if name in TRANSLATED else value) for name, value in attrs]
        self.seen.append((tag, kept))

    def handle_endtag(self, tag: str) -> None:
        self.seen.append(f"/{tag}")

    def handle_comment(self, data: str) -> None:
        self.seen.append(f"!{data}")


TRANSLATED = {"alt", "title", "placeholder", "aria-label"}


def _elements(html: str) -> list[object]:
    """Depth, name and attributes of every element in order, as a browser sees them in a div."""
    parser = LexborHTMLParser(html, is_fragment=True, fragment_tag="template", options=1)
    return list(_walk(parser.root))


def _walk(node: LexborNode | None) -> Iterator[object]:
    stack = [(node, 0)]
    while stack:
        node, depth = stack.pop()
        if node is None:
            continue
        stack += [(node.next, depth), (node.first_child, depth + 1)]
        if node.is_element_node:
            # <p a> and <p a=""> are the same to a browser
            attributes = {k: v or "" for k, v in node.attributes.items() if k not in TRANSLATED}
            yield depth, node.tag, attributes


HOSTILE = (
    "<script>alert(1)</script>",
    "</p></b></div><img src=x onerror=alert(1)>",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    '"><svg onload=alert(1)>',
    "<!--",
    "-->",
    "]]>",
    "</title></textarea></style>",
    "<plaintext>",
    "\0\r\n\f&#0;",
    "",
)


def _say(evil: str, _: str) -> str:
    return evil


def _add(evil: str, text: str) -> str:
    return f"{text} {evil}"


TRANSLATORS: list[Translate] = [
    str,
    str.upper,
    str.strip,
    lambda text: text[::-1],
    *(functools.partial(_say, evil) for evil in HOSTILE),
    *(functools.partial(_add, evil) for evil in HOSTILE),
]
TEXT = st.text("ab <>&\"'\xa0é中1;", max_size=6)
ESCAPED = TEXT.map(
    lambda text: (
        text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\xa0", "&nbsp;")
    )
)
VALUE = ESCAPED.map(lambda text: text.replace('"', "&quot;"))
YES = ' translate="yes"'
ATTRIBUTES = ["", ' class="a b"', ' translate="no"', YES, ' id="x&amp;y"', " hidden"]
INLINE = "b i em span u abbr code kbd x-y".split()
BLOCK = "div section ul blockquote main".split()


def _element(name: str, attributes: str, title: str, content: list[str]) -> str:
    return f'<{name}{attributes} title="{title}">{"".join(content)}</{name}>'


def _inside(
    children: st.SearchStrategy[str], names: list[str], attributes: list[str]
) -> st.SearchStrategy[str]:
    name, with_attributes = st.sampled_from(names), st.sampled_from(attributes)
    return st.builds(_element, name, with_attributes, VALUE, st.lists(children, max_size=4))


LEAF = st.one_of(
    ESCAPED,
    st.sampled_from(["<br>", "<!--a>b-->", "<script>a<b</script>", "<svg><g></g></svg>"]),
    VALUE.map('<img src="x" alt="{}">'.format),
)


def _tree(attributes: list[str]) -> st.SearchStrategy[str]:
    """HTML as a serializer writes it."""
    inline = st.recursive(LEAF, lambda one: _inside(one, INLINE, attributes), max_leaves=12)
    block = st.recursive(inline, lambda one: _inside(one, BLOCK, attributes), max_leaves=12)
    return st.lists(block, max_size=4).map("".join)


TREE = _tree(ATTRIBUTES)

SOUP = st.lists(
    st.one_of(
        st.sampled_from(
            "p div a b i span table tr td li ul pre code br h1 title svg select option textarea"
            " button script style form ruby rt".split()
        ).flatmap(
            lambda name: st.sampled_from([f"<{name}>", f"</{name}>", f"<{name} translate=no>"])
        ),
        st.sampled_from(["<", "</", "<!--", "-->", "<p title='", "'>", "<b alt=a", "&lt", "<!"]),
        TEXT,
    ),
    max_size=20,
).map("".join)


@settings(deadline=None, max_examples=200)
@given(TREE, st.sampled_from(TRANSLATORS))
def test_no_translation_changes_a_tag(html: str, translate: Translate) -> None:
    document = parse_html(html)
    assert unchanged(document) == html
    result = translated(document, translate)
    assert _Tokens(result).seen == _Tokens(html).seen
    assert _elements(result) == _elements(html)


@settings(deadline=None, max_examples=200)
@given(
    _tree([one for one in ATTRIBUTES if one != YES])
)  # what surrounds it stays, a text put there too
def test_every_gap_holds_its_translation(html: str) -> None:
    document = parse_html(html)
    numbers = iter(range(10**6))
    new = [[f"a{next(numbers)}<&\xa0\"'" for _ in unit.texts] for unit in document.units]
    filled = [unit.refilled(texts) for unit, texts in zip(document.units, new, strict=True)]
    again = parse_html(document.render(filled))
    assert [unit.tags for unit in again.units] == [unit.tags for unit in document.units]
    assert [[text.strip() for text in unit.texts] for unit in again.units] == new


@settings(deadline=None, max_examples=200)
@given(SOUP, st.sampled_from(TRANSLATORS))
@example("<p><b><p>x", str.upper)
def test_no_translation_of_broken_html_makes_an_element(html: str, translate: Translate) -> None:
    # a parser moves what a table cannot hold before the table, where a second select or link is put
    # into the first: no HTML is parsed to that
    assume("<table" not in html or max(html.count("<select"), html.count("<a")) < 2)
    # the parser opens formatting again in a textarea, where it is text to every parser
    assume("<textarea" not in html or "<b alt" not in html)
    document = parse_html(html)
    source, result = unchanged(document), translated(document, translate)
    assert _elements(result) == _elements(source)
    assert _elements(source) == _elements(html)


def _xml_element(name: str, attributes: str, content: list[str]) -> str:
    return f"<{name}{attributes}>{''.join(content)}</{name}>"


XML_LEAF = st.one_of(
    TEXT.map(lambda text: text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")),
    st.sampled_from(["<x/>", "<y />", "<!--a>b-->", "<?p i?>", "<![CDATA[a<b]]>", "&#65;", "\n"]),
)
XML = st.recursive(
    XML_LEAF,
    lambda children: st.builds(
        _xml_element,
        st.sampled_from(["a", "B", "c:d", "keep"]),
        st.sampled_from(["", " k='&lt;&quot;'", " translate='no'", " translate='yes'"]),
        st.lists(children, max_size=4),
    ),
    max_leaves=16,
)


def _xml_elements(xml: str) -> list[tuple[str, dict[str, str]]]:
    root = ET.fromstring(f"<r xmlns:c='c'>{xml}</r>")  # noqa: S314  # made here
    return [(element.tag, element.attrib) for element in root.iter()]


def _xml_text(xml: str) -> str:
    root = ET.fromstring(f"<r xmlns:c='c'>{xml}</r>")  # noqa: S314
    return "".join(root.itertext())


@settings(deadline=None, max_examples=200)
@given(XML, st.sampled_from(TRANSLATORS))
def test_no_translation_changes_an_xml_tag(xml: str, translate: Translate) -> None:
    document = parse_xml(xml, Tagging(ignore=frozenset(["keep"])))
    assert _xml_elements(translated(document, translate)) == _xml_elements(xml)
    assert _xml_text(unchanged(document)) == _xml_text(xml)
