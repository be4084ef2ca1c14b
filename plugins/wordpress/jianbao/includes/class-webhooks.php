<?php
/**
 * Standard Webhooks, verified.
 *
 * @package Jianbao
 */

declare(strict_types=1);

namespace Jianbao;

use WP_Error;
use WP_REST_Request;

defined( 'ABSPATH' ) || exit;

/** Tells a webhook of the service from one that somebody else made, or sent again. See https://www.standardwebhooks.com. */
final class Webhooks {
	/** Seconds that its clock and ours may differ. */
	private const TOLERANCE = 300;

	/**
	 * The body of a webhook that is signed with the secret, new, and seen for the first time.
	 *
	 * @return array<string, mixed>|WP_Error
	 */
	public static function verified( WP_REST_Request $request, string $secret ): array|WP_Error {
		$key = base64_decode( preg_replace( '/^whsec_/', '', $secret ) ?? '', true ); // phpcs:ignore WordPress.PHP.DiscouragedPHPFunctions -- as the standard has it
		if ( '' === $secret || false === $key || '' === $key ) {
			return self::refused( 'no_secret', __( 'This site has no webhook secret.', 'jianbao' ), 503 );
		}
		$id   = (string) $request->get_header( 'webhook-id' );
		$time = (string) $request->get_header( 'webhook-timestamp' );
		$body = $request->get_body();
		if ( '' === $id || ! ctype_digit( $time ) || strlen( $body ) > Client::LARGEST_RESULTS ) {
			return self::refused( 'no_webhook', __( 'This is no webhook.', 'jianbao' ), 400 );
		}
		if ( ! self::signed( "$id.$time.$body", $key, (string) $request->get_header( 'webhook-signature' ) ) ) {
			return self::refused( 'forged', __( 'The signature is wrong.', 'jianbao' ), 401 );
		}
		if ( abs( time() - (int) $time ) > self::TOLERANCE ) {
			return self::refused( 'old', __( 'The webhook is too old.', 'jianbao' ), 401 );
		}
		// add_option fails for a name that exists, in every process: of two deliveries one is first.
		if ( ! add_option( self::seen( $id ), time(), '', false ) ) {
			return self::refused( 'repeated', __( 'This webhook has come before.', 'jianbao' ), 409 );
		}
		self::forget_old();
		$read = json_decode( $body, true );
		return is_array( $read ) ? $read : self::refused( 'no_webhook', __( 'This is no webhook.', 'jianbao' ), 400 );
	}

	/** Whether one of the signatures of the header is the right one. */
	private static function signed( string $signed, string $key, string $header ): bool {
		$right = 'v1,' . base64_encode( hash_hmac( 'sha256', $signed, $key, true ) ); // phpcs:ignore WordPress.PHP.DiscouragedPHPFunctions -- as the standard has it
		foreach ( explode( ' ', $header ) as $signature ) {
			if ( hash_equals( $right, $signature ) ) {
				return true;
			}
		}
		return false;
	}

	private static function seen( string $id ): string {
		return 'jianbao_seen_' . substr( hash( 'sha256', $id ), 0, 32 );
	}

	/** Forget webhooks that are too old to be accepted again anyway. */
	private static function forget_old(): void {
		global $wpdb;
		$names = $wpdb->get_col( $wpdb->prepare( "SELECT option_name FROM $wpdb->options WHERE option_name LIKE %s LIMIT 200", $wpdb->esc_like( 'jianbao_seen_' ) . '%' ) );
		foreach ( $names as $name ) {
			if ( (int) get_option( $name ) < time() - 2 * self::TOLERANCE ) {
				delete_option( $name );
			}
		}
	}

	private static function refused( string $code, string $message, int $status ): WP_Error {
		return new WP_Error( "jianbao_$code", $message, array( 'status' => $status ) );
	}
}
