<?php
/**
 * Abilities (WordPress 6.9), for assistants and automation on the site.
 *
 * @package Jianbao
 */

declare(strict_types=1);

namespace Jianbao;

use WP_Error;

defined( 'ABSPATH' ) || exit;

/** "Make briefs of a post" and "read the briefs of a post"; nothing is applied by either. */
final class Abilities {
	private const CATEGORY = 'jianbao';

	public function __construct( private readonly Briefs $briefs ) {}

	public function register(): void {
		add_action( 'wp_abilities_api_categories_init', array( $this, 'category' ) );
		add_action( 'wp_abilities_api_init', array( $this, 'abilities' ) );
	}

	public function category(): void {
		wp_register_ability_category(
			self::CATEGORY,
			array(
				'label'       => __( 'Briefs', 'jianbao' ),
				'description' => __( 'Briefs of articles in English and in Chinese.', 'jianbao' ),
			)
		);
	}

	public function abilities(): void {
		$output = array(
			'type'       => 'object',
			'properties' => array(
				'briefs' => array( 'type' => 'object', 'description' => __( 'Receipts of the briefs, by language.', 'jianbao' ) ),
				'job'    => array( 'type' => 'object', 'description' => __( 'The work under way, if it is not done.', 'jianbao' ) ),
			),
		);
		$this->add( 'make-briefs', __( 'Make briefs of a post', 'jianbao' ), __( 'Makes briefs of the saved text of a post and keeps them with it, for an editor to review. Nothing is applied or published.', 'jianbao' ), fn( $input ) => $this->make( (int) $input['post_id'] ), $output, false );
		$this->add( 'get-briefs', __( 'Read the briefs of a post', 'jianbao' ), __( 'Gives the briefs that are kept with a post, with their warnings.', 'jianbao' ), fn( $input ) => $this->read( (int) $input['post_id'] ), $output, true );
	}

	private function add( string $name, string $label, string $description, callable $execute, array $output, bool $readonly ): void {
		wp_register_ability(
			"jianbao/$name",
			array(
				'label'               => $label,
				'description'         => $description,
				'category'            => self::CATEGORY,
				'input_schema'        => array(
					'type'                 => 'object',
					'properties'           => array( 'post_id' => array( 'type' => 'integer', 'minimum' => 1 ) ),
					'required'             => array( 'post_id' ),
					'additionalProperties' => false,
				),
				'output_schema'       => $output,
				'execute_callback'    => $execute,
				'permission_callback' => static fn( $input ) => Rest::may_edit( (int) ( $input['post_id'] ?? 0 ) ),
				'meta'                => array(
					'show_in_rest' => true,
					'annotations'  => array( 'readonly' => $readonly, 'destructive' => false ),
				),
			)
		);
	}

	private function make( int $id ): array|WP_Error {
		$post = get_post( $id );
		return $post ? $this->plain( $this->briefs->make( $id, $post->post_title, $post->post_content ) ) : Client::error( 'no_post', __( 'There is no such post.', 'jianbao' ), 404 );
	}

	private function read( int $id ): array|WP_Error {
		return $this->plain( $this->briefs->state( $id ) );
	}

	private function plain( array|WP_Error $state ): array|WP_Error {
		return is_wp_error( $state ) ? $state : array( 'briefs' => (array) $state['briefs'] ) + array_intersect_key( $state, array( 'job' => true ) );
	}
}
