"""A post becomes a draft in the other language, built as it was."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from tests.plugins.wordpress.articles import ARTICLE, CLASSIC, SENTENCES
from tests.support.wordpress import Site

STEP = """
    wp_set_current_user(get_user_by('login', $given['user'] ?? 'chief')->ID);
    $steps = 0;
    do {
        $ask = new WP_REST_Request('POST', "/jianbao/v1/posts/{$given['post']}/translation");
        $ask->set_body_params(['language' => $given['to']]);
        $answer = rest_do_request($ask)->get_data();
        $steps++;
    } while (isset($answer['done']) && !$answer['done'] && $steps < 50);
    return ['steps' => $steps, 'answer' => $answer];
"""
SKELETON = """
    $walk = function (array $blocks) use (&$walk) {
        return array_map(fn($one) => [$one['blockName'], $one['attrs'],
            count($one['innerContent']), $walk($one['innerBlocks'])], $blocks);
    };
    return array_map(fn($id) => $walk(parse_blocks(get_post($id)->post_content)), $given['posts']);
"""
MARKUP = """<!-- wp:heading {"level":3} -->
<h3 class="wp-block-heading">The bridge reopens in March</h3>
<!-- /wp:heading -->

<!-- wp:paragraph {"align":"center","metadata":{"name":"Intro"}} -->
<p class="has-text-align-center">The bridge, <strong>closed</strong> since <a href="https://example.org/x?a=1&amp;b=2" title="Read">May</a>, reopens.<sup data-fn="abc-1" class="fn"><a id="abc-1-link" href="#abc-1">1</a></sup></p>
<!-- /wp:paragraph -->

<!-- wp:columns -->
<div class="wp-block-columns"><!-- wp:column {"width":"66.66%"} -->
<div class="wp-block-column" style="flex-basis:66.66%"><!-- wp:list {"ordered":true} -->
<ol class="wp-block-list"><!-- wp:list-item -->
<li>The ferry runs every hour 😀</li>
<!-- /wp:list-item -->

<!-- wp:list-item -->
<li>渡轮每小时一班。</li>
<!-- /wp:list-item --></ol>
<!-- /wp:list --></div>
<!-- /wp:column -->

<!-- wp:column {"width":"33.33%"} -->
<div class="wp-block-column" style="flex-basis:33.33%"><!-- wp:quote -->
<blockquote class="wp-block-quote"><!-- wp:paragraph -->
<p>It is not a good plan.</p>
<!-- /wp:paragraph --><cite>Helen Brandt</cite></blockquote>
<!-- /wp:quote --></div>
<!-- /wp:column --></div>
<!-- /wp:columns -->

<!-- wp:embed {"url":"https://www.youtube.com/watch?v=abc","type":"video","providerNameSlug":"youtube","responsive":true} -->
<figure class="wp-block-embed is-type-video"><div class="wp-block-embed__wrapper">
https://www.youtube.com/watch?v=abc
</div><figcaption class="wp-element-caption">The bridge in May</figcaption></figure>
<!-- /wp:embed -->

<!-- wp:table {"hasFixedLayout":false} -->
<figure class="wp-block-table"><table><thead><tr><th>Year</th><th>Cost</th></tr></thead><tbody><tr><td>2025</td><td>40 million dollars</td></tr></tbody></table></figure>
<!-- /wp:table -->

<!-- wp:gallery {"linkTo":"none"} -->
<figure class="wp-block-gallery has-nested-images columns-default is-cropped"><!-- wp:image {"id":7,"sizeSlug":"large"} -->
<figure class="wp-block-image size-large"><img src="https://example.org/a.jpg" alt="The old bridge" class="wp-image-7"/><figcaption class="wp-element-caption">The old bridge</figcaption></figure>
<!-- /wp:image --></figure>
<!-- /wp:gallery -->

<!-- wp:shortcode -->
[gallery ids="1,2,3" size="large"]
<!-- /wp:shortcode -->

<!-- wp:paragraph -->
<p>Write to [contact_card name="Helen Brandt" lang='en'] or read [su_note]a longer report[/su_note] today [sic].</p>
<!-- /wp:paragraph -->

<!-- wp:html -->
<div class="map" data-zoom="7"><script>if (1 < 2 && true) { draw("[x]"); }</script><p>The map shows the detour.</p></div>
<!-- /wp:html -->

<!-- wp:code -->
<pre class="wp-block-code"><code>let bridge = "open";</code></pre>
<!-- /wp:code -->

<!-- wp:jianbao/brief {"texts":{"en":"A brief of the article."}} /-->

<!-- wp:footnotes /-->"""  # noqa: E501 - as the block editor writes it


def test_blocks_shortcodes_and_embeds_are_as_they_were(wordpress: Site) -> None:
    post = wordpress.post(MARKUP, title="A bridge reopens", post_excerpt="It was closed in May.")
    note = [{"id": "abc-1", "content": "The council <em>met</em> on Monday."}]
    wordpress.php(
        "update_post_meta($given['post'], 'footnotes', wp_slash(json_encode($given['note'])));",
        post=post,
        note=note,
    )
    done = wordpress.php(STEP, post=post, to="zh-Hans")
    assert done["answer"].get("done"), done
    assert done["steps"] > 1, "in pieces"
    draft = done["answer"]["post"]

    was, now = wordpress.php(SKELETON, posts=[post, draft])
    ours = [block[0] for block in was].index("jianbao/brief")
    assert now == was[:ours] + was[ours + 2 :], "without our own block, and the empty line after it"
    content = wordpress.php("return get_post($given['post']);", post=draft)
    assert content["post_status"] == "draft"
    assert "翻译成中文" in content["post_title"]
    assert "翻译成中文" in content["post_excerpt"]
    text = content["post_content"]
    assert text.count("翻译成中文") >= 8
    for kept in (
        '[gallery ids="1,2,3" size="large"]',
        "[contact_card name=\"Helen Brandt\" lang='en']",
        "[su_note]",
        "[/su_note]",
        "https://www.youtube.com/watch?v=abc\n",
        '<script>if (1 < 2 && true) { draw("[x]"); }</script>',
        '<code>let bridge = "open";</code>',
        '<a href="https://example.org/x?a=1&amp;b=2"',
        '<sup data-fn="abc-1" class="fn"><a id="abc-1-link" href="#abc-1">1</a></sup>',
        "渡轮每小时一班。",
        "😀",
        '<img src="https://example.org/a.jpg"',
    ):
        assert text.count(kept) == 1, kept
    assert "data-jianbao" not in text
    assert "翻译成中文" in wordpress.meta(draft, "footnotes")
    assert wordpress.meta(draft, "_jianbao_original") == str(post)
    assert done["answer"]["translations"][0]["id"] == draft
    assert wordpress.log() == ""


def test_a_text_of_the_classic_editor_keeps_its_paragraphs_and_shortcodes(wordpress: Site) -> None:
    post = wordpress.post(CLASSIC + '\n\n[caption id="a"]<img src="a.jpg"> The bridge[/caption]')
    draft = wordpress.php(STEP, post=post, to="zh")["answer"]["post"]
    text = wordpress.php("return get_post($given['post'])->post_content;", post=draft)
    assert text.count("\n\n") == CLASSIC.count("\n\n") + 1
    assert '[caption id="a"]<img src="a.jpg">' in text
    assert text.endswith("[/caption]")


def test_an_article_that_is_in_the_language_already_makes_no_draft(wordpress: Site) -> None:
    post = wordpress.post(ARTICLE)
    drafts = "return (int) wp_count_posts()->draft;"
    before = wordpress.php(drafts)
    answer = wordpress.php(STEP, post=post, to="en")["answer"]
    assert answer["code"] == "same_language", answer
    assert wordpress.php(drafts) == before


def test_only_who_may_make_posts_translates(wordpress: Site) -> None:
    answer = wordpress.php(STEP, post=wordpress.post(ARTICLE), to="zh", user="helper")["answer"]
    assert answer["code"] == "rest_forbidden"


POLYLANG = """<?php
// A stand-in for Polylang: the functions that it documents for developers, kept in options.
function pll_languages_list($args = []) {
    $slugs = ['en' => 'en_US', 'zh' => 'zh_CN', 'tw' => 'zh_TW'];
    return ($args['fields'] ?? 'slug') === 'locale' ? array_values($slugs) : array_keys($slugs);
}
function pll_set_post_language($post, $slug) { update_post_meta($post, 'pll_language', $slug); }
function pll_get_post_language($post, $field = 'slug') {
    return get_post_meta($post, 'pll_language', true);
}
function pll_get_post_translations($post) { return get_option('pll_translations', []); }
function pll_save_post_translations($all) { update_option('pll_translations', $all); }
"""
WPML = """<?php
// A stand-in for WPML: the hooks that it documents for developers.
define('ICL_SITEPRESS_VERSION', '4.7');
add_filter('wpml_element_type', fn($type) => "post_$type");
add_filter('wpml_element_language_details', fn($none, $args) => (object) ['trid' => 5,
    'language_code' => 'en', 'element_id' => $args['element_id']], 10, 2);
add_filter('wpml_active_languages', fn() => ['en' => ['default_locale' => 'en_US'],
    'zh-hans' => ['default_locale' => 'zh_CN'], 'zh-hant' => ['default_locale' => 'zh_TW']]);
add_action('wpml_set_element_language_details', fn($args) => update_option('wpml_set', $args));
"""


@pytest.mark.parametrize(("to", "slug"), [("zh-Hans", "zh"), ("zh-HK", "tw")])
def test_polylang_is_told_of_the_translation(wordpress: Site, to: str, slug: str) -> None:
    with _plugin(wordpress, POLYLANG):
        post = wordpress.post(SENTENCES[0])
        wordpress.php("delete_option('pll_translations');")
        draft = wordpress.php(STEP, post=post, to=to)["answer"]["post"]
        assert wordpress.php("return get_option('pll_translations');") == {"en": post, slug: draft}
        assert wordpress.meta(draft, "pll_language") == slug


def test_wpml_is_told_of_the_translation(wordpress: Site) -> None:
    with _plugin(wordpress, WPML):
        post = wordpress.post(SENTENCES[0])
        draft = wordpress.php(STEP, post=post, to="zh-Hant")["answer"]["post"]
        assert wordpress.php("return get_option('wpml_set');") == {
            "element_id": draft,
            "element_type": "post_post",
            "trid": 5,
            "language_code": "zh-hant",
            "source_language_code": "en",
        }


@contextmanager
def _plugin(wordpress: Site, code: str) -> Iterator[None]:
    """Another plugin, while the block runs."""
    file = wordpress.folder / "wp-content/mu-plugins/stand-in.php"
    file.write_text(code)
    try:
        yield
    finally:
        file.unlink()
