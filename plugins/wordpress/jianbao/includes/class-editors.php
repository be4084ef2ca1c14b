<?php
/**
 * The panel in both editors.
 *
 * @package Jianbao
 */

declare(strict_types=1);

namespace Jianbao;

use WP_Post;

defined( 'ABSPATH' ) || exit;

/** Loads the panel's scripts: in the block editor's sidebar, and in a meta box of the classic one. */
final class Editors {
	public function __construct( private readonly Settings $settings, private readonly Links\Links $links ) {}

	public function register(): void {
		add_action( 'init', array( $this, 'register_scripts' ), 5 );
		add_action( 'enqueue_block_editor_assets', array( $this, 'block_editor' ) );
		add_action( 'add_meta_boxes', array( $this, 'meta_box' ), 10, 2 );
	}

	/** Types of posts that have a text to brief, those of other plugins among them. */
	public static function post_types(): array {
		$types = array_filter( get_post_types( array( 'show_ui' => true ) ), static fn( $type ) => post_type_supports( $type, 'editor' ) && ! str_starts_with( $type, 'wp_' ) );
		/**
		 * Filters the types of posts that can have briefs.
		 *
		 * @param string[] $types Names of post types.
		 */
		return array_values( (array) apply_filters( 'jianbao_post_types', $types ) );
	}

	public function register_scripts(): void {
		$url = plugins_url( 'assets/', FILE );
		wp_register_script( 'jianbao-state', $url . 'state.js', array( 'wp-api-fetch', 'wp-i18n' ), VERSION, true );
		wp_register_script( 'jianbao-brief', $url . 'brief.js', array( 'jianbao-state', 'wp-components', 'wp-element' ), VERSION, true );
		wp_register_script( 'jianbao-panel', $url . 'panel.js', array( 'jianbao-brief', 'wp-a11y' ), VERSION, true );
		wp_register_script( 'jianbao-editor', $url . 'editor.js', array( 'jianbao-panel', 'wp-block-editor', 'wp-blocks', 'wp-data', 'wp-editor', 'wp-notices', 'wp-plugins' ), VERSION, true );
		wp_register_script( 'jianbao-classic', $url . 'classic.js', array( 'jianbao-panel' ), VERSION, true );
		wp_register_style( 'jianbao-block', $url . 'block.css', array(), VERSION );
		wp_register_style( 'jianbao-panel', $url . 'panel.css', array( 'wp-components' ), VERSION );
		foreach ( array( 'jianbao-state', 'jianbao-brief', 'jianbao-panel', 'jianbao-editor', 'jianbao-classic' ) as $script ) {
			wp_set_script_translations( $script, 'jianbao', dirname( FILE ) . '/languages' );
		}
	}

	public function block_editor(): void {
		$post = get_post();
		if ( ! $post || ! in_array( $post->post_type, self::post_types(), true ) || ! current_user_can( 'edit_post', $post->ID ) ) {
			return;
		}
		wp_enqueue_script( 'jianbao-editor' );
		wp_enqueue_style( 'jianbao-panel' );
		$this->configure( $post );
	}

	/** The box of the classic editor; the block editor has its own panel. */
	public function meta_box( string $type, mixed $post ): void {
		if ( ! $post instanceof WP_Post || ! in_array( $type, self::post_types(), true ) || ! current_user_can( 'edit_post', $post->ID ) ) {
			return;
		}
		add_meta_box(
			'jianbao',
			__( 'Brief', 'jianbao' ),
			function ( WP_Post $post ): void {
				wp_enqueue_script( 'jianbao-classic' );
				wp_enqueue_style( 'jianbao-panel' );
				$this->configure( $post );
				echo '<div id="jianbao-classic"><p>' . esc_html__( 'The panel needs JavaScript.', 'jianbao' ) . '</p></div>';
			},
			$type,
			'normal',
			'high',
			array( '__back_compat_meta_box' => true )
		);
	}

	/** What the scripts need to know. No key and no address of the service is among it. */
	private function configure( WP_Post $post ): void {
		$config = array(
			'post'      => $post->ID,
			'configured' => $this->settings->complete(),
			'settings'  => current_user_can( 'manage_options' ) ? admin_url( 'options-general.php?page=jianbao' ) : '',
			'languages' => $this->settings->get( 'languages' ),
			'style'     => $this->settings->get( 'style' ),
			'length'    => $this->settings->get( 'length' ),
			'target'    => $this->settings->get( 'target' ),
			'excerpt'   => post_type_supports( $post->post_type, 'excerpt' ),
			'translations' => $this->links->of( $post->ID ),
		);
		wp_add_inline_script( 'jianbao-state', 'window.jianbao = ' . wp_json_encode( $config, JSON_HEX_TAG | JSON_HEX_AMP ) . ';', 'before' );
	}
}
