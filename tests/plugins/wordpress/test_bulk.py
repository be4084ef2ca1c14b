"""Briefs of many posts, by webhook and by asking."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from playwright.sync_api import BrowserContext, Route, expect
from standardwebhooks.webhooks import Webhook

from tests.plugins.wordpress.articles import ARTICLE, SENTENCES
from tests.plugins.wordpress.running import Running, running
from tests.support.browser import accessibility_violations
from tests.support.receiver import SECRET
from tests.support.wordpress import Site, site
from tests.support.wordpress_packages import Release

POSTS = 50
RUN = """
    wp_set_current_user(get_user_by('login', $given['user'])->ID);
    $settings = new Jianbao\\Settings();
    $client = new Jianbao\\Client($settings);
    $articles = new Jianbao\\Articles();
    $briefs = new Jianbao\\Briefs($settings, $client, $articles, new Jianbao\\Receipts());
    $bulk = new Jianbao\\Bulk($settings, $client, $briefs);
"""


@pytest.fixture(scope="module")
def service() -> Iterator[Running]:
    """A service that sends webhooks to this machine."""
    with running(
        JIANBAO_WEBHOOK_SECRET=SECRET,
        JIANBAO_WEBHOOK_HOSTS="127.0.0.1",
        JIANBAO_WEBHOOK_ALLOW_HTTP="1",
    ) as started:
        yield started


@pytest.fixture(scope="module")
def wordpress(
    release: Release, service: Running, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Site]:
    """A site that the service tells of its batches; the secret comes from the configuration."""
    with site(
        release, tmp_path_factory.mktemp("wordpress"), JIANBAO_WEBHOOK_SECRET=SECRET
    ) as started:
        started.configure(url=service.url, bulk="webhook", languages=["en"])
        yield started


def test_fifty_posts_are_briefed_over_the_webhook_and_the_one_that_failed_is_listed(
    chief: BrowserContext, wordpress: Site
) -> None:
    wordpress.php(
        """
        wp_delete_post(1, true); // WordPress's own "Hello world!"
        for ($at = 1; $at <= $given['posts']; $at++) {
            wp_insert_post(wp_slash(['post_title' => "Article $at", 'post_status' => 'publish',
                'post_content' => $at === 7 ? 'Too short.' : $given['article']]));
        }
        """,
        posts=POSTS,
        article=ARTICLE,
    )
    page = chief.new_page()
    page.goto(f"{wordpress.url}/wp-admin/edit.php?post_status=publish&posts_per_page=60")
    wordpress.php("update_user_meta(1, 'edit_post_per_page', 60);")
    page.reload()
    page.locator("#cb-select-all-1").check()
    page.locator("#bulk-action-selector-top").select_option("jianbao_make")
    page.route(re.compile("/bulk/"), _refuse)  # nobody asks: the webhook alone tells
    page.locator("#doaction").click()
    page.get_by_role("heading", name="Briefs of many posts").wait_for()
    until = time.monotonic() + 120
    while (bulk := _bulk(wordpress, "chief", "return $bulk->all()[0];"))["status"] != "done":
        assert time.monotonic() < until, bulk["status"]
    assert len(bulk["posts"]) == POSTS
    page.unroute(re.compile("/bulk/"))
    page.reload()
    expect(page.get_by_role("heading", name="done")).to_be_visible()
    expect(page.get_by_text("49 of 50 posts have briefs; 1 failed.")).to_be_visible()
    failures = page.locator("#jianbao-bulk li")
    expect(failures).to_have_count(1)
    expect(page.get_by_role("button", name="Cancel")).to_have_count(0)
    expect(failures).to_contain_text("Article 7: The article is too short")
    assert accessibility_violations(page, ".wrap") == []
    made = wordpress.php(
        'global $wpdb; return $wpdb->get_results("SELECT p.post_excerpt, m.meta_value FROM'
        " $wpdb->postmeta m JOIN $wpdb->posts p ON p.ID = m.post_id WHERE"
        " m.meta_key = '_jianbao_brief_en'\");"
    )
    assert len(made) == POSTS - 1
    assert all(SENTENCES[0] in one["meta_value"] for one in made)
    assert all(one["post_excerpt"] == "" for one in made), "nothing is applied"
    assert wordpress.log() == ""


def test_a_forged_an_old_and_a_repeated_webhook_are_refused(wordpress: Site) -> None:
    body = json.dumps({"type": "job.done", "data": {"id": "of-nobody", "results": []}})
    now = datetime.now(UTC)

    def sent(name: str, when: datetime, signature: str) -> int:
        return httpx.post(
            f"{wordpress.url}/wp-json/jianbao/v1/webhook",
            content=body,
            headers={
                "Content-Type": "application/json",
                "webhook-id": name,
                "webhook-timestamp": str(int(when.timestamp())),
                "webhook-signature": signature,
            },
            timeout=30,
        ).status_code

    sign: Callable[[str, datetime, str], str] = Webhook(SECRET).sign
    forged = Webhook("whsec_" + "Zm9yZ2Vk" * 4).sign("a", now, body)
    assert sent("a", now, forged) == 401
    assert sent("b", now, sign("a", now, body)) == 401, "signed for another id"
    old = now - timedelta(minutes=6)
    assert sent("c", old, sign("c", old, body)) == 401
    assert sent("d", now, "v1,forged " + sign("d", now, body)) == 204, "of several, one is right"
    assert sent("d", now, sign("d", now, body)) == 409
    assert sent("e", now, "") == 401


def test_without_a_webhook_the_site_asks_and_goes_on_after_it_was_away(wordpress: Site) -> None:
    """WP-Cron looks after the batch: no browser, and no page that stays open."""
    wordpress.configure(bulk="poll")
    posts = [wordpress.post(ARTICLE, title=f"Polled {number}") for number in range(2)]
    begun = _bulk(wordpress, "chief", "return $bulk->begin($given['posts']);", posts=posts)
    assert begun["status"] == "running"
    until = time.monotonic() + 60
    state = "return $bulk->get($given['id'])['status'];"
    while _bulk(wordpress, "chief", state, id=begun["id"]) != "done":
        assert time.monotonic() < until
        # cron would wait for its minute
        wordpress.php("do_action('jianbao_bulk_follow', $given['id']);", id=begun["id"])
    assert wordpress.meta(posts[1], "_jianbao_brief_en")["text"].startswith(SENTENCES[0])


def test_a_batch_is_cancelled_and_belongs_to_who_began_it(wordpress: Site) -> None:
    author = wordpress.php("return get_user_by('login', 'author')->ID;")
    own = wordpress.post(ARTICLE, post_author=author)
    foreign = wordpress.post(ARTICLE)
    begun = _bulk(
        wordpress, "author", "return $bulk->begin($given['posts']);", posts=[own, foreign]
    )
    assert begun["posts"][str(foreign)]["problem"] == "You may not edit this post."
    seen = """
        wp_set_current_user(get_user_by('login', $given['user'])->ID);
        $ask = new WP_REST_Request($given['method'], "/jianbao/v1/bulk/{$given['id']}");
        $answer = rest_do_request($ask);
        return [$answer->get_status(), $answer->get_data()['status'] ?? ''];
    """
    assert wordpress.php(seen, user="helper", method="GET", id=begun["id"])[0] == 403
    status, state = wordpress.php(seen, user="author", method="DELETE", id=begun["id"])
    assert status == 200
    assert state in {"cancelled", "done"}


def _refuse(route: Route) -> None:
    route.abort()


def _bulk(wordpress: Site, user: str, code: str, **given: Any) -> Any:
    return wordpress.php(RUN + code, user=user, **given)
