<?php
/**
 * Who made which brief of what, kept with the post.
 *
 * @package Jianbao
 */

declare(strict_types=1);

namespace Jianbao;

use WP_Post;

defined( 'ABSPATH' ) || exit;

/**
 * A receipt for each brief: one row of post meta for each language, so that it is exported with the
 * post, and two editors who make briefs in two languages at once lose nothing.
 */
final class Receipts {
	public const META = '_jianbao_brief_';

	/** Public fields that themes may print: `jianbao_brief_en`. */
	public const FIELD = 'jianbao_brief_';

	/** What the plugin prints as the page's description if no SEO plugin is there. */
	public const DESCRIPTION = 'jianbao_description';

	public function register(): void {
		// The receipts change by the plugin alone; nobody writes them through custom fields.
		add_filter( 'is_protected_meta', static fn( $protected, $key ) => str_starts_with( (string) $key, 'jianbao_' ) ? true : $protected, 10, 2 );
		add_action( 'wp_head', array( $this, 'print_description' ), 2 );
	}

	/** The receipt of a language, or null. */
	public function get( int $post, string $language ): ?array {
		$saved = get_post_meta( $post, self::META . strtolower( $language ), true );
		return is_array( $saved ) && is_string( $saved['text'] ?? null ) ? $saved : null;
	}

	/**
	 * All receipts of a post.
	 *
	 * @return array<string, array<string, mixed>> By language.
	 */
	public function all( int $post ): array {
		$found = array();
		foreach ( Settings::LANGUAGES as $language ) {
			$receipt = $this->get( $post, $language );
			if ( $receipt ) {
				$found[ $language ] = $receipt;
			}
		}
		return $found;
	}

	/** Save a receipt in the place of the one before. */
	public function put( int $post, string $language, array $receipt ): void {
		update_post_meta( $post, self::META . strtolower( $language ), wp_slash( $receipt ) );
	}

	/**
	 * Keep what the editor made of a brief.
	 *
	 * @return array<string, mixed>|null The receipt, or null if there is none.
	 */
	public function edit( int $post, string $language, string $text ): ?array {
		$receipt = $this->get( $post, $language );
		if ( ! $receipt ) {
			return null;
		}
		$receipt['text']   = $text;
		$receipt['edited'] = $text !== $receipt['generated'];
		$this->put( $post, $language, $receipt );
		return $receipt;
	}

	/** The description of a page, where no SEO plugin prints one. */
	public function print_description(): void {
		$post = is_singular() ? get_queried_object() : null;
		if ( ! $post instanceof WP_Post || post_password_required( $post ) || Apply::seo_plugin() ) {
			return;
		}
		$text = (string) get_post_meta( $post->ID, self::DESCRIPTION, true );
		if ( '' !== $text ) {
			printf( "<meta name=\"description\" content=\"%s\" />\n", esc_attr( $text ) );
		}
	}
}
