<?php
/**
 * Which post is the translation of which.
 *
 * @package Jianbao
 */

declare(strict_types=1);

namespace Jianbao\Links;

defined( 'ABSPATH' ) || exit;

/**
 * Links a translation to its original: through Polylang or WPML where one of them is there, and
 * always by post meta of our own, so that a plain site knows it too.
 */
final class Links {
	public const ORIGINAL = '_jianbao_original';
	public const LANGUAGE = '_jianbao_language';

	/** Link a new draft to its original. */
	public function link( int $original, string $from, int $translation, string $to ): void {
		update_post_meta( $translation, self::ORIGINAL, $original );
		update_post_meta( $translation, self::LANGUAGE, $to );
		foreach ( array( new Polylang(), new Wpml() ) as $plugin ) {
			if ( $plugin->present() ) {
				$plugin->link( $original, $from, $translation, $to );
				return;
			}
		}
	}

	/**
	 * Translations of a post that this plugin made, and its original.
	 *
	 * @return array<int, array{id: int, language: string, title: string, edit: string, original: bool}>
	 */
	public function of( int $post ): array {
		$found    = array();
		$original = (int) get_post_meta( $post, self::ORIGINAL, true );
		if ( $original && get_post( $original ) ) {
			$found[] = self::entry( $original, true );
		}
		$made = get_posts(
			array(
				'post_type'        => 'any',
				'post_status'      => array( 'publish', 'draft', 'pending', 'future', 'private' ),
				'numberposts'      => 20,
				'fields'           => 'ids',
				'suppress_filters' => true, // Multilingual plugins would show one language only.
				'meta_key'         => self::ORIGINAL,
				'meta_value'       => (string) $post,
			)
		);
		foreach ( $made as $id ) {
			$found[] = self::entry( (int) $id, false );
		}
		return $found;
	}

	private static function entry( int $post, bool $original ): array {
		return array(
			'id'       => $post,
			'language' => (string) get_post_meta( $post, self::LANGUAGE, true ),
			'title'    => get_the_title( $post ),
			'edit'     => current_user_can( 'edit_post', $post ) ? (string) get_edit_post_link( $post, 'raw' ) : '',
			'original' => $original,
		);
	}
}
