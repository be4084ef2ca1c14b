<?php
/**
 * Polylang, through the functions that it documents for developers.
 *
 * @package Jianbao
 */

declare(strict_types=1);

namespace Jianbao\Links;

defined( 'ABSPATH' ) || exit;

/** Sets the language of both posts and joins them as translations of each other. */
final class Polylang {
	public function present(): bool {
		return function_exists( 'pll_set_post_language' ) && function_exists( 'pll_save_post_translations' ) && function_exists( 'pll_languages_list' );
	}

	public function link( int $original, string $from, int $translation, string $to ): void {
		$from = (string) ( ( function_exists( 'pll_get_post_language' ) ? pll_get_post_language( $original, 'slug' ) : '' ) ?: self::slug( $from ) );
		$to   = self::slug( $to );
		if ( '' === $from || '' === $to || $from === $to ) {
			return; // The site does not have these languages; our own link stands.
		}
		pll_set_post_language( $translation, $to );
		pll_set_post_language( $original, $from );
		$all = function_exists( 'pll_get_post_translations' ) ? (array) pll_get_post_translations( $original ) : array();
		// Another translation that was linked already stays where it is.
		pll_save_post_translations( array( $from => $original ) + $all + array( $to => $translation ) );
	}

	/** The site's language for a tag: `zh-Hant` is the one with the locale zh_TW or zh_HK. */
	private static function slug( string $tag ): string {
		$slugs   = (array) pll_languages_list( array( 'fields' => 'slug' ) );
		$locales = (array) pll_languages_list( array( 'fields' => 'locale' ) );
		foreach ( Locales::of( $tag ) as $wanted ) {
			foreach ( $locales as $at => $locale ) {
				if ( str_starts_with( (string) $locale, $wanted ) ) {
					return (string) $slugs[ $at ];
				}
			}
		}
		return '';
	}
}
