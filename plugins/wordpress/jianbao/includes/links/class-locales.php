<?php
/**
 * Locales of WordPress for language tags.
 *
 * @package Jianbao
 */

declare(strict_types=1);

namespace Jianbao\Links;

defined( 'ABSPATH' ) || exit;

/** Locales, the best first; a text of Hong Kong goes to Taiwan's language where there is no other. */
final class Locales {
	public static function of( string $tag ): array {
		return match ( $tag ) {
			'zh-Hant', 'zh-TW' => array( 'zh_TW', 'zh_HK' ),
			'zh-HK'            => array( 'zh_HK', 'zh_TW' ),
			'zh', 'zh-Hans'    => array( 'zh_CN', 'zh_SG', 'zh' ),
			default            => array( 'en' ),
		};
	}
}
