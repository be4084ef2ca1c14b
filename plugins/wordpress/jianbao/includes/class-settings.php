<?php
/**
 * What the site is set to.
 *
 * @package Jianbao
 */

declare(strict_types=1);

namespace Jianbao;

defined( 'ABSPATH' ) || exit;

/**
 * Settings of a site. Of four places the first that has a value wins: a constant or an environment
 * variable (for what is in FIXED alone), the site (for the key also WordPress's connectors), the network,
 * the default.
 */
final class Settings {
	public const OPTION         = 'jianbao_settings';
	public const NETWORK_OPTION = 'jianbao_network_settings';

	/** Settings that the configuration may fix, with the name of the constant or variable. */
	public const FIXED = array(
		'url'            => 'JIANBAO_URL',
		'key'            => 'JIANBAO_API_KEY',
		'webhook_secret' => 'JIANBAO_WEBHOOK_SECRET',
	);

	/** Settings that never leave the server. */
	public const SECRET = array( 'key', 'webhook_secret' );

	public const LANGUAGES = array( 'en', 'zh', 'zh-Hans', 'zh-Hant', 'zh-TW', 'zh-HK' );
	public const STYLES    = array( 'paragraph', 'bullets', 'headline' );
	public const LENGTHS   = array( 'short', 'medium', 'long' );
	public const TARGETS   = array( 'excerpt', 'block', 'field', 'description' );

	/** Where WordPress 7.0's page of connectors keeps the key. */
	public const CONNECTOR_OPTION = 'connectors_briefs_jianbao_api_key';

	/** Values where nothing is set; `timeout` is in seconds. */
	private const DEFAULTS = array(
		'url'            => '',
		'key'            => '',
		'webhook_secret' => '',
		'languages'      => array( 'en', 'zh' ),
		'style'          => 'paragraph',
		'length'         => 'medium',
		'target'         => 'excerpt',
		'timeout'        => 20,
		'bulk'           => 'poll',
		'remove_data'    => false,
	);

	/** The value of a setting. */
	public function get( string $name ): mixed {
		$fixed = $this->fixed( $name );
		if ( null !== $fixed ) {
			return $fixed;
		}
		$connected = 'key' === $name ? get_option( self::CONNECTOR_OPTION ) : '';
		foreach ( array( get_option( self::OPTION ), array( 'key' => $connected ), get_site_option( self::NETWORK_OPTION ) ) as $saved ) {
			if ( is_array( $saved ) && isset( $saved[ $name ] ) && '' !== $saved[ $name ] && array() !== $saved[ $name ] ) {
				return $saved[ $name ];
			}
		}
		return self::DEFAULTS[ $name ];
	}

	/** The value that the configuration fixes, or null. */
	public function fixed( string $name ): ?string {
		$constant = self::FIXED[ $name ] ?? '';
		if ( '' === $constant ) {
			return null;
		}
		$value = defined( $constant ) ? constant( $constant ) : getenv( $constant );
		return is_string( $value ) && '' !== $value ? $value : null;
	}

	/** Whether there is a service to ask. */
	public function complete(): bool {
		return '' !== $this->get( 'url' );
	}

	/**
	 * Settings as they may be saved; what cannot be used is told through settings errors, and the
	 * value before is kept.
	 *
	 * @param mixed                $given  What the form sent.
	 * @param array<string, mixed> $before What was saved.
	 * @return array<string, mixed>
	 */
	public static function clean( mixed $given, array $before ): array {
		$given = is_array( $given ) ? $given : array();
		$kept  = $before;
		if ( isset( $given['url'] ) ) {
			$kept['url'] = self::clean_url( (string) $given['url'], (string) ( $before['url'] ?? '' ) );
		}
		foreach ( self::SECRET as $name ) {
			// An empty field means: as it was. The value is not in the page, so it cannot come back.
			$value = trim( (string) ( $given[ $name ] ?? '' ) );
			if ( ! empty( $given[ "forget_$name" ] ) ) {
				$kept[ $name ] = '';
			} elseif ( '' !== $value ) {
				$kept[ $name ] = preg_replace( '/[^\x21-\x7e]/', '', $value );
			}
		}
		if ( isset( $given['languages'] ) ) {
			$kept['languages'] = array_values( array_intersect( self::LANGUAGES, (array) $given['languages'] ) );
		}
		$choices = array(
			'style'  => self::STYLES,
			'length' => self::LENGTHS,
			'target' => self::TARGETS,
			'bulk'   => array( 'poll', 'webhook' ),
		);
		foreach ( $choices as $name => $allowed ) {
			if ( in_array( $given[ $name ] ?? null, $allowed, true ) ) {
				$kept[ $name ] = $given[ $name ];
			}
		}
		if ( isset( $given['timeout'] ) ) {
			$kept['timeout'] = max( 10, min( 120, (int) $given['timeout'] ) );
		}
		if ( isset( $given['form'] ) ) { // A form that was sent without the box means: unchecked.
			$kept['remove_data'] = ! empty( $given['remove_data'] );
		} elseif ( isset( $given['remove_data'] ) ) {
			$kept['remove_data'] = (bool) $given['remove_data'];
		}
		return array_intersect_key( $kept, self::DEFAULTS );
	}

	/** The address without its last slash, or the one before if it cannot be used. */
	private static function clean_url( string $given, string $before ): string {
		$url = untrailingslashit( esc_url_raw( trim( $given ), array( 'http', 'https' ) ) );
		if ( '' === trim( $given ) || ( '' !== $url && is_string( wp_parse_url( $url, PHP_URL_HOST ) ) ) ) {
			return $url;
		}
		if ( function_exists( 'add_settings_error' ) ) {
			add_settings_error( self::OPTION, 'url', __( 'The address of the service must begin with http:// or https://. It was not changed.', 'jianbao' ) );
		}
		return $before;
	}
}
