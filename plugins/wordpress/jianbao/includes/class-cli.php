<?php
/**
 * WP-CLI.
 *
 * @package Jianbao
 */

declare(strict_types=1);

namespace Jianbao;

use WP_CLI;
use WP_Error;

defined( 'ABSPATH' ) || exit;

/**
 * Briefs and translations from the command line.
 */
final class Cli {
	public function __construct(
		private readonly Client $client,
		private readonly Briefs $briefs,
		private readonly Apply $apply,
		private readonly Translate $translate,
	) {}

	/**
	 * Makes briefs of posts, and applies them if told to.
	 *
	 * ## OPTIONS
	 *
	 * <id>...
	 * : Ids of posts.
	 *
	 * [--languages=<languages>]
	 * : With commas between them; as the site is set if left out.
	 *
	 * [--style=<style>]
	 * : paragraph, bullets or headline.
	 *
	 * [--length=<length>]
	 * : short, medium or long.
	 *
	 * [--apply=<target>]
	 * : excerpt, field or description. The excerpt takes the brief of the first language.
	 *
	 * ## EXAMPLES
	 *
	 *     wp jianbao brief 12 15 --languages=en,zh --apply=excerpt
	 *
	 * @param string[]              $ids     Of posts.
	 * @param array<string, string> $options As above.
	 */
	public function brief( array $ids, array $options ): void {
		$wanted = array_intersect_key( $options, array( 'style' => 1, 'length' => 1 ) );
		if ( isset( $options['languages'] ) ) {
			$wanted['languages'] = array_map( 'trim', explode( ',', $options['languages'] ) );
		}
		$target = $options['apply'] ?? '';
		if ( ! in_array( $target, array( '', 'excerpt', 'field', 'description' ), true ) ) {
			WP_CLI::error( '--apply is excerpt, field or description.' );
		}
		$failed = 0;
		foreach ( $ids as $id ) {
			$done = $this->one( (int) $id, $wanted, $target );
			if ( is_wp_error( $done ) ) {
				++$failed;
				WP_CLI::warning( "$id: " . $done->get_error_message() );
			} else {
				WP_CLI::log( "$id: " . implode( ', ', $done ) );
			}
		}
		if ( $failed ) {
			WP_CLI::error( sprintf( '%d of %d posts failed.', $failed, count( $ids ) ) );
		}
		WP_CLI::success( sprintf( '%d posts have briefs.', count( $ids ) ) );
	}

	/**
	 * Brief one post.
	 *
	 * @return string[]|WP_Error The languages.
	 */
	private function one( int $id, array $wanted, string $target ): array|WP_Error {
		$post = get_post( $id );
		if ( ! $post ) {
			return Client::error( 'no_post', __( 'There is no such post.', 'jianbao' ), 404 );
		}
		$state = $this->briefs->make( $id, $post->post_title, $post->post_content, $wanted );
		while ( ! is_wp_error( $state ) && isset( $state['job'] ) ) {
			sleep( 2 );
			$state = $this->briefs->follow( $id, $state['job']['id'] );
		}
		if ( is_wp_error( $state ) ) {
			return $state;
		}
		$made  = array_keys( (array) $state['briefs'] );
		$apply = array_values( array_intersect( $wanted['languages'] ?? $made, $made ) );
		foreach ( '' === $target ? array() : ( 'field' === $target ? $apply : array_slice( $apply, 0, 1 ) ) as $language ) {
			$done = $this->apply->apply_saved( $id, $language, $target );
			if ( is_wp_error( $done ) ) {
				return $done;
			}
		}
		return $made;
	}

	/**
	 * Translates a post to a draft in another language.
	 *
	 * ## OPTIONS
	 *
	 * <id>
	 * : Of the post.
	 *
	 * --to=<language>
	 * : en, zh, zh-Hans, zh-Hant, zh-TW or zh-HK.
	 *
	 * @param string[]              $ids     One.
	 * @param array<string, string> $options As above.
	 */
	public function translate( array $ids, array $options ): void {
		do {
			$state = $this->translate->step( (int) $ids[0], $options['to'] );
		} while ( ! is_wp_error( $state ) && ! $state['done'] );
		if ( is_wp_error( $state ) ) {
			WP_CLI::error( $state->get_error_message() );
		}
		WP_CLI::success( "Draft {$state['post']}." );
	}

	/**
	 * Says whether the service can be used.
	 */
	public function test(): void {
		$found = $this->client->test();
		is_wp_error( $found ) ? WP_CLI::error( $found->get_error_message() ) : WP_CLI::success( $found );
	}
}
