<?php
/**
 * Makes briefs.
 *
 * @package Jianbao
 */

declare(strict_types=1);

namespace Jianbao;

use WP_Error;

defined( 'ABSPATH' ) || exit;

/** Asks the service for the briefs of a post, follows its jobs, and keeps what comes. */
final class Briefs {
	/** Seconds that the service may take before it answers with a job. */
	public const WAIT = 8;

	/** One row of post meta for each job under way. */
	private const JOB = '_jianbao_job';

	/** How often work on a post has failed: part of the key, so that another try is new work. */
	private const FAILURES = '_jianbao_failures';

	public function __construct(
		private readonly Settings $settings,
		private readonly Client $client,
		private readonly Articles $articles,
		private readonly Receipts $receipts,
	) {}

	/**
	 * Ask for briefs of the text that is in the editor.
	 *
	 * @param int                  $post    Its id.
	 * @param string               $title   As it is in the editor, saved or not.
	 * @param string               $content Likewise.
	 * @param array<string, mixed> $wanted  `languages`, `style`, `length`, where they are not as set.
	 * @return array<string, mixed>|WP_Error The state (see `state`), with `job` if the work goes on.
	 */
	public function make( int $post, string $title, string $content, array $wanted = array() ): array|WP_Error {
		$body = $this->body( $title, $content, $wanted );
		$ask  = $this->client->request(
			'POST',
			'/summarize',
			array(
				'json'    => $body,
				'timeout' => self::WAIT + (int) $this->settings->get( 'timeout' ),
				'headers' => array(
					'Prefer'          => 'respond-async, wait=' . self::WAIT,
					'Idempotency-Key' => $this->idempotency_key( $post, $body ),
				),
			)
		);
		if ( is_wp_error( $ask ) ) {
			return $ask;
		}
		$job = array(
			'hash'      => $this->articles->digest( $title, $content ),
			'languages' => $body['languages'],
			'user'      => get_current_user_id(),
			'begun'     => time(),
		);
		if ( 202 !== $ask['status'] ) {
			$kept = $this->keep( $post, $ask['body'], $job );
			return is_wp_error( $kept ) ? $kept : $this->state( $post );
		}
		$job['id'] = $this->job_of( $ask );
		if ( '' === $job['id'] ) {
			return Failures::malformed();
		}
		if ( ! $this->job( $post, $job['id'] ) ) {
			add_post_meta( $post, self::JOB, $job );
		}
		return $this->state( $post ) + array( 'job' => array( 'id' => $job['id'], 'progress' => 0 ) );
	}

	/** The body of a request, or of a line of a batch. */
	public function body( string $title, string $content, array $wanted = array() ): array {
		return array(
			'html'         => $this->articles->html( $content ),
			'title'        => mb_substr( wp_strip_all_tags( $title ), 0, 500 ),
			'languages'    => $wanted['languages'] ?? $this->settings->get( 'languages' ),
			'style'        => $wanted['style'] ?? $this->settings->get( 'style' ),
			'length'       => $wanted['length'] ?? $this->settings->get( 'length' ),
			'include_text' => true,
		);
	}

	/** The digest of an article's words. */
	public function digest( string $title, string $content ): string {
		return $this->articles->digest( $title, $content );
	}

	/** The same key for the same wish about the same text of the same post. */
	private function idempotency_key( int $post, array $body ): string {
		$digest = hash( 'sha256', (string) wp_json_encode( array( home_url(), $body, (int) get_post_meta( $post, self::FAILURES, true ) ) ) );
		return "wp-$post-" . substr( $digest, 0, 40 );
	}

	private function job_of( array $answer ): string {
		$id = basename( (string) wp_parse_url( $answer['headers']['location'] ?? '', PHP_URL_PATH ) );
		return preg_match( '/^[A-Za-z0-9_-]{8,64}$/', $id ) ? $id : '';
	}

	/** What is known of a job of the post, or null: nobody looks at other posts' jobs through this one. */
	private function job( int $post, string $id ): ?array {
		foreach ( get_post_meta( $post, self::JOB ) as $job ) {
			if ( is_array( $job ) && ( $job['id'] ?? '' ) === $id ) {
				return $job;
			}
		}
		return null;
	}

	/**
	 * Look how a job stands, and keep the briefs if it is done.
	 *
	 * @return array<string, mixed>|WP_Error The state, with `job` if the work goes on.
	 */
	public function follow( int $post, string $id ): array|WP_Error {
		$job = $this->job( $post, $id );
		if ( ! $job ) {
			return $this->state( $post ); // Another window of the editor has seen its end.
		}
		$ask = $this->client->request( 'GET', "/jobs/$id" );
		if ( is_wp_error( $ask ) ) {
			// The service may be away for a moment; a job that it does not know is lost.
			return 'not_found' === $ask->get_error_code() ? $this->ended( $post, $job, $ask ) : $ask;
		}
		$view   = $ask['body'];
		$status = $view['status'] ?? '';
		if ( 'queued' === $status || 'running' === $status ) {
			return $this->state( $post ) + array(
				'job' => array(
					'id'       => $id,
					'status'   => $status,
					'progress' => max( 0.0, min( 1.0, (float) ( $view['progress'] ?? 0 ) ) ),
				),
			);
		}
		if ( 'done' !== $status ) {
			$error = 'cancelled' === $status ? Failures::of_answer( 409, array(), '' ) : Failures::of_problem( $view['problem'] ?? null );
			return $this->ended( $post, $job, $error );
		}
		$kept = $this->keep( $post, $view['result'] ?? null, $job );
		return $this->ended( $post, $job, is_wp_error( $kept ) ? $kept : null );
	}

	/** Cancel a job. */
	public function cancel( int $post, string $id ): array|WP_Error {
		$job = $this->job( $post, $id );
		if ( $job ) {
			$ask = $this->client->request( 'DELETE', "/jobs/$id", array( 'raw' => true ) );
			if ( is_wp_error( $ask ) && 'not_found' !== $ask->get_error_code() ) {
				return $ask;
			}
			$this->forget( $post, static fn( $row ) => $row['id'] === $id );
		}
		return $this->state( $post );
	}

	/** Forget a job that has ended. Two windows that began it at once have left two rows. */
	private function ended( int $post, array $job, ?WP_Error $error ): array|WP_Error {
		$this->forget( $post, static fn( $row ) => $row['id'] === $job['id'] );
		if ( $error ) {
			update_post_meta( $post, self::FAILURES, 1 + (int) get_post_meta( $post, self::FAILURES, true ) );
			return $error;
		}
		return $this->state( $post );
	}

	/** Delete rows of jobs. */
	private function forget( int $post, callable $which ): void {
		foreach ( get_post_meta( $post, self::JOB ) as $row ) {
			if ( is_array( $row ) && $which( $row ) ) {
				delete_post_meta( $post, self::JOB, wp_slash( $row ) );
			}
		}
	}

	/**
	 * Keep the briefs of an answer as receipts.
	 *
	 * @param int                  $post   Its id.
	 * @param mixed                $answer Of the service.
	 * @param array<string, mixed> $job    `hash` of the text, `user` who asked.
	 * @return true|WP_Error
	 */
	public function keep( int $post, mixed $answer, array $job ): bool|WP_Error {
		$read = Answers::receipts( $answer );
		if ( ! $read ) {
			return Failures::malformed();
		}
		foreach ( $read as $language => $receipt ) {
			if ( ! in_array( $language, Settings::LANGUAGES, true ) ) {
				continue;
			}
			$before = $this->receipts->get( $post, $language );
			$this->receipts->put(
				$post,
				$language,
				$receipt + array(
					'text'    => $receipt['generated'],
					'edited'  => false,
					'hash'    => $job['hash'],
					'made'    => gmdate( 'c' ),
					'made_by' => $job['user'],
					// What a person wrote is not lost because a new brief was made.
					'replaced' => ! empty( $before['edited'] ) ? $before['text'] : ( $before['replaced'] ?? '' ),
					// Where an earlier brief stands in the post: it can still be undone.
					'applied' => $before['applied'] ?? array(),
				)
			);
		}
		return true;
	}

	/**
	 * What the panel shows.
	 *
	 * @return array{briefs: object, jobs: array<int, array<string, mixed>>}
	 */
	public function state( int $post ): array {
		$now    = get_post( $post );
		$digest = $now ? $this->articles->digest( $now->post_title, $now->post_content ) : '';
		$briefs = array();
		foreach ( $this->receipts->all( $post ) as $language => $receipt ) {
			$receipt['current'] = $receipt['hash'] === $digest;
			$receipt['made_by'] = $this->name( (int) $receipt['made_by'] );
			foreach ( $receipt['applied'] as $target => $one ) {
				$receipt['applied'][ $target ]['by'] = $this->name( (int) $one['by'] );
				unset( $receipt['applied'][ $target ]['previous'] );
			}
			$briefs[ $language ] = $receipt;
		}
		// The service forgets a job after a day.
		$this->forget( $post, static fn( $row ) => $row['begun'] < time() - DAY_IN_SECONDS );
		$jobs = array();
		foreach ( get_post_meta( $post, self::JOB ) as $job ) {
			$jobs[] = array(
				'id'        => $job['id'],
				'languages' => $job['languages'],
			);
		}
		return array(
			'briefs' => (object) $briefs,
			'jobs'   => $jobs,
		);
	}

	private function name( int $user ): string {
		$found = $user ? get_userdata( $user ) : false;
		return $found ? $found->display_name : '';
	}
}
