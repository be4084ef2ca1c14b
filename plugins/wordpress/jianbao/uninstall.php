<?php
/**
 * Removes what the plugin has saved, where the site has chosen that.
 *
 * @package Jianbao
 */

defined( 'WP_UNINSTALL_PLUGIN' ) || exit;

/** Settings always go, with the key; receipts and applied fields only where that was chosen. */
( static function (): void {
	global $wpdb;
	$clean = static function () use ( $wpdb ): void {
		$settings = get_option( 'jianbao_settings' );
		$network  = get_site_option( 'jianbao_network_settings' );
		$remove   = ( is_array( $settings ) && ! empty( $settings['remove_data'] ) ) || ( is_array( $network ) && ! empty( $network['remove_data'] ) );
		delete_option( 'jianbao_settings' );
		delete_option( 'connectors_briefs_jianbao_api_key' );
		foreach ( array( 'jianbao_bulk_', 'jianbao_seen_', '_transient_jianbao_', '_transient_timeout_jianbao_' ) as $prefix ) {
			foreach ( $wpdb->get_col( $wpdb->prepare( "SELECT option_name FROM $wpdb->options WHERE option_name LIKE %s", $wpdb->esc_like( $prefix ) . '%' ) ) as $name ) {
				delete_option( $name );
			}
		}
		wp_unschedule_hook( 'jianbao_bulk_follow' );
		delete_post_meta_by_key( '_jianbao_job' );
		delete_post_meta_by_key( '_jianbao_failures' );
		if ( $remove ) {
			foreach ( $wpdb->get_col( $wpdb->prepare( "SELECT DISTINCT meta_key FROM $wpdb->postmeta WHERE meta_key LIKE %s OR meta_key LIKE %s", $wpdb->esc_like( '_jianbao_' ) . '%', $wpdb->esc_like( 'jianbao_' ) . '%' ) ) as $key ) {
				delete_post_meta_by_key( $key );
			}
		}
	};
	if ( is_multisite() ) {
		foreach ( get_sites( array( 'fields' => 'ids', 'number' => 0 ) ) as $site ) {
			switch_to_blog( $site );
			$clean();
			restore_current_blog();
		}
	} else {
		$clean();
	}
	delete_site_option( 'jianbao_network_settings' );
} )();
