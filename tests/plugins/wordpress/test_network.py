"""A network of sites."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.support.wordpress import Site, php_missing, site
from tests.support.wordpress_packages import Release, Unobtainable

_MAKE = """
    define('WP_INSTALLING_NETWORK', true);
    require_once ABSPATH . 'wp-admin/includes/upgrade.php';
    require_once ABSPATH . 'wp-admin/includes/network.php';
    global $wpdb;
    foreach ($wpdb->tables('ms_global') as $table => $name) {
        $wpdb->$table = $name;
    }
    install_network();
    $made = populate_network(1, $given['host'], 'chief@example.org', 'Papers', '/', false);
    return is_wp_error($made) ? $made->get_error_message() : $made;
"""
_CONFIG = """<?php
define('WP_ALLOW_MULTISITE', true);
define('MULTISITE', true);
define('SUBDOMAIN_INSTALL', false);
define('DOMAIN_CURRENT_SITE', '%s');
define('PATH_CURRENT_SITE', '/');
define('SITE_ID_CURRENT_SITE', 1);
define('BLOG_ID_CURRENT_SITE', 1);
"""


@pytest.fixture(scope="module")
def network(release: Release, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """Two sites, "/" and "/weekly/", with the plugin switched on for the network."""
    if missing := php_missing():
        pytest.skip(missing)
    try:
        with site(release, tmp_path_factory.mktemp("network")) as started:
            host = started.url.removeprefix("http://")
            assert started.php(_MAKE, host=host) is True
            (started.folder / "more-config.php").write_text(_CONFIG % host)
            started.php(
                "update_site_option('active_sitewide_plugins', ['jianbao/jianbao.php' => time()]);"
                " return wpmu_create_blog($given['host'], '/weekly/', 'Weekly', 1);",
                host=host,
            )
            yield started
    except Unobtainable as why:
        pytest.skip(str(why))


def test_each_site_has_its_own_settings_and_the_networks_where_it_has_none(network: Site) -> None:
    found = network.php("""
        wp_set_current_user(1);
        update_site_option('jianbao_network_settings', ['length' => 'long', 'url' => 'https://a']);
        $seen = [];
        foreach (get_sites(['fields' => 'ids']) as $id) {
            switch_to_blog($id);
            if ($id > 1) {
                update_option('jianbao_settings', ['url' => 'https://b']);
            }
            $settings = new Jianbao\\Settings();
            $seen[] = [$settings->get('url'), $settings->get('length'), $settings->get('style')];
            restore_current_blog();
        }
        return $seen;
    """)
    assert found == [["https://a", "long", "paragraph"], ["https://b", "long", "paragraph"]]


def test_deleting_the_plugin_deletes_the_key_of_every_site(network: Site) -> None:
    left = network.php("""
        update_site_option('jianbao_network_settings', ['key' => 'k']);
        foreach (get_sites(['fields' => 'ids']) as $id) {
            switch_to_blog($id);
            update_option('jianbao_settings', ['key' => 'k']);
            restore_current_blog();
        }
        define('WP_UNINSTALL_PLUGIN', 'jianbao/jianbao.php');
        require WP_PLUGIN_DIR . '/jianbao/uninstall.php';
        $left = [get_site_option('jianbao_network_settings')];
        foreach (get_sites(['fields' => 'ids']) as $id) {
            $left[] = get_blog_option($id, 'jianbao_settings');
        }
        return $left;
    """)
    assert left == [False, False, False]
