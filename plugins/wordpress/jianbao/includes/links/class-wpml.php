<?php
/**
 * WPML, through the hooks that it documents for developers.
 *
 * @package Jianbao
 */

declare(strict_types=1);

namespace Jianbao\Links;

defined( 'ABSPATH' ) || exit;

/** Makes the draft an element of the original's translation group. */
final class Wpml {
	public function present(): bool {
		return defined( 'ICL_SITEPRESS_VERSION' );
	}

	public function link( int $original, string $from, int $translation, string $to ): void {
		$type    = (string) apply_filters( 'wpml_element_type', get_post_type( $original ) );
		$details = apply_filters(
			'wpml_element_language_details',
			null,
			array(
				'element_id'   => $original,
				'element_type' => get_post_type( $original ),
			)
		);
		$code    = self::code( $to );
		if ( ! is_object( $details ) || empty( $details->trid ) || '' === $code ) {
			return; // WPML does not translate this type of post; our own link stands.
		}
		do_action(
			'wpml_set_element_language_details',
			array(
				'element_id'           => $translation,
				'element_type'         => $type,
				'trid'                 => $details->trid,
				'language_code'        => $code,
				'source_language_code' => $details->language_code,
			)
		);
	}

	/** The site's language for a tag, among those that are switched on. */
	private static function code( string $tag ): string {
		$active = (array) apply_filters( 'wpml_active_languages', null, array( 'skip_missing' => 0 ) );
		foreach ( Locales::of( $tag ) as $wanted ) {
			foreach ( $active as $code => $language ) {
				if ( str_starts_with( (string) ( $language['default_locale'] ?? '' ), $wanted ) ) {
					return (string) $code;
				}
			}
		}
		return '';
	}
}
