<?php
/**
 * What went wrong, in the editor's words.
 *
 * @package Jianbao
 */

declare(strict_types=1);

namespace Jianbao;

use WP_Error;

defined( 'ABSPATH' ) || exit;

/** The one table from the service's failures to words. */
final class Failures {
	/** A failure before there was an answer. */
	public static function of_transport( WP_Error $error, string $base ): WP_Error {
		$said = $error->get_error_message();
		$curl = preg_match( '/cURL error (\d+)/', $said, $found ) ? (int) $found[1] : 0;
		// The words alone would mislead: "connection reset" is no refusal, and a host may have any name.
		$is   = static fn( array $codes, string $words ) => $curl ? in_array( $curl, $codes, true ) : 1 === preg_match( $words, $said );
		$host = (string) wp_parse_url( $base, PHP_URL_HOST );
		if ( $is( array( 28 ), '/timed out/i' ) ) {
			return self::make( 'timed_out', __( 'The service did not answer in time. It may be busy; try again in a moment.', 'jianbao' ), 424, 10 );
		}
		if ( $is( array( 6 ), '/resolve|getaddrinfo|valid URL/i' ) ) {
			/* translators: %s: host name */
			return self::make( 'unresolved', sprintf( __( 'The host %s is not known. Check the address of the service.', 'jianbao' ), $host ) );
		}
		if ( $is( array( 7 ), '/refused|unable to connect/i' ) ) {
			/* translators: %s: host name */
			return self::make( 'unreachable', sprintf( __( 'The service at %s cannot be reached: nothing listens there, or a firewall is in between.', 'jianbao' ), $host ), 424, 15 );
		}
		if ( $is( array( 35, 51, 53, 58, 59, 60, 77, 83, 90, 91 ), '/certificate|SSL/i' ) ) {
			/* translators: %s: host name */
			return self::make( 'certificate', sprintf( __( 'There is no secure connection to %s: its certificate is not accepted.', 'jianbao' ), $host ) );
		}
		if ( 'http_request_not_executed' === $error->get_error_code() ) {
			/* translators: %s: host name */
			return self::make( 'blocked', sprintf( __( 'This site blocks requests to %s (WP_HTTP_BLOCK_EXTERNAL). Name the host in WP_ACCESSIBLE_HOSTS.', 'jianbao' ), $host ) );
		}
		return self::make( 'broken_off', __( 'The connection to the service was broken off.', 'jianbao' ), 424, 5 );
	}

	/**
	 * An answer that is an error.
	 *
	 * @param int                  $status      Of HTTP.
	 * @param array<string, mixed> $problem     The body (RFC 9457), if it was JSON.
	 * @param string               $retry_after The header.
	 */
	public static function of_answer( int $status, array $problem, string $retry_after ): WP_Error {
		$wait   = ctype_digit( $retry_after ) ? max( 1, (int) $retry_after ) : null;
		$detail = self::detail( $problem );
		$kind   = substr( (string) strrchr( ':' . ( is_string( $problem['type'] ?? null ) ? $problem['type'] : '' ), ':' ), 1 );
		return match ( true ) {
			401 === $status => self::make( 'key_refused', __( 'The service refused the API key. An administrator can set it under Settings → Jianbao.', 'jianbao' ) ),
			403 === $status => self::make( 'key_not_allowed', __( 'The API key may not be used for this.', 'jianbao' ) ),
			404 === $status => self::make( 'not_found', __( 'The service does not know this job any longer.', 'jianbao' ), 404 ),
			409 === $status => self::make( 'cancelled', __( 'The work was cancelled.', 'jianbao' ), 409 ),
			413 === $status => self::make( 'too_long', __( 'The article is too long for the service.', 'jianbao' ) . $detail, 422 ),
			'text-too-short' === $kind => self::make( 'too_short', __( 'The article is too short for a brief: it needs at least 15 words, or 30 Chinese characters.', 'jianbao' ), 422 ),
			'unsupported-language' === $kind => self::make( 'unsupported_language', __( 'The article is neither in English nor in Chinese.', 'jianbao' ) . $detail, 422 ),
			422 === $status, 400 === $status => self::make( 'refused', __( 'The service cannot use this article.', 'jianbao' ) . $detail, 422 ),
			429 === $status => self::make( 'busy', __( 'The service is busy.', 'jianbao' ), 424, $wait ?? 15 ),
			503 === $status => self::make( 'not_ready', __( 'The service is not ready: the model is loading, or the service restarts.', 'jianbao' ) . $detail, 424, $wait ?? 10 ),
			504 === $status => self::make( 'took_too_long', __( 'The service gave up: the work took too long.', 'jianbao' ), 424 ),
			507 === $status => self::make( 'no_room', __( 'The service has no room for more work at present.', 'jianbao' ), 424, $wait ?? 60 ),
			501 === $status => self::make( 'no_model', __( 'The service has no model for this.', 'jianbao' ) ),
			/* translators: %d: status of HTTP */
			default => self::make( 'failed', sprintf( __( 'The service failed (%d).', 'jianbao' ), $status ) . $detail ),
		};
	}

	/**
	 * A job, or a line of a batch, that failed.
	 *
	 * @param mixed $problem As the service tells it.
	 */
	public static function of_problem( mixed $problem ): WP_Error {
		$problem = is_array( $problem ) ? $problem : array();
		return self::of_answer( (int) ( $problem['status'] ?? 500 ), $problem, '' );
	}

	/** An answer that is no answer of Jianbao's. */
	public static function malformed(): WP_Error {
		return self::make( 'malformed', __( 'The service sent something that is not a brief. Is the address right?', 'jianbao' ) );
	}

	/** Another program is at the address. */
	public static function not_jianbao(): WP_Error {
		return self::make( 'not_jianbao', __( 'Something answers at this address, but it is not Jianbao, or a version without an API description.', 'jianbao' ) );
	}

	/**
	 * What the service says besides, bounded: it goes into the page (escaped there).
	 *
	 * @param array<string, mixed> $problem The body.
	 */
	private static function detail( array $problem ): string {
		$detail = $problem['detail'] ?? '';
		return is_string( $detail ) && '' !== $detail ? ' (' . mb_substr( wp_strip_all_tags( $detail ), 0, 300 ) . ')' : '';
	}

	private static function make( string $code, string $message, int $status = 424, ?int $retry_after = null ): WP_Error {
		return Client::error( $code, $message, $status, $retry_after );
	}
}
