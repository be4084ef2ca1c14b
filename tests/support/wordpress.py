"""A WordPress site for tests: WordPress with our plugin, PHP's own server, and SQLite.

A site is installed once for each release and kept in ``.cache``; a test's site is a copy of it,
there in two seconds. PHP's server has no cache between requests and no process manager, so pages
take some tenths of a second; nothing else differs from what a site's web server does.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
from filelock import FileLock
from playwright.sync_api import Browser, BrowserContext, Page
from playwright.sync_api import TimeoutError as PlaywrightTimeout

from tests.support.running import ROOT, free_port
from tests.support.wordpress_packages import CACHE, Release, Unobtainable, unpacked

PLUGIN = ROOT / "plugins" / "wordpress" / "jianbao"
EXTENSIONS = ("curl", "mbstring", "pdo_sqlite", "xml")
PASSWORD = "correct horse"  # noqa: S105 - of a site that lives for a test
USERS = {"chief": "administrator", "editor": "editor", "author": "author", "helper": "contributor"}
"""Names of the users that a site has, and their roles; all have :data:`PASSWORD`."""

_WORKERS = "4"
_PHP = ("php", "-d", "opcache.enable_cli=1", "-d", "memory_limit=512M")
_CONFIG = """<?php
define('DB_ENGINE', 'sqlite');
define('DB_NAME', 'site');
define('DB_DIR', __DIR__ . '/wp-content/database/');
define('DB_FILE', 'site.sqlite');
define('WP_SITEURL', getenv('SITE_URL') ?: 'http://127.0.0.1:1');
define('WP_HOME', WP_SITEURL);
define('WP_HTTP_BLOCK_EXTERNAL', true); // nothing outside the machine is asked for
define('AUTOMATIC_UPDATER_DISABLED', true);
define('DISABLE_WP_CRON', true); // tests run it when they mean to
define('WP_DEBUG', true);
define('WP_DEBUG_DISPLAY', false);
define('WP_DEBUG_LOG', __DIR__ . '/wp-content/debug.log');
define('WP_ENVIRONMENT_TYPE', 'production');
foreach (['AUTH_KEY', 'SECURE_AUTH_KEY', 'LOGGED_IN_KEY', 'NONCE_KEY', 'AUTH_SALT',
    'SECURE_AUTH_SALT', 'LOGGED_IN_SALT', 'NONCE_SALT'] as $secret) {
    define($secret, 'of a test ' . $secret);
}
if (is_file(__DIR__ . '/more-config.php')) {
    require __DIR__ . '/more-config.php';
}
$table_prefix = 'wp_';
if (!defined('ABSPATH')) {
    define('ABSPATH', __DIR__ . '/');
}
require_once ABSPATH . 'wp-settings.php';
"""
_INSTALL = """
define('WP_INSTALLING', true);
require __DIR__ . '/wp-load.php';
require ABSPATH . 'wp-admin/includes/upgrade.php';
wp_install('Daily', 'chief', 'chief@example.org', true, '', 'PASSWORD');
foreach (USERS as $name => $role) {
    if (!username_exists($name)) {
        wp_insert_user(['user_login' => $name, 'user_pass' => 'PASSWORD', 'role' => $role,
            'user_email' => "$name@example.org"]);
    }
}
update_option('permalink_structure', '/%postname%/');
"""
_QUIET = """<?php
// updates are not looked for: there is no network, and the log is for what is wrong
remove_action('init', 'wp_schedule_update_checks');
foreach (['_maybe_update_core', '_maybe_update_plugins', '_maybe_update_themes'] as $look) {
    add_action('admin_init', fn() => remove_action('admin_init', $look), 0);
}
foreach (['core', 'plugins', 'themes'] as $kind) {
    add_filter("pre_site_transient_update_$kind", fn() => (object) [
        'last_checked' => time(), 'updates' => [], 'response' => [],
        'version_checked' => wp_get_wp_version(),
    ]);
}
add_filter('pre_wp_mail', '__return_true');
"""
_ROUTER = """<?php
$path = rawurldecode(parse_url($_SERVER['REQUEST_URI'], PHP_URL_PATH));
if (is_dir(__DIR__ . $path) && is_file(__DIR__ . rtrim($path, '/') . '/index.php')) {
    $path = rtrim($path, '/') . '/index.php';
}
if ($path !== '/router.php' && is_file(__DIR__ . $path)) {
    if (!str_ends_with($path, '.php')) {
        return false;
    }
    $_SERVER['SCRIPT_NAME'] = $_SERVER['PHP_SELF'] = $path;
    $_SERVER['SCRIPT_FILENAME'] = __DIR__ . $path;
    chdir(dirname(__DIR__ . $path));
    require __DIR__ . $path;
    return true;
}
$_SERVER['SCRIPT_NAME'] = $_SERVER['PHP_SELF'] = '/index.php';
require __DIR__ . '/index.php';
"""


def php_missing() -> str:
    """What of PHP this machine lacks, in words; empty if nothing."""
    if not shutil.which("php"):
        return "no php on this machine: apt-get install php-cli"
    listed = subprocess.run(["php", "-m"], capture_output=True, text=True, check=True)  # noqa: S607
    have = listed.stdout.split()
    missing = [name for name in EXTENSIONS if name not in have]
    return f"php lacks {', '.join(missing)}" if missing else ""


@dataclass
class Site:
    """A running WordPress."""

    folder: Path
    url: str
    environ: dict[str, str] = field(default_factory=dict)
    compiled: Path | None = None
    """Where PHP keeps what it compiled: a process of its own would compile WordPress anew."""

    def php(self, code: str, **given: Any) -> Any:
        """What PHP ``code`` returns within the site (as JSON); ``$given`` has the arguments.

        Raises:
            AssertionError: PHP failed; the message has what it said.
        """
        script = f"""
$given = json_decode(getenv('GIVEN'), true);
require {json.dumps(str(self.folder / "wp-load.php"))};
$result = (function () use ($given) {{ {code} }})();
echo "\\n=====", json_encode($result, JSON_UNESCAPED_UNICODE | JSON_PARTIAL_OUTPUT_ON_ERROR);
"""
        host = self.url.removeprefix("http://")
        done = subprocess.run(  # noqa: S603
            [*_PHP, *_keeping(self.compiled), "-r", script],
            env={**os.environ, **self._environ(), "GIVEN": json.dumps(given), "HTTP_HOST": host},
            cwd=self.folder,
            capture_output=True,
            text=True,
            check=False,
        )
        _, mark, result = done.stdout.rpartition("\n=====")
        ended_well = bool(mark) and done.returncode == 0
        assert ended_well, f"{done.stdout}\n{done.stderr}\n{self.log()}"
        return json.loads(result)

    def post(self, content: str, title: str = "A bridge", **fields: Any) -> int:
        """Insert a post, published by the chief editor unless ``fields`` say else; its id."""
        made = self.php(
            # as their author, whom WordPress may allow scripts
            "wp_set_current_user($given['post']['post_author']);"
            " return wp_insert_post(wp_slash($given['post']), true);",
            post={
                "post_title": title,
                "post_content": content,
                "post_status": "publish",
                "post_author": 1,
                **fields,
            },
        )
        assert isinstance(made, int), made
        return made

    def configure(self, **settings: Any) -> None:
        """Change the plugin's settings."""
        self.php(
            "update_option('jianbao_settings',"
            " array_merge((array) get_option('jianbao_settings', []), $given));",
            **settings,
        )

    def meta(self, post: int, key: str) -> Any:
        return self.php(
            "return get_post_meta($given['post'], $given['key'], true);", post=post, key=key
        )

    def cron(self) -> None:
        """Run what is due, as a visit of ``wp-cron.php`` does."""
        httpx.get(f"{self.url}/wp-cron.php?doing_wp_cron", timeout=60)

    def log(self) -> str:
        """What PHP complained of."""
        file = self.folder / "wp-content/debug.log"
        return file.read_text(errors="replace") if file.exists() else ""

    def _environ(self) -> dict[str, str]:
        return {"SITE_URL": self.url, **self.environ}


@contextmanager
def site(
    release: Release,
    folder: Path,
    *,
    config: str = "",
    port: int | None = None,
    **environ: str,
) -> Iterator[Site]:
    """A fresh copy of the installed site in ``folder``, served until the end. ``config`` is PHP for
    its wp-config.php, ``environ`` is set for its PHP.
    """
    home = folder / "site"
    _copy(_installed(release), home)
    shutil.copytree(PLUGIN, home / "wp-content/plugins/jianbao", dirs_exist_ok=True)
    (home / "more-config.php").write_text(f"<?php\n{config}\n")
    port = port or free_port()
    compiled = folder / "compiled"
    compiled.mkdir()
    made = Site(home, f"http://127.0.0.1:{port}", environ, compiled)
    serve = ["-S", f"127.0.0.1:{port}", "-t", str(home), str(home / "router.php")]
    server = subprocess.Popen(  # noqa: S603
        [*_PHP, *_keeping(compiled), *serve],
        env={**os.environ, "PHP_CLI_SERVER_WORKERS": _WORKERS, **made._environ()},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,  # its workers are ended with it, by the group
    )
    try:
        _until_served(made.url, server)
        yield made
    finally:
        os.killpg(server.pid, signal.SIGKILL)
        server.wait()


def _keeping(compiled: Path | None) -> list[str]:
    return ["-d", f"opcache.file_cache={compiled}"] if compiled else []


def _until_served(url: str, server: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + 30
    while True:
        assert server.poll() is None, "php -S ended at once"
        assert time.monotonic() < until, "php -S does not answer"
        try:
            httpx.get(f"{url}/wp-includes/version.php", timeout=5)
            return
        except httpx.TransportError:
            time.sleep(0.05)


def _installed(release: Release) -> Path:
    """The site as it is after the installation, with the plugin switched on."""
    core = unpacked(release)
    recipe = hashlib.sha256((_CONFIG + _INSTALL + _QUIET + _ROUTER).encode()).hexdigest()[:12]
    home = CACHE / f"{release.name}-installed"
    with FileLock(CACHE / "lock"):
        if not (home / recipe).exists():
            shutil.rmtree(home, ignore_errors=True)
            _install(core, home)
            (home / recipe).touch()
    return home


def _install(core: Path, home: Path) -> None:
    _copy(core, home)
    (home / "wp-config.php").write_text(_CONFIG)
    (home / "router.php").write_text(_ROUTER)
    (home / "wp-content/database").mkdir()
    (home / "wp-content/mu-plugins").mkdir()
    (home / "wp-content/mu-plugins/quiet.php").write_text(_QUIET)
    users = "[" + ", ".join(f"'{name}' => '{role}'" for name, role in USERS.items()) + "]"
    code = _INSTALL.replace("PASSWORD", PASSWORD).replace("USERS", users)
    done = subprocess.run(  # noqa: S603
        [*_PHP, "-r", code.replace("__DIR__", json.dumps(str(home)))],
        cwd=home,
        env={**os.environ, "HTTP_HOST": "127.0.0.1"},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise Unobtainable(f"wp_install failed: {done.stdout[-500:]} {done.stderr[-500:]}")
    Site(home, "http://127.0.0.1:1").php(
        "update_option('active_plugins', ['jianbao/jianbao.php']); flush_rewrite_rules();"
    )


def _copy(source: Path, target: Path) -> None:
    """Copy a tree by hard links, but for what a site writes to."""
    written = {"database", "debug.log", "wp-config.php", "router.php"}

    def link_or_copy(one: str, other: str) -> None:
        if written & set(Path(one).parts):
            shutil.copy(one, other)
        else:
            try:
                os.link(one, other)
            except OSError:  # another file system
                shutil.copy(one, other)

    shutil.copytree(source, target, copy_function=link_or_copy, dirs_exist_ok=True)


def signed_in(browser: Browser, where: Site, user: str = "chief", **options: Any) -> BrowserContext:
    """A browser context in which ``user`` is signed in; ``options`` are those of a context."""
    context = browser.new_context(**options)
    context.set_default_timeout(60_000)  # machines may be five times slower
    context.add_cookies(_cookies(where, user))  # type: ignore[arg-type]
    return context


def _cookies(where: Site, user: str) -> list[dict[str, str]]:
    """The cookies that WordPress gives at sign-in, without its form."""
    made = where.php(
        """
        $user = get_user_by('login', $given['user'])->ID;
        $until = time() + DAY_IN_SECONDS;
        $token = WP_Session_Tokens::get_instance($user)->create($until);
        return [
            AUTH_COOKIE => wp_generate_auth_cookie($user, $until, 'auth', $token),
            LOGGED_IN_COOKIE => wp_generate_auth_cookie($user, $until, 'logged_in', $token),
        ];
        """,
        user=user,
    )
    return [{"name": name, "value": value, "url": where.url} for name, value in made.items()]


_TRIES = 12
_WITHOUT_GUIDE = """() => {
    const preferences = wp.data.dispatch('core/preferences');
    for (const scope of ['core/edit-post', 'core']) {
        preferences.set(scope, 'welcomeGuide', false);
        preferences.set(scope, 'fullscreenMode', false);
    }
}"""


def open_editor(context: BrowserContext, where: Site, post: int) -> Page:
    """The block editor with a post, its guide to newcomers closed."""
    page = context.new_page()
    page.goto(f"{where.url}/wp-admin/post.php?post={post}&action=edit")
    page.wait_for_function("window.wp?.data?.select('core/editor')?.getCurrentPostId()")
    settings = page.get_by_role("button", name="Settings", exact=True)
    for _ in range(_TRIES):
        # the editor may set them once more while it starts; the guide hides all else
        page.evaluate(_WITHOUT_GUIDE)
        with contextlib.suppress(PlaywrightTimeout):
            settings.wait_for(timeout=5_000)
            break
    settings.wait_for()
    page.evaluate("wp.data.dispatch('core/edit-post').openGeneralSidebar('edit-post/document')")
    return page
