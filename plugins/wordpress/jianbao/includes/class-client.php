<?php
/**
 * The service, over HTTP.
 *
 * @package Jianbao
 */

declare(strict_types=1);

namespace Jianbao;

use WP_Error;

defined( 'ABSPATH' ) || exit;

/**
 * Requests to the configured service and to nothing else. Every failure is a WP_Error in the
 * editor's words, whose data has `status` (for the REST API), `service_status` and `retry_after`.
 */
final class Client {
	/** Bytes of an answer that are read; a brief of a long article has some 50,000. */
	public const LARGEST_ANSWER = 4_000_000;

	/** Bytes of a batch's results. */
	public const LARGEST_RESULTS = 64_000_000;

	public function __construct( private readonly Settings $settings ) {}

	/**
	 * Ask the service.
	 *
	 * @param string               $method  Of HTTP.
	 * @param string               $path    Below the service's address.
	 * @param array<string, mixed> $options `json`: body; `body`, `headers`, `timeout` (seconds), `largest` (bytes),
	 *                                      `raw`: do not decode.
	 * @return array{status: int, headers: array<string, string>, body: mixed}|WP_Error
	 */
	public function request( string $method, string $path, array $options = array() ): array|WP_Error {
		$base = (string) $this->settings->get( 'url' );
		if ( '' === $base ) {
			return self::error( 'not_configured', __( 'No Jianbao service is set. An administrator can set its address under Settings → Jianbao.', 'jianbao' ) );
		}
		$largest = (int) ( $options['largest'] ?? self::LARGEST_ANSWER );
		$headers = array( 'Accept' => 'application/json' ) + ( $options['headers'] ?? array() );
		$key     = (string) $this->settings->get( 'key' );
		if ( '' !== $key ) {
			$headers['Authorization'] = "Bearer $key";
		}
		$body = $options['body'] ?? null;
		if ( isset( $options['json'] ) ) {
			$body                    = wp_json_encode( $options['json'] );
			$headers['Content-Type'] = 'application/json';
		}
		$answer = $this->send(
			untrailingslashit( $base ) . $path,
			array(
				'method'              => $method,
				'headers'             => $headers,
				'body'                => $body,
				'timeout'             => (int) ( $options['timeout'] ?? $this->settings->get( 'timeout' ) ),
				'redirection'         => 0,
				'limit_response_size' => $largest + 1,
			)
		);
		if ( is_wp_error( $answer ) ) {
			return Failures::of_transport( $answer, $base );
		}
		return $this->read( $answer, $largest, ! empty( $options['raw'] ) );
	}

	/**
	 * Send a request by WordPress's safe functions, which refuse private hosts and unusual ports,
	 * with the configured host and port allowed for just this request.
	 *
	 * @param string               $url  Of the request.
	 * @param array<string, mixed> $args Of wp_safe_remote_request.
	 * @return array<string, mixed>|WP_Error
	 */
	private function send( string $url, array $args ): array|WP_Error {
		$host = wp_parse_url( $url, PHP_URL_HOST );
		$port = wp_parse_url( $url, PHP_URL_PORT );

		$allow_host = static fn( $external, $asked ) => $asked === $host ? true : $external;
		$allow_port = static fn( $ports, $asked ) => $asked === $host && $port ? array_merge( $ports, array( $port ) ) : $ports;
		add_filter( 'http_request_host_is_external', $allow_host, 10, 2 );
		add_filter( 'http_allowed_safe_ports', $allow_port, 10, 2 );
		try {
			return wp_safe_remote_request( $url, $args );
		} finally {
			remove_filter( 'http_request_host_is_external', $allow_host );
			remove_filter( 'http_allowed_safe_ports', $allow_port );
		}
	}

	/**
	 * What an answer says.
	 *
	 * @param array<string, mixed> $answer  Of WordPress's HTTP API.
	 * @param int                  $largest Bytes that it may have.
	 * @param bool                 $raw     Whether the body stays as it is.
	 * @return array{status: int, headers: array<string, string>, body: mixed}|WP_Error
	 */
	private function read( array $answer, int $largest, bool $raw ): array|WP_Error {
		$status = (int) wp_remote_retrieve_response_code( $answer );
		$text   = wp_remote_retrieve_body( $answer );
		if ( strlen( $text ) > $largest ) {
			return self::error( 'too_large', __( 'The service sent more than this site accepts; its answer was not used.', 'jianbao' ) );
		}
		$read = json_decode( $text, true );
		if ( $status >= 400 ) {
			return Failures::of_answer( $status, is_array( $read ) ? $read : array(), (string) wp_remote_retrieve_header( $answer, 'retry-after' ) );
		}
		if ( $status >= 300 ) {
			return Failures::malformed();
		}
		if ( ! $raw && 204 !== $status && ! is_array( $read ) ) {
			return Failures::malformed();
		}
		$headers = array();
		foreach ( wp_remote_retrieve_headers( $answer ) as $name => $value ) {
			$headers[ strtolower( $name ) ] = is_array( $value ) ? (string) end( $value ) : (string) $value;
		}
		return array(
			'status'  => $status,
			'headers' => $headers,
			'body'    => $raw ? $text : $read,
		);
	}

	/**
	 * Whether the service can be used, for who sets it up.
	 *
	 * @return string|WP_Error What was found, in words.
	 */
	public function test(): string|WP_Error {
		$about = $this->request(
			'GET',
			'/schema/openapi.json',
			array(
				'timeout' => 10,
				'headers' => array( 'Prefer' => 'wait=5' ),
			)
		);
		if ( is_wp_error( $about ) ) {
			return in_array( $about->get_error_code(), array( 'not_found', 'malformed' ), true ) ? Failures::not_jianbao() : $about;
		}
		$paths = $about['body']['paths'] ?? null;
		if ( ! is_array( $paths ) || ! isset( $paths['/summarize'] ) ) {
			return Failures::not_jianbao();
		}
		$version = (string) ( $about['body']['info']['version'] ?? '?' );
		if ( ! isset( $paths['/batch'], $paths['/jobs/{job_id}'] ) ) {
			/* translators: %s: version of the service */
			return self::error( 'old_version', sprintf( __( 'The service is version %s, which has no jobs. This plugin needs 0.1.0 or newer.', 'jianbao' ), $version ) );
		}
		// A job that does not exist: 404 says that the key is accepted, 401 that it is not.
		$job = $this->request( 'GET', '/jobs/connection-test', array( 'timeout' => 10 ) );
		if ( is_wp_error( $job ) && 'not_found' !== $job->get_error_code() ) {
			return $job;
		}
		$ready = $this->request( 'GET', '/readyz', array( 'timeout' => 10 ) );
		if ( is_wp_error( $ready ) ) {
			return $ready;
		}
		/* translators: %s: version of the service */
		return sprintf( __( 'Connected. The service is version %s and ready.', 'jianbao' ), $version );
	}

	/** An error of ours. 424 and not 502: some proxies put a page of their own in the place of a 502. */
	public static function error( string $code, string $message, int $status = 424, ?int $retry_after = null ): WP_Error {
		return new WP_Error(
			$code,
			$message,
			array(
				'status'      => $status,
				'retry_after' => $retry_after,
			)
		);
	}
}
