<?php
/**
 * Names of choices, for people.
 *
 * @package Jianbao
 */

declare(strict_types=1);

namespace Jianbao;

defined( 'ABSPATH' ) || exit;

/** Labels by value. */
final class Labels {
	public static function languages(): array {
		return array(
			'en'      => __( 'English', 'jianbao' ),
			'zh'      => __( 'Chinese (as the service is set)', 'jianbao' ),
			'zh-Hans' => __( 'Chinese, Simplified', 'jianbao' ),
			'zh-Hant' => __( 'Chinese, Traditional', 'jianbao' ),
			'zh-TW'   => __( 'Chinese, Taiwan', 'jianbao' ),
			'zh-HK'   => __( 'Chinese, Hong Kong', 'jianbao' ),
		);
	}

	public static function styles(): array {
		return array(
			'paragraph' => __( 'Paragraph', 'jianbao' ),
			'bullets'   => __( 'Bullets', 'jianbao' ),
			'headline'  => __( 'Headline', 'jianbao' ),
		);
	}

	public static function lengths(): array {
		return array(
			'short'  => __( 'Short', 'jianbao' ),
			'medium' => __( 'Medium', 'jianbao' ),
			'long'   => __( 'Long', 'jianbao' ),
		);
	}

	public static function targets(): array {
		return array(
			'excerpt'     => __( 'Excerpt', 'jianbao' ),
			'block'       => __( 'Brief block', 'jianbao' ),
			'field'       => __( 'Custom field', 'jianbao' ),
			'description' => __( 'SEO description', 'jianbao' ),
		);
	}

	public static function bulk(): array {
		return array(
			'poll'    => __( 'This site asks for the results', 'jianbao' ),
			'webhook' => __( 'The service sends a webhook', 'jianbao' ),
		);
	}
}
