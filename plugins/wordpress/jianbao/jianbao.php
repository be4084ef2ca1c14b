<?php
/**
 * Plugin Name:       Jianbao briefs
 * Description:       Briefs of an article in English and Chinese, and its translation, made by your own Jianbao service and reviewed in the editor.
 * Version:           0.1.0
 * Requires at least: 6.8
 * Requires PHP:      8.2
 * Author:            The Jianbao authors
 * License:           GPL-2.0-or-later
 * License URI:       https://www.gnu.org/licenses/gpl-2.0.html
 * Text Domain:       jianbao
 * Domain Path:       /languages
 *
 * @package Jianbao
 */

declare(strict_types=1);

namespace Jianbao;

defined( 'ABSPATH' ) || exit;

const VERSION = '0.1.0';
const FILE    = __FILE__;

spl_autoload_register(
	static function ( string $name ): void {
		if ( ! str_starts_with( $name, __NAMESPACE__ . '\\' ) ) {
			return;
		}
		$parts = explode( '\\', strtolower( str_replace( '_', '-', substr( $name, strlen( __NAMESPACE__ ) + 1 ) ) ) );
		$last  = array_pop( $parts );
		$file  = __DIR__ . '/includes/' . implode( '', array_map( static fn( $part ) => "$part/", $parts ) ) . "class-$last.php";
		if ( is_file( $file ) ) {
			require $file;
		}
	}
);

/** The only place where the parts of the plugin are joined. */
function start(): void {
	$settings  = new Settings();
	$client    = new Client( $settings );
	$receipts  = new Receipts();
	$links     = new Links\Links();
	$briefs    = new Briefs( $settings, $client, new Articles(), $receipts );
	$apply     = new Apply( $receipts );
	$translate = new Translate( $settings, $client, $links );
	$bulk      = new Bulk( $settings, $client, $briefs );

	$receipts->register();
	( new Block( $receipts ) )->register();
	( new Editors( $settings, $links ) )->register();
	( new Rest( $client, $briefs, $receipts, $apply, $translate ) )->register();
	$bulk->register();
	( new Bulk_Page( $settings, $bulk ) )->register();
	( new Settings_Page( $settings ) )->register();
	( new Abilities( $briefs ) )->register();
	if ( defined( 'WP_CLI' ) && \WP_CLI ) {
		\WP_CLI::add_command( 'jianbao', new Cli( $client, $briefs, $apply, $translate ) );
	}
}

add_action( 'plugins_loaded', __NAMESPACE__ . '\\start' );
add_action( 'init', static fn() => load_plugin_textdomain( 'jianbao', false, dirname( plugin_basename( FILE ) ) . '/languages' ), 1 );
