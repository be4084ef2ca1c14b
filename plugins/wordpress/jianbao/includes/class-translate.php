<?php
/**
 * A post in the other language, as a draft.
 *
 * @package Jianbao
 */

declare(strict_types=1);

namespace Jianbao;

use WP_Error;
use WP_Post;

defined( 'ABSPATH' ) || exit;

/**
 * Translates a post piece by piece: each call sends one piece of some 1,500 characters, so none runs
 * into a gateway's time-out, and work that was broken off goes on where it was. Blocks, tags,
 * shortcodes and embeds are held; a translation that would change them is not kept.
 */
final class Translate {
	private const PIECE = 1500;

	public function __construct( private readonly Settings $settings, private readonly Client $client, private readonly Links\Links $links ) {}

	/**
	 * Translate one more piece; at the last one, make the draft.
	 *
	 * @return array<string, mixed>|WP_Error `progress` from 0 to 1, or `done` with `post` and `translations`.
	 */
	public function step( int $post, string $to ): array|WP_Error {
		$original = get_post( $post );
		if ( ! $original instanceof WP_Post ) {
			return Client::error( 'no_post', __( 'There is no such post.', 'jianbao' ), 404 );
		}
		$type = get_post_type_object( $original->post_type );
		if ( ! $type || ! current_user_can( $type->cap->create_posts ) ) {
			return Client::error( 'may_not_create', __( 'You may not make new posts of this type.', 'jianbao' ), 403 );
		}
		$pieces = $this->pieces( $original );
		$name   = 'jianbao_' . substr( hash( 'sha256', (string) wp_json_encode( array( $post, $to, get_current_user_id(), $pieces ) ) ), 0, 32 );
		$done   = get_transient( $name );
		$done   = is_array( $done ) ? $done : array( 'texts' => array(), 'from' => '' );
		$at     = count( $done['texts'] );
		if ( $at < count( $pieces ) ) {
			$next = $this->translate( $pieces[ $at ]['text'], $to, $done['from'] );
			if ( is_wp_error( $next ) ) {
				return $next;
			}
			$done['texts'][] = $next['text'];
			$done['from']    = $done['from'] ? $done['from'] : $next['from'];
			set_transient( $name, $done, DAY_IN_SECONDS );
		}
		if ( count( $done['texts'] ) < count( $pieces ) ) {
			return array(
				'done'     => false,
				'progress' => count( $done['texts'] ) / count( $pieces ),
			);
		}
		delete_transient( $name );
		if ( array_column( $pieces, 'text' ) === $done['texts'] ) {
			return Client::error( 'same_language', __( 'Nothing was translated: the article is in this language already. No draft was made.', 'jianbao' ), 422 );
		}
		$made = $this->draft( $original, $pieces, $done['texts'], $done['from'], $to );
		if ( is_wp_error( $made ) ) {
			return $made;
		}
		return array(
			'done'         => true,
			'progress'     => 1,
			'post'         => $made,
			'translations' => $this->links->of( $post ),
		);
	}

	/**
	 * What of a post is translated, in pieces: field and text.
	 *
	 * @return array<int, array{field: string, text: string}>
	 */
	private function pieces( WP_Post $post ): array {
		$pieces = array( array( 'field' => 'title', 'text' => $post->post_title ) );
		if ( '' !== trim( $post->post_excerpt ) ) {
			$pieces[] = array( 'field' => 'excerpt', 'text' => $post->post_excerpt );
		}
		foreach ( Markup::pieces( $post->post_content, self::PIECE ) as $text ) {
			$pieces[] = array( 'field' => 'content', 'text' => $text );
		}
		foreach ( $this->footnotes( $post->ID ) as $note ) {
			$pieces[] = array( 'field' => 'footnote', 'text' => (string) $note['content'] );
		}
		return $pieces;
	}

	/** Footnotes of the block editor: they are in post meta, and their marks in the text. */
	private function footnotes( int $post ): array {
		$notes = json_decode( (string) get_post_meta( $post, 'footnotes', true ), true );
		return is_array( $notes ) ? array_values( array_filter( $notes, static fn( $note ) => is_array( $note ) && isset( $note['id'], $note['content'] ) ) ) : array();
	}

	/**
	 * Translate a piece.
	 *
	 * @return array{text: string, from: string}|WP_Error
	 */
	private function translate( string $text, string $to, string $from ): array|WP_Error {
		if ( ! preg_match( '/\p{L}/u', wp_strip_all_tags( preg_replace( '/<!--.*?-->/s', '', $text ) ?? '' ) ) ) {
			return array( 'text' => $text, 'from' => '' ); // A picture, a rule, an empty title.
		}
		list( $held, $codes ) = Markup::hold_shortcodes( $text );
		$lines                = Markup::lines( $held );
		$sent                 = array_filter( $lines, static fn( $line, $at ) => 0 === $at % 2 && '' !== $line, ARRAY_FILTER_USE_BOTH );
		$ask                  = $this->client->request(
			'POST',
			'/translate',
			array(
				'json'    => array(
					'q'      => array_values( $sent ),
					'source' => '' !== $from ? $from : 'auto',
					'target' => $to,
					'format' => 'html',
				),
				'timeout' => max( 55, (int) $this->settings->get( 'timeout' ) ),
			)
		);
		if ( is_wp_error( $ask ) ) {
			return $ask;
		}
		$said = $ask['body']['translatedText'] ?? null;
		if ( ! is_array( $said ) || count( $said ) !== count( $sent ) || array_filter( $said, static fn( $one ) => ! is_string( $one ) || '' === trim( $one ) ) ) {
			return Failures::malformed();
		}
		$said = implode( '', array_replace( $lines, array_combine( array_keys( $sent ), $said ) ) );
		$text = Markup::release_shortcodes( $said, $codes );
		if ( null === $text || Markup::skeleton( $said ) !== Markup::skeleton( $held ) ) {
			return Client::error( 'markup_changed', __( 'The translation would have changed blocks or shortcodes of the article. No draft was made.', 'jianbao' ) );
		}
		$detected = array_filter( array_column( (array) ( $ask['body']['detectedLanguage'] ?? array() ), 'language' ), 'is_string' );
		return array( 'text' => $text, 'from' => (string) reset( $detected ) );
	}

	/**
	 * Make the draft.
	 *
	 * @return int|WP_Error Its id.
	 */
	private function draft( WP_Post $original, array $pieces, array $texts, string $from, string $to ): int|WP_Error {
		$fields = array( 'title' => '', 'excerpt' => '', 'content' => '' );
		$notes  = array();
		foreach ( $pieces as $at => $piece ) {
			if ( 'footnote' === $piece['field'] ) {
				$notes[] = $texts[ $at ];
			} else {
				$fields[ $piece['field'] ] .= $texts[ $at ];
			}
		}
		$made = wp_insert_post(
			wp_slash(
				array(
					'post_type'    => $original->post_type,
					'post_status'  => 'draft',
					'post_author'  => get_current_user_id(),
					'post_title'   => $fields['title'],
					'post_excerpt' => $fields['excerpt'],
					'post_content' => $fields['content'],
				)
			),
			true
		);
		if ( is_wp_error( $made ) ) {
			return $made;
		}
		$footnotes = $this->footnotes( $original->ID );
		foreach ( $footnotes as $at => $note ) {
			$footnotes[ $at ]['content'] = $notes[ $at ];
		}
		if ( $footnotes ) {
			update_post_meta( $made, 'footnotes', wp_slash( (string) wp_json_encode( $footnotes, JSON_UNESCAPED_UNICODE ) ) );
		}
		if ( has_post_thumbnail( $original ) ) {
			set_post_thumbnail( $made, (int) get_post_thumbnail_id( $original ) );
		}
		$this->links->link( $original->ID, $from, $made, $to );
		return $made;
	}
}
