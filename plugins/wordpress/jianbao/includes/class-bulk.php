<?php
/**
 * Briefs of many posts.
 *
 * @package Jianbao
 */

declare(strict_types=1);

namespace Jianbao;

use WP_Error;
use WP_REST_Request;
use WP_REST_Response;

defined( 'ABSPATH' ) || exit;

/**
 * One batch of the service for many posts. The service sends a webhook when it is done, or this site
 * asks again and again (by WP-Cron, and while somebody looks at the page). What is known of a batch is
 * an option of its own, so it goes on after the browser is closed, PHP ends or the site restarts.
 */
final class Bulk {
	public const PREFIX = 'jianbao_bulk_';
	public const HOOK   = 'jianbao_bulk_follow';

	/** Posts in one batch; the service takes a thousand. */
	public const MOST = 500;

	/** Seconds between two looks at a batch, and days for which its list of failures is kept. */
	private const INTERVAL = 60;
	private const KEEP     = 30;

	public function __construct(
		private readonly Settings $settings,
		private readonly Client $client,
		private readonly Briefs $briefs,
	) {}

	public function register(): void {
		add_action( self::HOOK, fn( string $id ) => $this->follow( $id ) );
		add_action(
			'rest_api_init',
			function (): void {
				register_rest_route(
					Rest::NAMESPACE,
					'/webhook',
					array(
						'methods'             => 'POST',
						'callback'            => array( $this, 'webhook' ),
						'permission_callback' => '__return_true', // Its signature is what permits it.
					)
				);
				register_rest_route(
					Rest::NAMESPACE,
					'/bulk/(?P<bulk>[a-f0-9]{16})',
					array(
						array(
							'methods'             => 'GET',
							'callback'            => fn( WP_REST_Request $request ) => $this->view( $this->follow( (string) $request['bulk'] ) ),
							'permission_callback' => fn( WP_REST_Request $request ) => $this->may_see( (string) $request['bulk'] ),
						),
						array(
							'methods'             => 'DELETE',
							'callback'            => fn( WP_REST_Request $request ) => $this->view( $this->cancel( (string) $request['bulk'] ) ),
							'permission_callback' => fn( WP_REST_Request $request ) => $this->may_see( (string) $request['bulk'] ),
						),
					)
				);
			}
		);
	}

	/** A batch belongs to who began it, and to those who may edit others' posts. */
	private function may_see( string $id ): bool {
		$bulk = $this->get( $id );
		return $bulk && ( current_user_can( 'edit_others_posts' ) || ( get_current_user_id() && get_current_user_id() === $bulk['user'] ) );
	}

	/** What is known of a batch, or null. */
	public function get( string $id ): ?array {
		wp_cache_delete( self::PREFIX . $id, 'options' ); // Another process may have written it.
		$bulk = get_option( self::PREFIX . $id );
		return is_array( $bulk ) ? $bulk : null;
	}

	/**
	 * All batches, the newest first; those of a month ago are forgotten.
	 *
	 * @return array<int, array<string, mixed>>
	 */
	public function all(): array {
		global $wpdb;
		$names = $wpdb->get_col( $wpdb->prepare( "SELECT option_name FROM $wpdb->options WHERE option_name LIKE %s", $wpdb->esc_like( self::PREFIX ) . '%' ) );
		$found = array();
		foreach ( $names as $name ) {
			$bulk = get_option( $name );
			if ( is_array( $bulk ) && $bulk['begun'] < time() - self::KEEP * DAY_IN_SECONDS ) {
				delete_option( $name );
			} elseif ( is_array( $bulk ) ) {
				$found[] = $bulk;
			}
		}
		usort( $found, static fn( $one, $other ) => $other['begun'] <=> $one['begun'] );
		return $found;
	}

	/**
	 * Hand posts in.
	 *
	 * @param int[]                $posts  Their ids; those that the user may not edit are listed as failed.
	 * @param array<string, mixed> $wanted As of Briefs::make.
	 * @return array<string, mixed>|WP_Error
	 */
	public function begin( array $posts, array $wanted = array() ): array|WP_Error {
		$posts = array_slice( array_values( array_unique( array_map( 'intval', $posts ) ) ), 0, self::MOST );
		$bulk  = array(
			'id'     => bin2hex( random_bytes( 8 ) ),
			'job'    => '',
			'user'   => get_current_user_id(),
			'begun'  => time(),
			'status' => 'running',
			'posts'  => array(),
			'problem' => '',
		);
		$lines = array();
		foreach ( $posts as $id ) {
			$post = get_post( $id );
			if ( ! $post || is_wp_error( Rest::may_edit( $id ) ) ) {
				$bulk['posts'][ $id ] = array( 'status' => 'failed', 'problem' => __( 'You may not edit this post.', 'jianbao' ) );
				continue;
			}
			$bulk['posts'][ $id ] = array(
				'status' => 'waiting',
				'hash'   => $this->briefs->digest( $post->post_title, $post->post_content ),
			);
			$lines[] = wp_json_encode( array( 'id' => (string) $id ) + $this->briefs->body( $post->post_title, $post->post_content, $wanted ) );
		}
		if ( ! $lines ) {
			return Client::error( 'no_posts', __( 'There is no post among these that you may edit.', 'jianbao' ), 422 );
		}
		$ask = $this->client->request(
			'POST',
			'/batch' . $this->callback(),
			array(
				'body'    => implode( "\n", $lines ),
				'headers' => array(
					'Content-Type'    => 'application/x-ndjson',
					'Prefer'          => 'respond-async',
					'Idempotency-Key' => "wp-bulk-{$bulk['id']}",
				),
			)
		);
		if ( is_wp_error( $ask ) ) {
			return $ask;
		}
		$bulk['job'] = (string) ( $ask['body']['id'] ?? '' );
		if ( 1 !== preg_match( '/^[A-Za-z0-9_-]{8,64}$/', $bulk['job'] ) ) {
			return Failures::malformed();
		}
		add_option( self::PREFIX . $bulk['id'], $bulk, '', false );
		$this->look_again( $bulk['id'] );
		return $bulk;
	}

	/** The webhook's parameter, if the site wants one and can verify it. */
	private function callback(): string {
		if ( 'webhook' !== $this->settings->get( 'bulk' ) || '' === $this->settings->get( 'webhook_secret' ) ) {
			return '';
		}
		return '?callback_url=' . rawurlencode( rest_url( Rest::NAMESPACE . '/webhook' ) );
	}

	/** Ask again later, by Action Scheduler where a plugin brings it, else by WP-Cron. */
	private function look_again( string $id ): void {
		if ( function_exists( 'as_schedule_single_action' ) ) {
			as_schedule_single_action( time() + self::INTERVAL, self::HOOK, array( $id ), 'jianbao' );
		} elseif ( ! wp_next_scheduled( self::HOOK, array( $id ) ) ) {
			wp_schedule_single_event( time() + self::INTERVAL, self::HOOK, array( $id ) );
		}
	}

	/**
	 * Look how a batch stands, and take its results when it has ended.
	 *
	 * @return array<string, mixed>|WP_Error
	 */
	public function follow( string $id ): array|WP_Error {
		$bulk = $this->get( $id );
		if ( ! $bulk ) {
			return Client::error( 'no_batch', __( 'There is no such batch.', 'jianbao' ), 404 );
		}
		if ( 'running' !== $bulk['status'] ) {
			return $bulk;
		}
		$ask = $this->client->request( 'GET', "/jobs/{$bulk['job']}" );
		if ( is_wp_error( $ask ) && 'not_found' !== $ask->get_error_code() ) {
			$bulk['problem'] = $ask->get_error_message();
			$this->look_again( $id ); // The service is away; the batch is not lost.
			return $bulk;
		}
		if ( is_wp_error( $ask ) ) {
			return $this->finish( $bulk, array(), 'failed', $ask->get_error_message() );
		}
		$view             = $ask['body'];
		$bulk['progress'] = array(
			'done'   => (int) ( $view['articles']['done'] ?? 0 ),
			'failed' => (int) ( $view['articles']['failed'] ?? 0 ),
		);
		$status           = (string) ( $view['status'] ?? '' );
		if ( 'queued' === $status || 'running' === $status ) {
			$this->look_again( $id );
			return $bulk;
		}
		if ( 'cancelled' === $status ) {
			return $this->finish( $bulk, array(), 'cancelled' );
		}
		$results = $this->client->request( 'GET', "/jobs/{$bulk['job']}/results", array( 'raw' => true, 'largest' => Client::LARGEST_RESULTS ) );
		if ( is_wp_error( $results ) ) {
			$bulk['problem'] = $results->get_error_message();
			$this->look_again( $id );
			return $bulk;
		}
		$lines = array_map( static fn( $line ) => json_decode( $line, true ), explode( "\n", trim( (string) $results['body'] ) ) );
		return $this->finish( $bulk, $lines, 'done' );
	}

	/** Cancel a batch: what was not briefed stays as it is. */
	public function cancel( string $id ): array|WP_Error {
		$bulk = $this->get( $id );
		if ( ! $bulk || 'running' !== $bulk['status'] ) {
			return $bulk ?? Client::error( 'no_batch', __( 'There is no such batch.', 'jianbao' ), 404 );
		}
		$ask = $this->client->request( 'DELETE', "/jobs/{$bulk['job']}", array( 'raw' => true ) );
		if ( is_wp_error( $ask ) && 'not_found' !== $ask->get_error_code() ) {
			return $ask;
		}
		return $this->finish( $bulk, array(), 'cancelled' );
	}

	/**
	 * Keep what came of each post.
	 *
	 * @param array<string, mixed> $bulk    The batch.
	 * @param array<int, mixed>    $lines   Results as the service gives them.
	 * @param string               $status  How it ended.
	 * @param string               $problem Why, of those that have no line.
	 */
	private function finish( array $bulk, array $lines, string $status, string $problem = '' ): array {
		foreach ( $lines as $line ) {
			$id = is_array( $line ) ? (int) ( $line['id'] ?? 0 ) : 0;
			if ( 'waiting' !== ( $bulk['posts'][ $id ]['status'] ?? '' ) ) {
				continue; // No post of this batch, or done before.
			}
			$kept = isset( $line['result'] )
				? $this->briefs->keep( $id, $line['result'], array( 'hash' => $bulk['posts'][ $id ]['hash'], 'user' => $bulk['user'] ) )
				: Failures::of_problem( $line['problem'] ?? null );
			$bulk['posts'][ $id ] = is_wp_error( $kept )
				? array( 'status' => 'failed', 'problem' => $kept->get_error_message() )
				: array( 'status' => 'done' );
		}
		foreach ( $bulk['posts'] as $id => $one ) {
			if ( 'waiting' === $one['status'] ) {
				$bulk['posts'][ $id ] = 'cancelled' === $status
					? array( 'status' => 'cancelled' )
					: array( 'status' => 'failed', 'problem' => '' !== $problem ? $problem : __( 'The service sent nothing for this post.', 'jianbao' ) );
			}
		}
		$bulk['status']  = $status;
		$bulk['problem'] = $problem;
		update_option( self::PREFIX . $bulk['id'], $bulk, false );
		wp_clear_scheduled_hook( self::HOOK, array( $bulk['id'] ) );
		return $bulk;
	}

	/** Take a webhook: 204 for one that is verified, also where nothing is to be done. */
	public function webhook( WP_REST_Request $request ): WP_REST_Response|WP_Error {
		$secret = (string) $this->settings->get( 'webhook_secret' );
		$body   = Webhooks::verified( $request, $secret );
		if ( is_wp_error( $body ) ) {
			return $body;
		}
		$job = (string) ( $body['data']['id'] ?? '' );
		foreach ( $this->all() as $bulk ) {
			if ( '' !== $job && $job === $bulk['job'] && 'running' === $bulk['status'] ) {
				$this->finish( $bulk, (array) ( $body['data']['results'] ?? array() ), 'done' );
			}
		}
		return new WP_REST_Response( null, 204 );
	}

	/**
	 * A batch for the page: counts, and failures with their reasons.
	 *
	 * @return array<string, mixed>|WP_Error
	 */
	public function view( array|WP_Error $bulk ): array|WP_Error {
		if ( is_wp_error( $bulk ) ) {
			return $bulk;
		}
		$failures = array();
		$counts   = array_count_values( array_column( $bulk['posts'], 'status' ) );
		foreach ( $bulk['posts'] as $id => $one ) {
			if ( 'failed' === $one['status'] ) {
				$failures[] = array(
					'id'      => $id,
					'title'   => html_entity_decode( get_the_title( $id ), ENT_QUOTES, 'UTF-8' ),
					'edit'    => (string) get_edit_post_link( $id, 'raw' ),
					'problem' => $one['problem'],
				);
			}
		}
		return array(
			'id'       => $bulk['id'],
			'begun'    => $bulk['begun'],
			'status'   => $bulk['status'],
			'problem'  => $bulk['problem'],
			'total'    => count( $bulk['posts'] ),
			'done'     => 'running' === $bulk['status'] ? ( $bulk['progress']['done'] ?? 0 ) : ( $counts['done'] ?? 0 ),
			'failed'   => 'running' === $bulk['status'] ? ( $bulk['progress']['failed'] ?? 0 ) + count( $failures ) : count( $failures ),
			'failures' => $failures,
		);
	}
}
