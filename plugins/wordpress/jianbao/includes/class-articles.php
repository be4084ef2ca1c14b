<?php
/**
 * What of a post is its article.
 *
 * @package Jianbao
 */

declare(strict_types=1);

namespace Jianbao;

defined( 'ABSPATH' ) || exit;

/** Turns what is in the editor into what is sent, and says whether two texts are the same. */
final class Articles {
	/** Blocks that are no part of the article: our own brief, other people's texts, lists of posts. */
	private const LEFT_OUT = array(
		Block::NAME,
		'core/archives',
		'core/calendar',
		'core/categories',
		'core/comments',
		'core/embed',
		'core/latest-comments',
		'core/latest-posts',
		'core/navigation',
		'core/post-excerpt',
		'core/query',
		'core/rss',
		'core/search',
		'core/shortcode',
		'core/tag-cloud',
	);

	/** Embeds whose frame is shown by the block itself have a text of their own; they are left out too. */
	public function html( string $content ): string {
		if ( has_blocks( $content ) ) {
			$content = do_blocks( serialize_blocks( $this->without( parse_blocks( $content ) ) ) );
		} else {
			$content = wpautop( $content );
		}
		return strip_shortcodes( $content );
	}

	/**
	 * Blocks without those that are left out, at every depth.
	 *
	 * @param array<int, array<string, mixed>> $blocks Of parse_blocks.
	 * @return array<int, array<string, mixed>>
	 */
	private function without( array $blocks ): array {
		$kept = array();
		foreach ( $blocks as $block ) {
			if ( in_array( $block['blockName'], self::LEFT_OUT, true ) ) {
				continue;
			}
			$inner   = $block['innerBlocks'];
			$content = array();
			$left    = array();
			$at      = 0;
			foreach ( $block['innerContent'] as $piece ) {
				if ( null !== $piece ) {
					$content[] = $piece;
					continue;
				}
				$child = $this->without( array( $inner[ $at++ ] ) );
				if ( $child ) {
					$left[]    = $child[0];
					$content[] = null;
				}
			}
			$block['innerBlocks']  = $left;
			$block['innerContent'] = $content;
			$kept[]                = $block;
		}
		return $kept;
	}

	/**
	 * A digest of the words of an article. Markup, blocks without text and white space do not count:
	 * who only moves a picture has not changed the article.
	 */
	public function digest( string $title, string $content ): string {
		$text = preg_replace( '/<!--.*?-->/s', ' ', $content ) ?? $content;
		$text = wp_strip_all_tags( strip_shortcodes( $text ) );
		$text = html_entity_decode( $title . "\n" . $text, ENT_QUOTES | ENT_HTML5, 'UTF-8' );
		return hash( 'sha256', trim( preg_replace( '/\s+/u', '', $text ) ?? $text ) );
	}
}
