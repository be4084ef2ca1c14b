"""Settings, rights, languages of the interface, the command line, and what is left at the end."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import BrowserContext, expect

from tests.plugins.wordpress.articles import ARTICLE, SENTENCES
from tests.plugins.wordpress.running import Running
from tests.support.browser import accessibility_violations
from tests.support.running import ROOT, free_port
from tests.support.wordpress import PLUGIN, Site, open_editor

KEY = "jianbao_a-key-that-no-page-may-show"
CALLS = """
    $said = [];
    foreach ($given['users'] as $user) {
        wp_set_current_user($user ? get_user_by('login', $user)->ID : 0);
        foreach ($given['calls'] as [$method, $path, $body]) {
            $ask = new WP_REST_Request($method, $path);
            $ask->set_body_params($body);
            $said[] = rest_do_request($ask)->get_status();
        }
    }
    return $said;
"""
"""The statuses of REST calls by users, one after the other."""


def test_settings_test_the_connection_in_words_and_never_show_the_key(
    chief: BrowserContext, wordpress: Site, service: Running
) -> None:
    page = chief.new_page()
    page.goto(f"{wordpress.url}/wp-admin/options-general.php?page=jianbao")
    for address, words in (
        (f"http://127.0.0.1:{free_port()}", "cannot be reached"),
        (f"{wordpress.url}/wp-json", "it is not Jianbao"),
        (service.url + "/", "Connected. The service is version 0.1.0 and ready."),
    ):
        page.get_by_label("Address of the service").fill(address)
        page.get_by_label("API key").fill(KEY)
        page.get_by_role("button", name="Save Changes").click()
        page.get_by_text("Settings saved.").wait_for()
        assert KEY not in page.content()
        page.get_by_role("button", name="Test connection").click()
        expect(page.get_by_role("status").filter(has_text=words)).to_be_visible()
    assert wordpress.php("return get_option('jianbao_settings')['key'];") == KEY
    assert wordpress.php("return get_option('jianbao_settings')['url'];") == service.url
    assert accessibility_violations(page, ".wrap") == []
    page.get_by_label("Address of the service").fill("ftp://example.org")
    page.locator("#jianbao-url").evaluate("field => field.form.noValidate = true")
    page.get_by_role("button", name="Save Changes").click()
    page.get_by_text("must begin with http:// or https://").wait_for()
    assert wordpress.php("return get_option('jianbao_settings')['url'];") == service.url
    wordpress.php(
        "$s = get_option('jianbao_settings'); unset($s['key']);"
        " update_option('jianbao_settings', $s);"
    )
    assert KEY not in wordpress.log()


def test_the_configuration_goes_before_the_settings(wordpress: Site) -> None:
    shown = """
        putenv('JIANBAO_API_KEY=from-the-environment');
        define('JIANBAO_URL', 'https://configured.example');
        wp_set_current_user(1);
        require_once ABSPATH . 'wp-admin/includes/admin.php';
        $settings = new Jianbao\\Settings();
        $page = new ReflectionMethod(Jianbao\\Settings_Page::class, 'page');
        ob_start();
        $page->invoke(new Jianbao\\Settings_Page($settings), false);
        return [$settings->get('url'), $settings->get('key'), ob_get_clean()];
    """
    url, key, form = wordpress.php(shown)
    assert (url, key) == ("https://configured.example", "from-the-environment")
    assert "set in configuration (JIANBAO_API_KEY)" in form
    assert "set in configuration (JIANBAO_URL)" in form
    assert "from-the-environment" not in form


def test_the_panel_speaks_the_users_language_and_works_by_keyboard(
    chief: BrowserContext, wordpress: Site
) -> None:
    # WordPress offers the locales whose own files are there
    languages = wordpress.folder / "wp-content/languages"
    languages.mkdir(exist_ok=True)
    shutil.copy(PLUGIN / "languages/jianbao-zh_CN.mo", languages / "zh_CN.mo")
    wordpress.php("update_user_meta(1, 'locale', 'zh_CN');")
    try:
        page = open_editor(chief, wordpress, wordpress.post(ARTICLE))
        title = page.get_by_role("button", name="简报", exact=True)
        title.wait_for()
        if title.get_attribute("aria-expanded") == "false":
            title.focus()
            page.keyboard.press("Enter")
        page.get_by_role("button", name="生成简报").focus()
        page.keyboard.press("Enter")
        expect(page.get_by_role("status").filter(has_text="简报已生成。")).to_be_visible()
        page.keyboard.press("Tab")
        expect(page.get_by_role("button", name="并排审阅")).to_be_focused()
        page.keyboard.press("Enter")
        review = page.get_by_role("dialog", name="简报")
        expect(review.get_by_role("region", name="中文")).to_be_visible()
        expect(review.get_by_text("存疑").first).to_be_visible()
        page.keyboard.press("Escape")
        expect(review).to_be_hidden()
        refused = wordpress.php("""
            switch_to_user_locale(1);
            wp_set_current_user(0);
            return Jianbao\\Rest::may_edit(1)->get_error_message();
        """)
        assert refused == "您无权编辑这篇文章。"
    finally:
        wordpress.php("delete_user_meta(1, 'locale');")


def test_who_may_not_edit_a_post_may_do_nothing_with_it(wordpress: Site) -> None:
    post = wordpress.post(ARTICLE)
    base = f"/jianbao/v1/posts/{post}"
    calls = [
        ("GET", base, {}),
        ("POST", f"{base}/make", {"content": ARTICLE}),
        ("GET", f"{base}/jobs/0123456789abcdef", {}),
        ("DELETE", f"{base}/jobs/0123456789abcdef", {}),
        ("POST", f"{base}/briefs/en", {"text": "x"}),
        ("POST", f"{base}/briefs/en/apply", {"text": "x", "target": "field"}),
        ("POST", f"{base}/briefs/en/undo", {"target": "field"}),
        ("POST", f"{base}/translation", {"language": "zh"}),
        ("POST", "/jianbao/v1/connection", {}),
    ]
    said = wordpress.php(CALLS, users=["helper", ""], calls=calls)
    assert said == [403] * len(calls) + [401] * len(calls)
    assert wordpress.meta(post, "jianbao_brief_en") == ""


def test_a_request_with_a_wrong_nonce_is_refused(chief: BrowserContext, wordpress: Site) -> None:
    post = wordpress.post(ARTICLE)
    cookies = {one["name"]: one["value"] for one in chief.cookies()}
    for headers, status in (({"X-WP-Nonce": "0123456789"}, 403), ({}, 401)):
        answer = httpx.post(
            f"{wordpress.url}/wp-json/jianbao/v1/posts/{post}/make",
            json={"content": ARTICLE},
            headers=headers,
            cookies=cookies,
            timeout=60,
        )
        assert answer.status_code == status


def test_a_field_that_themes_may_print_has_no_markup(wordpress: Site) -> None:
    post = wordpress.post(ARTICLE)
    base = f"/jianbao/v1/posts/{post}"
    text = "The council <script>alert(1)</script><b>pays</b>, 5 < 7."
    calls = [
        ("POST", f"{base}/make", {"content": ARTICLE, "languages": ["en"]}),
        ("POST", f"{base}/briefs/en/apply", {"text": text, "target": "field"}),
    ]
    assert wordpress.php(CALLS, users=["chief"], calls=calls) == [200, 200]
    assert wordpress.meta(post, "jianbao_brief_en") == "The council pays, 5 < 7."


def test_a_brief_that_is_applied_twice_is_undone_to_what_was_there_before_it(
    wordpress: Site,
) -> None:
    post = wordpress.post(ARTICLE)
    wordpress.php("update_post_meta($given['post'], 'jianbao_brief_en', 'Mine.');", post=post)
    base = f"/jianbao/v1/posts/{post}"
    field = {"target": "field"}
    calls = [
        ("POST", f"{base}/make", {"content": ARTICLE, "languages": ["en"]}),
        ("POST", f"{base}/briefs/en/apply", {"text": "One brief.", **field}),
        ("POST", f"{base}/briefs/en/apply", {"text": "Another.", **field}),
        ("POST", f"{base}/briefs/en/undo", field),
    ]
    assert wordpress.php(CALLS, users=["chief"], calls=calls) == [200] * 4
    assert wordpress.meta(post, "jianbao_brief_en") == "Mine."


def test_values_outside_the_schema_are_refused(wordpress: Site) -> None:
    path = f"/jianbao/v1/posts/{wordpress.post(ARTICLE)}/make"
    bodies: tuple[dict[str, object], ...] = (
        {},
        {"content": "x", "style": "poem"},
        {"content": "x", "languages": ["fr"]},
    )
    calls = [("POST", path, body) for body in bodies]
    assert wordpress.php(CALLS, users=["chief"], calls=calls) == [400, 400, 400]


WP_CLI = """
    // A stand-in for WP-CLI's class: what the command says to it.
    class WP_CLI {
        public static array $said = [];
        public static function log($m) { self::$said[] = $m; }
        public static function warning($m) { self::$said[] = "Warning: $m"; }
        public static function success($m) { self::$said[] = "Success: $m"; }
        public static function error($m) { throw new RuntimeException("Error: $m"); }
    }
    wp_set_current_user(1);
    $settings = new Jianbao\\Settings();
    $client = new Jianbao\\Client($settings);
    $receipts = new Jianbao\\Receipts();
    $briefs = new Jianbao\\Briefs($settings, $client, new Jianbao\\Articles(), $receipts);
    $translate = new Jianbao\\Translate($settings, $client, new Jianbao\\Links\\Links());
    $cli = new Jianbao\\Cli($client, $briefs, new Jianbao\\Apply($receipts), $translate);
    try {
        $cli->{$given['command']}($given['words'], $given['options']);
    } catch (RuntimeException $error) {
        WP_CLI::log($error->getMessage());
    }
    return WP_CLI::$said;
"""


def test_the_command_line_briefs_applies_and_translates(wordpress: Site) -> None:
    post, short = wordpress.post(ARTICLE), wordpress.post("Too short.")
    said = wordpress.php(
        WP_CLI,
        command="brief",
        words=[str(post), str(short)],
        options={"languages": "en", "apply": "excerpt"},
    )
    assert said[0] == f"{post}: en"
    assert said[1].startswith(f"Warning: {short}: The article is too short")
    assert said[2] == "Error: 1 of 2 posts failed."
    excerpt = wordpress.php("return get_post($given['post'])->post_excerpt;", post=post)
    assert excerpt.startswith(SENTENCES[0])
    (said,) = wordpress.php(WP_CLI, command="translate", words=[str(post)], options={"to": "zh"})
    draft = re.fullmatch(r"Success: Draft (\d+)\.", said)
    assert draft
    assert wordpress.meta(int(draft[1]), "_jianbao_original") == str(post)
    (said,) = wordpress.php(WP_CLI, command="test", words=[], options={})
    assert said.startswith("Success: Connected.")


def test_receipts_are_exported_with_the_post(wordpress: Site) -> None:
    post = wordpress.post(ARTICLE)
    wordpress.php(WP_CLI, command="brief", words=[str(post)], options={"languages": "en"})
    exported = wordpress.php("""
        require_once ABSPATH . 'wp-admin/includes/export.php';
        ob_start();
        export_wp(['content' => 'post']);
        return ob_get_clean();
    """)
    assert "<wp:meta_key><![CDATA[_jianbao_brief_en]]></wp:meta_key>" in exported


UNINSTALL = """
    define('WP_UNINSTALL_PLUGIN', 'jianbao/jianbao.php');
    update_option('jianbao_settings', ['key' => 'k', 'remove_data' => $given['remove']]);
    update_post_meta($given['post'], '_jianbao_brief_en', ['text' => 'x']);
    update_post_meta($given['post'], 'jianbao_brief_en', 'x');
    add_option('jianbao_bulk_0', ['begun' => 1]);
    require WP_PLUGIN_DIR . '/jianbao/uninstall.php';
    global $wpdb;
    $count = fn($of, $name) => (int) $wpdb->get_var(
        "SELECT COUNT(*) FROM {$wpdb->$of} WHERE $name LIKE '%jianbao_%'");
    return [$count('options', 'option_name'), $count('postmeta', 'meta_key')];
"""


def test_deleting_the_plugin_deletes_the_key_always_and_receipts_if_so_chosen(
    wordpress: Site, service: Running
) -> None:
    post = wordpress.post(ARTICLE)
    options, receipts = wordpress.php(UNINSTALL, post=post, remove=False)
    assert options == 0
    assert receipts >= 2
    assert wordpress.php(UNINSTALL, post=post, remove=True) == [0, 0]
    wordpress.configure(url=service.url)


def test_a_site_of_a_network_has_the_networks_settings_where_it_has_none(wordpress: Site) -> None:
    found = wordpress.php("""
        update_site_option('jianbao_network_settings', ['length' => 'long', 'style' => 'bullets']);
        $saved = get_option('jianbao_settings');
        update_option('jianbao_settings', ['style' => 'headline']);
        $settings = new Jianbao\\Settings();
        $found = [$settings->get('length'), $settings->get('style'), $settings->get('timeout')];
        delete_site_option('jianbao_network_settings');
        update_option('jianbao_settings', $saved);
        return $found;
    """)
    assert found == ["long", "headline", 20]


def test_all_php_is_well_formed_and_nothing_runs_without_wordpress() -> None:
    for file in sorted(PLUGIN.rglob("*.php")):
        done = subprocess.run(  # noqa: S603
            ["php", "-d", "display_errors=1", str(file)],  # noqa: S607
            capture_output=True,
            text=True,
            check=False,
        )
        assert (done.stdout, done.returncode) == ("", 0), file


def test_the_zip_has_the_plugin_and_is_the_same_twice(tmp_path: Path) -> None:
    made = []
    for name in ("one", "other"):
        (tmp_path / name).mkdir()
        subprocess.run(  # noqa: S603
            [sys.executable, ROOT / "plugins/wordpress/zip.py", tmp_path / name],
            check=True,
            stdout=subprocess.DEVNULL,
        )
        made.append(next((tmp_path / name).glob("*.zip")))
    assert made[0].read_bytes() == made[1].read_bytes()
    names = zipfile.ZipFile(made[0]).namelist()
    assert {"jianbao/jianbao.php", "jianbao/readme.txt", "jianbao/LICENSE"} <= set(names)
    assert all(name.startswith("jianbao/") for name in names)


@pytest.mark.skipif(not shutil.which("msgmerge"), reason="no gettext: apt-get install gettext")
def test_translation_files_are_those_of_the_sources_and_complete(tmp_path: Path) -> None:
    copy = tmp_path / "plugins/wordpress"
    shutil.copytree(PLUGIN.parent, copy)
    subprocess.run([sys.executable, copy / "translations.py"], check=True)  # noqa: S603
    for file in sorted((PLUGIN / "languages").iterdir()):
        if file.suffix != ".mo":  # its bytes depend on gettext's version
            assert (copy / "jianbao/languages" / file.name).read_text() == file.read_text(), file
    done = subprocess.run(  # noqa: S603
        ["msgfmt", "--statistics", "-o", "/dev/null", PLUGIN / "languages/jianbao-zh_CN.po"],  # noqa: S607
        capture_output=True,
        text=True,
        check=True,
        env={"LC_ALL": "C", "PATH": "/usr/bin"},
    )
    assert "untranslated" not in done.stderr
