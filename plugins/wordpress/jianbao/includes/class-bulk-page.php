<?php
/**
 * The list action and the page of batches.
 *
 * @package Jianbao
 */

declare(strict_types=1);

namespace Jianbao;

defined( 'ABSPATH' ) || exit;

/** "Make briefs" over the posts of a list, and Tools → Briefs, where each batch is told. */
final class Bulk_Page {
	private const ACTION = 'jianbao_make';

	public function __construct( private readonly Settings $settings, private readonly Bulk $bulk ) {}

	public function register(): void {
		add_action( 'admin_init', array( $this, 'actions' ) );
		add_action( 'admin_menu', fn() => add_management_page( __( 'Briefs', 'jianbao' ), __( 'Briefs', 'jianbao' ), 'edit_posts', 'jianbao-bulk', array( $this, 'page' ) ) );
	}

	public function actions(): void {
		if ( ! $this->settings->complete() ) {
			return;
		}
		foreach ( Editors::post_types() as $type ) {
			add_filter( "bulk_actions-edit-$type", static fn( $actions ) => $actions + array( self::ACTION => __( 'Make briefs', 'jianbao' ) ) );
			add_filter( "handle_bulk_actions-edit-$type", array( $this, 'begin' ), 10, 3 );
		}
	}

	/** WordPress has checked the nonce of the list; Bulk checks each post. */
	public function begin( string $back, string $action, array $posts ): string {
		if ( self::ACTION !== $action ) {
			return $back;
		}
		$bulk = $this->bulk->begin( $posts );
		if ( is_wp_error( $bulk ) ) {
			set_transient( 'jianbao_said_' . get_current_user_id(), $bulk->get_error_message(), MINUTE_IN_SECONDS );
		}
		return admin_url( 'tools.php?page=jianbao-bulk' );
	}

	public function page(): void {
		wp_enqueue_script( 'jianbao-bulk', plugins_url( 'assets/bulk.js', FILE ), array( 'wp-a11y', 'wp-api-fetch', 'wp-i18n' ), VERSION, true );
		wp_set_script_translations( 'jianbao-bulk', 'jianbao', dirname( FILE ) . '/languages' );
		$views = array();
		foreach ( $this->bulk->all() as $bulk ) {
			if ( current_user_can( 'edit_others_posts' ) || get_current_user_id() === $bulk['user'] ) {
				$views[] = $this->bulk->view( $bulk );
			}
		}
		wp_add_inline_script( 'jianbao-bulk', 'window.jianbaoBulk = ' . wp_json_encode( $views, JSON_HEX_TAG | JSON_HEX_AMP ) . ';', 'before' );
		$said = get_transient( 'jianbao_said_' . get_current_user_id() );
		delete_transient( 'jianbao_said_' . get_current_user_id() );
		?>
		<div class="wrap">
			<h1><?php esc_html_e( 'Briefs of many posts', 'jianbao' ); ?></h1>
			<?php if ( is_string( $said ) ) : ?>
				<div class="notice notice-error"><p><?php echo esc_html( $said ); ?></p></div>
			<?php endif; ?>
			<p><?php esc_html_e( 'Choose posts in their list and the bulk action “Make briefs”. The briefs wait in each post’s Brief panel; nothing is applied. You may close this page: the work goes on.', 'jianbao' ); ?></p>
			<div id="jianbao-bulk"></div>
		</div>
		<?php
	}
}
