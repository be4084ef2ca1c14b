<?php
/**
 * Reads the service's answers.
 *
 * @package Jianbao
 */

declare(strict_types=1);

namespace Jianbao;

defined( 'ABSPATH' ) || exit;

/** What of an answer is kept. Nothing in it is trusted: types are held, texts are plain and bounded. */
final class Answers {
	private const LONGEST_TEXT = 20_000;
	private const MOST_ITEMS   = 100;

	/**
	 * The briefs of an answer of /summarize.
	 *
	 * @return array<string, array<string, mixed>> By language; empty if it is no such answer.
	 */
	public static function receipts( mixed $answer ): array {
		$summaries = is_array( $answer ) ? ( $answer['summaries'] ?? null ) : null;
		if ( ! is_array( $summaries ) ) {
			return array();
		}
		$source = $answer['source']['text'] ?? '';
		$found  = array();
		foreach ( $summaries as $language => $brief ) {
			if ( ! is_array( $brief ) || ! is_string( $brief['text'] ?? null ) || '' === trim( $brief['text'] ) ) {
				continue;
			}
			$found[ (string) $language ] = array(
				'generated'          => self::text( $brief['text'] ),
				'language'           => self::text( $brief['language'] ?? $language ),
				'unit'               => 'characters' === ( $brief['unit'] ?? '' ) ? 'characters' : 'words',
				'machine_translated' => ! empty( $brief['machine_translated'] ),
				'truth'              => self::text( $brief['truth'] ?? '' ),
				'label'              => self::text( $brief['label'] ?? '' ),
				'sentences'          => self::sentences( $brief['sentences'] ?? null, is_string( $source ) ? $source : '' ),
				'warnings'           => self::warnings( self::of_brief( $answer['warnings'] ?? null, (string) $language ) ),
				'names'              => self::names( $brief['names'] ?? null ),
				// Sentences of the article were written by no model, whichever translated them.
				'model'              => ! empty( $brief['machine_translated'] ) || 'extractive' !== ( $answer['method'] ?? '' ) ? self::text( $answer['model'] ?? '' ) : '',
				'method'             => self::text( $answer['method'] ?? '' ),
			);
		}
		return $found;
	}

	/** Warnings of a brief that no sentence of it has. */
	private static function of_brief( mixed $warnings, string $language ): array {
		return array_filter(
			is_array( $warnings ) ? $warnings : array(),
			static fn( $one ) => is_array( $one ) && ( $one['language'] ?? '' ) === $language && ! isset( $one['sentence'] )
		);
	}

	/** Sentences with the text of the passages that each comes from. */
	private static function sentences( mixed $given, string $source ): array {
		$found = array();
		foreach ( self::items( $given ) as $sentence ) {
			$passages = array();
			foreach ( self::items( $sentence['source'] ?? null ) as $span ) {
				$start = (int) ( $span['start'] ?? 0 );
				$end   = (int) ( $span['end'] ?? 0 );
				if ( 0 <= $start && $start < $end ) {
					$passages[] = self::text( mb_substr( $source, $start, $end - $start ) );
				}
			}
			$reasons = $sentence['reasons'] ?? array();
			$found[] = array(
				'text'     => self::text( $sentence['text'] ?? '' ),
				'source'   => array_values( array_filter( $passages ) ),
				'origin'   => self::text( $sentence['origin'] ?? '' ),
				'check'    => self::text( $sentence['check'] ?? '' ),
				'reasons'  => array_map( array( self::class, 'text' ), is_array( $reasons ) ? array_slice( array_values( $reasons ), 0, self::MOST_ITEMS ) : array() ),
				'warnings' => self::warnings( $sentence['warnings'] ?? null ),
			);
		}
		return $found;
	}

	private static function warnings( mixed $given ): array {
		return array_map(
			static fn( $one ) => array(
				'code'    => self::text( $one['code'] ?? '' ),
				'message' => self::text( $one['message'] ?? '' ),
			),
			self::items( $given )
		);
	}

	private static function names( mixed $given ): array {
		return array_map(
			static fn( $one ) => array(
				'source' => self::text( $one['source'] ?? '' ),
				'target' => self::text( $one['target'] ?? '' ),
				'from'   => self::text( $one['from'] ?? '' ),
			),
			self::items( $given )
		);
	}

	/** The objects of a list. */
	private static function items( mixed $given ): array {
		return array_slice( array_values( array_filter( is_array( $given ) ? $given : array(), 'is_array' ) ), 0, self::MOST_ITEMS );
	}

	/** A text without control characters but line breaks. Markup stays: it is text, and escaped where it is shown. */
	private static function text( mixed $given ): string {
		$text = is_string( $given ) ? wp_check_invalid_utf8( $given ) : '';
		return mb_substr( preg_replace( '/[\x00-\x08\x0b-\x1f\x7f]/', '', $text ) ?? '', 0, self::LONGEST_TEXT );
	}
}
