<?php
/**
 * The Brief block and its shortcode.
 *
 * @package Jianbao
 */

declare(strict_types=1);

namespace Jianbao;

use WP_Post;

defined( 'ABSPATH' ) || exit;

/** Shows a post's briefs, that of the site's language first. */
final class Block {
	public const NAME = 'jianbao/brief';

	public function __construct( private readonly Receipts $receipts ) {}

	public function register(): void {
		add_action( 'init', array( $this, 'register_block' ) );
		add_shortcode( 'jianbao_brief', fn() => $this->shortcode() );
	}

	public function register_block(): void {
		register_block_type(
			dirname( FILE ) . '/blocks/brief',
			array( 'render_callback' => array( $this, 'render' ) )
		);
	}

	/**
	 * The block as HTML. Its texts are its attributes: they are part of the post, and have its
	 * revisions and its undo.
	 *
	 * @param array<string, mixed> $attributes `texts`, by language.
	 */
	public function render( array $attributes ): string {
		$texts = is_array( $attributes['texts'] ?? null ) ? $attributes['texts'] : array();
		return self::html( $texts, get_block_wrapper_attributes() );
	}

	/** The briefs that were applied as fields, for the classic editor. */
	private function shortcode(): string {
		$post  = get_post();
		$texts = array();
		if ( $post instanceof WP_Post ) {
			foreach ( Settings::LANGUAGES as $language ) {
				$texts[ $language ] = get_post_meta( $post->ID, Receipts::FIELD . strtolower( str_replace( '-', '_', $language ) ), true );
			}
		}
		return self::html( $texts, 'class="wp-block-jianbao-brief"' );
	}

	private static function html( array $texts, string $wrapper ): string {
		$texts = array_filter( $texts, static fn( $text ) => is_string( $text ) && '' !== trim( $text ) );
		$site  = substr( determine_locale(), 0, 2 );
		uksort( $texts, static fn( $one, $other ) => (int) str_starts_with( (string) $other, $site ) <=> (int) str_starts_with( (string) $one, $site ) );
		$html = '';
		foreach ( $texts as $language => $text ) {
			if ( in_array( $language, Settings::LANGUAGES, true ) ) {
				$html .= sprintf( '<div class="jianbao-brief" lang="%s">%s</div>', esc_attr( self::lang( $language ) ), self::lines( $text ) );
			}
		}
		return '' === $html ? '' : "<div $wrapper>$html</div>";
	}

	/** Bullets as a list, else paragraphs. */
	private static function lines( string $text ): string {
		$lines   = array_filter( array_map( 'trim', explode( "\n", $text ) ) );
		$bullets = array_filter( $lines, static fn( $line ) => 1 === preg_match( '/^[-*•·]\s*/u', $line ) );
		if ( count( $lines ) > 1 && count( $bullets ) === count( $lines ) ) {
			return '<ul><li>' . implode( '</li><li>', array_map( static fn( $line ) => esc_html( preg_replace( '/^[-*•·]\s*/u', '', $line ) ?? '' ), $lines ) ) . '</li></ul>';
		}
		return '<p>' . implode( '</p><p>', array_map( 'esc_html', $lines ) ) . '</p>';
	}

	/** The tag of HTML's `lang`. */
	public static function lang( string $language ): string {
		return 'zh' === $language ? 'zh-Hans' : $language;
	}
}
