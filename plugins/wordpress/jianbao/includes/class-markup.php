<?php
/**
 * Blocks and shortcodes of a text that is to be translated.
 *
 * @package Jianbao
 */

declare(strict_types=1);

namespace Jianbao;

defined( 'ABSPATH' ) || exit;

/** Cuts a text into pieces, holds its shortcodes, and says whether two texts are built alike. */
final class Markup {
	/** A shortcode is sent as an empty element, which the service keeps where it stands. */
	private const HELD = '<img data-jianbao="%d">';

	/**
	 * Pieces of a post's content at the ends of top-level blocks (and of paragraphs without blocks),
	 * each of about `$most` bytes where that is possible. Joined, they are the content; our own Brief
	 * block, which is no text of the article, is left out.
	 *
	 * @return string[]
	 */
	public static function pieces( string $content, int $most ): array {
		$parts = array();
		$ours  = false;
		foreach ( parse_blocks( $content ) as $block ) {
			$text = serialize_block( $block );
			// With our block goes the empty line after it, else two of them would become one block.
			$skip = Block::NAME === $block['blockName'] || ( $ours && null === $block['blockName'] && '' === trim( $text ) );
			$ours = Block::NAME === $block['blockName'];
			if ( $skip ) {
				continue;
			}
			// Text outside blocks: the classic editor's, whose paragraphs end with an empty line.
			array_push( $parts, ...( null === $block['blockName'] ? (array) preg_split( '/(?<=\n)(?=\n)|(?<=\r\n)(?=\r\n)/', $text ) : array( $text ) ) );
		}
		$pieces = array();
		$piece  = '';
		foreach ( $parts as $part ) {
			if ( '' !== $piece && strlen( $piece ) + strlen( $part ) > $most ) {
				$pieces[] = $piece;
				$piece    = '';
			}
			$piece .= $part;
		}
		if ( '' !== $piece ) {
			$pieces[] = $piece;
		}
		return $pieces;
	}

	/**
	 * Texts of a piece and what stands between them. Without blocks, line breaks are paragraphs, and
	 * in HTML, as which it is sent, they would be lost; with blocks the piece is one text.
	 *
	 * @return string[] Texts at even places, white space at odd ones.
	 */
	public static function lines( string $piece ): array {
		$separator = str_contains( $piece, '<' ) ? '\s*\n\s*\n\s*' : '\s*\n\s*';
		$edges     = has_blocks( $piece ) ? '^\s+|\s+$' : "^\s+|\s+$|$separator";
		return (array) preg_split( "~($edges)~u", $piece, -1, PREG_SPLIT_DELIM_CAPTURE );
	}

	/**
	 * Put elements in the place of shortcodes. What a shortcode encloses stays text, and is translated.
	 *
	 * @return array{0: string, 1: string[]} The text, and the shortcodes in their order.
	 */
	public static function hold_shortcodes( string $text ): array {
		$codes = array();
		$held  = '';
		$names = array_map( 'preg_quote', array_keys( $GLOBALS['shortcode_tags'] ?? array() ) );
		// Of plugins that are switched off: with attributes, or closed. [sic] is neither.
		preg_match_all( '~\[/([A-Za-z][\w-]*)\]|\[([A-Za-z][\w-]*)\s+[\w-]+\s*=[^\[\]]*\]~', $text, $unknown, PREG_SET_ORDER );
		foreach ( $unknown as $one ) {
			$names[] = preg_quote( $one[2] ?? $one[1] );
		}
		if ( ! $names ) {
			return array( $text, array() );
		}
		$pattern = '~\[\[?/?(?:' . implode( '|', array_unique( $names ) ) . ')(?![\w-])[^\[\]]*\]\]?~';
		foreach ( wp_html_split( $text ) as $part ) {
			$held .= str_starts_with( $part, '<' ) ? $part : preg_replace_callback(
				$pattern,
				static function ( array $found ) use ( &$codes ): string {
					$codes[] = $found[0];
					return sprintf( self::HELD, count( $codes ) - 1 );
				},
				$part
			);
		}
		return array( $held, $codes );
	}

	/** Put the shortcodes back; null if one of them is lost or came twice. */
	public static function release_shortcodes( string $text, array $codes ): ?string {
		foreach ( $codes as $at => $code ) {
			$parts = explode( sprintf( self::HELD, $at ), $text );
			if ( 2 !== count( $parts ) ) {
				return null;
			}
			$text = implode( $code, $parts );
		}
		return $text;
	}

	/**
	 * How a text is built: names and attributes of its blocks, as a tree.
	 *
	 * @return array<int, array<int, mixed>>
	 */
	public static function skeleton( string $content ): array {
		$build = static function ( array $blocks ) use ( &$build ): array {
			return array_map( static fn( $block ) => array( $block['blockName'], $block['attrs'], $build( $block['innerBlocks'] ) ), $blocks );
		};
		return $build( parse_blocks( $content ) );
	}
}
