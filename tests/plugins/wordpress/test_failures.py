"""What goes wrong, told in the editor's words; nothing that was typed is lost."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, Route, expect

from tests.plugins.wordpress.articles import ARTICLE, blocks
from tests.plugins.wordpress.conftest import open_panel
from tests.plugins.wordpress.running import Running, running
from tests.plugins.wordpress.troublesome import answering
from tests.support.running import free_port
from tests.support.wordpress import Site, open_editor


@pytest.fixture
def page(chief: BrowserContext, wordpress: Site) -> Page:
    """The editor with an article, the panel open."""
    opened = open_editor(chief, wordpress, wordpress.post(ARTICLE))
    open_panel(opened)
    return opened


def make(page: Page) -> None:
    page.get_by_role("button", name="Make briefs").click()


def problem(page: Page, words: str) -> None:
    """Expect to be told so, and to be able to try again."""
    expect(page.get_by_role("alert").filter(has_text=words)).to_be_visible(timeout=20_000)
    expect(page.get_by_role("button", name="Make briefs")).to_be_enabled()


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (blocks("Too short."), "too short for a brief: it needs at least 15 words"),
        (
            blocks(
                "Le conseil municipal a approuvé mardi le budget de la ville pour la prochaine "
                "année, malgré les protestations de plusieurs habitants du quartier."
            ),
            "neither in English nor in Chinese. (html: the text is in French",
        ),
    ],
)
def test_an_article_that_cannot_be_briefed_is_refused_in_words(
    wordpress: Site, content: str, words: str
) -> None:
    said = _made(wordpress, content)
    assert words in said["message"], said
    assert said["data"]["status"] == 422


def test_answers_that_are_no_briefs_change_nothing(wordpress: Site, service: Running) -> None:
    with answering() as address:
        for kind in ("html", "list", "numbers"):
            assert _made(wordpress, ARTICLE, f"{address}/{kind}")["code"] == "malformed", kind
        assert _made(wordpress, ARTICLE, f"{address}/huge")["code"] == "too_large"
    wordpress.configure(url=service.url)
    assert (
        wordpress.php(
            'global $wpdb; return (int) $wpdb->get_var("SELECT COUNT(*) FROM $wpdb->postmeta'
            " WHERE meta_key LIKE '\\_jianbao\\_brief%'\");"
        )
        == 0
    )


def test_a_service_that_is_down_is_told_and_the_next_try_succeeds(
    page: Page, wordpress: Site, service: Running
) -> None:
    wordpress.configure(url=f"http://127.0.0.1:{free_port()}")
    page.get_by_role("button", name="Make briefs").focus()
    page.keyboard.press("Enter")
    problem(page, "cannot be reached")
    wordpress.configure(url=service.url)
    make(page)
    expect(page.get_by_text("The briefs are ready.").first).to_be_visible()


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ("cURL error 6: Could not resolve host: refused.example", "unresolved"),
        ("A valid URL was not provided.", "unresolved"),  # WordPress's own, for a host it misses
        ("cURL error 7: Failed to connect to ssl.example port 443: refused", "unreachable"),
        ("cURL error 28: Connection timed out after 5001 milliseconds", "timed_out"),
        ("cURL error 35: OpenSSL SSL_connect: Connection reset by peer", "certificate"),
        ("cURL error 60: SSL certificate problem: self-signed certificate", "certificate"),
        ("cURL error 52: Empty reply from server", "broken_off"),
        ("cURL error 56: Recv failure: Connection reset by peer", "broken_off"),
        ("Connection refused", "unreachable"),  # where PHP has no cURL
    ],
)
def test_a_failed_connection_is_told_by_its_kind(wordpress: Site, said: str, code: str) -> None:
    told = wordpress.php(
        """
        $error = new WP_Error('http_request_failed', $given['said']);
        return Jianbao\\Failures::of_transport($error, 'https://jianbao.example')->get_error_code();
        """,
        said=said,
    )
    assert told == code


def test_markup_in_an_answer_and_in_an_article_is_text(
    page: Page, wordpress: Site, service: Running
) -> None:
    with answering() as address:
        wordpress.configure(url=f"{address}/script")
        make(page)
        expect(page.get_by_text("The briefs are ready.").first).to_be_visible()
        page.get_by_role("button", name="Review side by side").click()
        english = page.get_by_role("dialog").get_by_role("region", name="English")
        english.get_by_label("Apply to").select_option("block")
        english.get_by_role("button", name="Apply").click()
        expect(english.get_by_role("button", name="Undo")).to_be_visible()
        expect(english.get_by_text("<script>").first).to_be_visible()
    wordpress.configure(url=service.url)
    assert "taken" not in page.title()
    assert (
        page.locator(".jianbao-panel script, .jianbao-review script, .jianbao-one img").count() == 0
    )
    block = page.evaluate("wp.data.select('core/editor').getEditedPostContent()")
    shown = wordpress.php("return do_blocks($given['content']);", content=block)
    assert "&lt;script&gt;" in shown
    assert "<script" not in shown
    assert "<img" not in shown


def test_a_double_click_is_one_piece_of_work(page: Page, wordpress: Site) -> None:
    asked: list[str] = []
    page.on("request", lambda one: asked.append(one.url) if "make" in one.url else None)
    page.get_by_role("button", name="Make briefs").dblclick()
    expect(page.get_by_text("The briefs are ready.").first).to_be_visible()
    assert len(asked) == 1


def test_text_that_changes_while_its_brief_is_made_makes_the_brief_out_of_date(page: Page) -> None:
    def typing(route: Route) -> None:
        _type_more(page)
        route.continue_()

    page.route(re.compile("make"), typing)
    make(page)
    expect(page.get_by_text("The briefs are ready.").first).to_be_visible()
    expect(page.get_by_text("Out of date")).to_have_count(2)
    content = page.evaluate("wp.data.select('core/editor').getEditedPostContent()")
    assert "Nobody objected." in content


def _type_more(page: Page) -> None:
    page.evaluate("""wp.data.dispatch('core/block-editor').insertBlock(
        wp.blocks.createBlock('core/paragraph', {content: 'Nobody objected.'}),
        undefined, undefined, false)""")


def test_a_session_that_ended_is_told_and_the_text_stays(page: Page, chief: BrowserContext) -> None:
    _type_more(page)
    chief.clear_cookies()
    make(page)
    # attached, not visible: by then WordPress may show its own form to sign in
    told = page.get_by_text("You are signed out. Sign in again in another tab").first
    expect(told).to_be_attached()
    content = page.evaluate("wp.data.select('core/editor').getEditedPostContent()")
    assert "Nobody objected." in content


def test_two_windows_at_once_share_the_work_and_see_the_same_briefs(
    chief: BrowserContext, wordpress: Site, page: Page
) -> None:
    """Of the same user: WordPress itself keeps another user out of a post that is being edited."""
    post = page.evaluate("wp.data.select('core/editor').getCurrentPostId()")
    other = open_editor(chief, wordpress, post)
    open_panel(other)
    make(page)
    make(other)
    texts = set()
    for window in (page, other):
        expect(window.get_by_text("The briefs are ready.").first).to_be_visible()
        english = window.get_by_role("region", name="English")
        texts.add(english.get_by_role("textbox").input_value())
        expect(window.get_by_text("Out of date")).to_have_count(0)
    assert len(texts) == 1


def test_a_slow_service_becomes_a_job_that_survives_its_restart(
    page: Page, wordpress: Site, service: Running, tmp_path: Path
) -> None:
    """The answer takes some 20 s; the service is killed in the middle, and so is the window."""
    with running({"delay": "0.2"}, JIANBAO_JOBS_URL="", JIANBAO_DATA_DIR=str(tmp_path)) as slow:
        wordpress.configure(url=slow.url)
        make(page)
        expect(page.get_by_text("Making briefs…")).to_be_visible(timeout=40_000)
        slow.kill()
        expect(page.get_by_text("The service is away for a moment")).to_be_visible(timeout=40_000)
        post = page.evaluate("wp.data.select('core/editor').getCurrentPostId()")
        context = page.context
        page.close()
        slow.start()
        again = open_editor(context, wordpress, post)
        open_panel(again)
        expect(again.get_by_text("The briefs are ready.").first).to_be_visible(timeout=90_000)
        expect(again.get_by_role("region", name="Chinese")).to_be_visible()
    wordpress.configure(url=service.url)


@pytest.fixture(scope="module")
def keyed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Running, str]]:
    """A service that wants a key, and one that it takes: one request a minute."""
    file = tmp_path_factory.mktemp("keys") / "keys.json"
    made = subprocess.run(
        [sys.executable, "-m", "service.cli", "keys", "add", "news", "--requests-per-minute", "1"],
        env={"JIANBAO_KEYS_FILE": str(file), "PATH": "", "PYTHONPATH": ":".join(sys.path)},
        capture_output=True,
        text=True,
        check=True,
    )
    with running(JIANBAO_KEYS_FILE=str(file)) as started:
        yield started, made.stdout.split()[-1]


def test_a_wrong_key_is_told_and_a_busy_service_is_waited_for(
    page: Page, wordpress: Site, service: Running, keyed: tuple[Running, str]
) -> None:
    strict, key = keyed
    wordpress.configure(url=strict.url, key="wrong")
    make(page)
    problem(page, "refused the API key")

    wordpress.configure(key=key)
    make(page)
    expect(page.get_by_text("The briefs are ready.").first).to_be_visible()
    page.get_by_role("region", name="English").get_by_role("button", name="Shorter").click()
    expect(
        page.get_by_text(re.compile(r"The service is busy\. Trying again in \d+ s\."))
    ).to_be_visible()
    page.get_by_role("button", name="Cancel").click()
    expect(page.get_by_text("Cancelled.")).to_be_visible()
    assert key not in page.content()
    assert strict.url not in page.content()
    wordpress.configure(url=service.url, key="")


def test_a_translation_waits_for_a_busy_service_too(page: Page) -> None:
    busy = {"code": "busy", "message": "It is busy.", "data": {"status": 424, "retry_after": 2}}
    page.route(re.compile("translation"), lambda one: one.fulfill(status=424, json=busy), times=1)
    page.get_by_role("button", name="Translate to Chinese").click()
    expect(page.get_by_text(re.compile(r"It is busy\. Trying again in \d s\."))).to_be_visible()
    expect(page.get_by_text("The translation is ready as a draft.")).to_be_visible()


def _made(wordpress: Site, content: str, url: str = "") -> dict[str, Any]:
    """What the plugin's REST route answers when briefs of a new post are wanted, of the service at
    ``url`` where it is not the one that is set.
    """
    return dict(
        wordpress.php(
            """
            wp_set_current_user(1);
            $url = fn($saved) => $given['url'] ? ['url' => $given['url']] : $saved;
            add_filter('option_jianbao_settings', $url);
            $post = wp_insert_post(['post_title' => 'x', 'post_content' => $given['content']]);
            $ask = new WP_REST_Request('POST', "/jianbao/v1/posts/$post/make");
            $ask->set_header('Content-Type', 'application/json');
            $ask->set_body(json_encode(['title' => '', 'content' => $given['content']]));
            return rest_do_request($ask)->get_data();
            """,
            url=url,
            content=content,
        )
    )
