<?php
/**
 * Puts briefs into posts, and takes them out again.
 *
 * @package Jianbao
 */

declare(strict_types=1);

namespace Jianbao;

use WP_Error;

defined( 'ABSPATH' ) || exit;

/**
 * Applies a brief and undoes that. The excerpt and the Brief block belong to the text that is being
 * edited: in the editor its own script changes them, and they are saved with the post; here that is
 * only recorded. A field and a description are written at once.
 */
final class Apply {
	/** SEO plugins, and the post meta in which each keeps a page's description. */
	private const SEO_PLUGINS = array(
		'WPSEO_VERSION'     => '_yoast_wpseo_metadesc',
		'RANK_MATH_VERSION' => 'rank_math_description',
		'SEOPRESS_VERSION'  => '_seopress_titles_desc',
		'THE_SEO_FRAMEWORK_VERSION' => '_genesis_description',
	);

	public function __construct( private readonly Receipts $receipts ) {}

	/** The meta key of the SEO plugin that is there, or an empty text. */
	public static function seo_plugin(): string {
		foreach ( self::SEO_PLUGINS as $constant => $key ) {
			if ( defined( $constant ) ) {
				return $key;
			}
		}
		return '';
	}

	/** The post meta that a target is written to, or an empty text for what is part of the post. */
	private static function key( string $target, string $language ): string {
		return match ( $target ) {
			'field'       => Receipts::FIELD . strtolower( str_replace( '-', '_', $language ) ),
			'description' => '' !== self::seo_plugin() ? self::seo_plugin() : Receipts::DESCRIPTION,
			default       => '',
		};
	}

	/**
	 * Apply a text, and write down who did.
	 *
	 * @param int         $post     Its id.
	 * @param string      $language Of the brief.
	 * @param string      $target   One of Settings::TARGETS.
	 * @param string      $text     As the editor left it.
	 * @param string|null $previous What the editor's script replaced, if it did.
	 * @return true|WP_Error
	 */
	public function apply( int $post, string $language, string $target, string $text, ?string $previous = null ): bool|WP_Error {
		$receipt = $this->receipts->edit( $post, $language, $text );
		if ( ! $receipt ) {
			return self::none();
		}
		$key = self::key( $target, $language );
		if ( '' !== $key ) {
			$previous = (string) get_post_meta( $post, $key, true );
			$text     = wp_strip_all_tags( $text ); // Themes may print a field as it is.
			update_post_meta( $post, $key, wp_slash( $text ) );
		}
		$before = $receipt['applied'][ $target ] ?? null;
		if ( $before && $before['text'] === (string) $previous ) {
			$previous = $before['previous']; // The brief replaces itself: undo goes back before it.
		}
		$receipt['applied'][ $target ] = array(
			'text'     => $text,
			'previous' => (string) $previous,
			'by'       => get_current_user_id(),
			'at'       => gmdate( 'c' ),
		);
		$this->receipts->put( $post, $language, $receipt );
		return true;
	}

	/**
	 * Take a brief out again.
	 *
	 * @return string|WP_Error What was there before.
	 */
	public function undo( int $post, string $language, string $target ): string|WP_Error {
		$receipt = $this->receipts->get( $post, $language );
		$applied = $receipt['applied'][ $target ] ?? null;
		if ( ! $applied ) {
			return self::none();
		}
		$key = self::key( $target, $language );
		if ( '' !== $key ) {
			if ( (string) get_post_meta( $post, $key, true ) !== $applied['text'] ) {
				return Client::error( 'changed_since', __( 'It was changed by somebody since; undoing would lose that. Change it by hand.', 'jianbao' ), 409 );
			}
			if ( '' === $applied['previous'] ) {
				delete_post_meta( $post, $key );
			} else {
				update_post_meta( $post, $key, wp_slash( $applied['previous'] ) );
			}
		}
		unset( $receipt['applied'][ $target ] );
		$this->receipts->put( $post, $language, $receipt );
		return $applied['previous'];
	}

	/**
	 * Apply where no editor is open (WP-CLI, bulk): the excerpt is saved here.
	 *
	 * @return true|WP_Error
	 */
	public function apply_saved( int $post, string $language, string $target ): bool|WP_Error {
		$receipt = $this->receipts->get( $post, $language );
		if ( ! $receipt ) {
			return self::none();
		}
		$previous = null;
		if ( 'excerpt' === $target ) {
			$previous = (string) get_post_field( 'post_excerpt', $post, 'raw' );
			$saved    = wp_update_post(
				array(
					'ID'           => $post,
					'post_excerpt' => wp_slash( $receipt['text'] ),
				),
				true
			);
			if ( is_wp_error( $saved ) ) {
				return $saved;
			}
		}
		return $this->apply( $post, $language, $target, $receipt['text'], $previous );
	}

	private static function none(): WP_Error {
		return Client::error( 'no_brief', __( 'There is no such brief.', 'jianbao' ), 404 );
	}
}
