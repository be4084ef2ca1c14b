<?php
/**
 * Settings → Jianbao, of a site and of a network.
 *
 * @package Jianbao
 */

declare(strict_types=1);

namespace Jianbao;

defined( 'ABSPATH' ) || exit;

/** The form. A key that is set is never written into it. */
final class Settings_Page {
	public function __construct( private readonly Settings $settings ) {}

	public function register(): void {
		add_action( 'admin_menu', array( $this, 'menu' ) );
		add_action( 'network_admin_menu', array( $this, 'network_menu' ) );
		add_action( 'network_admin_edit_jianbao', array( $this, 'save_network' ) );
		add_action( 'admin_init', array( $this, 'setting' ) );
		add_action( 'wp_connectors_init', array( $this, 'connector' ) );
		add_filter( 'plugin_action_links_' . plugin_basename( FILE ), array( $this, 'link' ) );
	}

	public function menu(): void {
		add_options_page( __( 'Jianbao briefs', 'jianbao' ), __( 'Jianbao', 'jianbao' ), 'manage_options', 'jianbao', fn() => $this->page( false ) );
	}

	public function network_menu(): void {
		add_submenu_page( 'settings.php', __( 'Jianbao briefs', 'jianbao' ), __( 'Jianbao', 'jianbao' ), 'manage_network_options', 'jianbao', fn() => $this->page( true ) );
	}

	public function setting(): void {
		register_setting(
			'jianbao',
			Settings::OPTION,
			array(
				'type'              => 'object',
				'show_in_rest'      => false,
				'sanitize_callback' => static fn( $given ) => Settings::clean( $given, (array) get_option( Settings::OPTION, array() ) ),
			)
		);
	}

	public function save_network(): void {
		check_admin_referer( 'jianbao-network' );
		if ( ! current_user_can( 'manage_network_options' ) ) {
			wp_die( esc_html__( 'You may not change this.', 'jianbao' ), 403 );
		}
		// phpcs:ignore WordPress.Security.ValidatedSanitizedInput -- Settings::clean holds every field.
		$given = wp_unslash( $_POST[ Settings::OPTION ] ?? array() );
		update_site_option( Settings::NETWORK_OPTION, Settings::clean( $given, (array) get_site_option( Settings::NETWORK_OPTION, array() ) ) );
		wp_safe_redirect( network_admin_url( 'settings.php?page=jianbao&updated=true' ) );
		exit;
	}

	/** Name the service on the page of connectors (WordPress 7.0), which takes a key too, and masks it. */
	public function connector( object $registry ): void {
		$registry->register(
			'jianbao',
			array(
				'name'           => 'Jianbao',
				'description'    => __( 'Briefs of articles in English and in Chinese.', 'jianbao' ),
				'type'           => 'briefs',
				'authentication' => array(
					'method'        => 'api_key',
					'setting_name'  => Settings::CONNECTOR_OPTION,
					'constant_name' => Settings::FIXED['key'],
					'env_var_name'  => Settings::FIXED['key'],
				),
				'plugin'         => array(
					'file'      => plugin_basename( FILE ),
					'is_active' => '__return_true',
				),
			)
		);
	}

	public function link( array $links ): array {
		$links[] = sprintf( '<a href="%s">%s</a>', esc_url( admin_url( 'options-general.php?page=jianbao' ) ), esc_html__( 'Settings', 'jianbao' ) );
		return $links;
	}

	private function page( bool $network ): void {
		wp_enqueue_script( 'jianbao-settings', plugins_url( 'assets/settings.js', FILE ), array( 'wp-a11y', 'wp-api-fetch', 'wp-i18n' ), VERSION, true );
		wp_set_script_translations( 'jianbao-settings', 'jianbao', dirname( FILE ) . '/languages' );
		?>
		<div class="wrap">
			<h1><?php esc_html_e( 'Jianbao briefs', 'jianbao' ); ?></h1>
			<?php if ( $network ) : ?>
				<p><?php esc_html_e( 'What is set here holds for every site that sets nothing else.', 'jianbao' ); ?></p>
			<?php endif; ?>
			<form method="post" action="<?php echo esc_url( $network ? network_admin_url( 'edit.php?action=jianbao' ) : admin_url( 'options.php' ) ); ?>">
				<?php
				if ( $network ) {
					wp_nonce_field( 'jianbao-network' );
				} else {
					settings_fields( 'jianbao' );
				}
				?>
				<input type="hidden" name="<?php echo esc_attr( Settings::OPTION ); ?>[form]" value="1" />
				<table class="form-table" role="presentation">
					<?php $this->rows( (array) ( $network ? get_site_option( Settings::NETWORK_OPTION, array() ) : get_option( Settings::OPTION, array() ) ) ); ?>
				</table>
				<?php submit_button(); ?>
			</form>
			<?php if ( ! $network ) : ?>
				<h2><?php esc_html_e( 'Connection', 'jianbao' ); ?></h2>
				<p><?php esc_html_e( 'Tests the settings as they are saved.', 'jianbao' ); ?></p>
				<p><button type="button" class="button" id="jianbao-test"><?php esc_html_e( 'Test connection', 'jianbao' ); ?></button></p>
				<div id="jianbao-test-result" role="status"></div>
			<?php endif; ?>
		</div>
		<?php
	}

	private function rows( array $saved ): void {
		$this->row( 'url', __( 'Address of the service', 'jianbao' ), fn() => $this->input( 'url', 'url', (string) ( $saved['url'] ?? '' ), 'https://jianbao.example' ) );
		$this->row( 'key', __( 'API key', 'jianbao' ), fn() => $this->secret( 'key', $saved ), __( 'Empty where the service needs none. The key stays on the server; no page shows it.', 'jianbao' ) );
		$this->row( 'languages', __( 'Languages of the briefs', 'jianbao' ), fn() => $this->languages( (array) ( $saved['languages'] ?? $this->settings->get( 'languages' ) ) ) );
		$this->row( 'style', __( 'Style', 'jianbao' ), fn() => $this->select( 'style', Labels::styles(), $saved ) );
		$this->row( 'length', __( 'Length', 'jianbao' ), fn() => $this->select( 'length', Labels::lengths(), $saved ) );
		$this->row( 'target', __( 'Apply to', 'jianbao' ), fn() => $this->select( 'target', Labels::targets(), $saved ), __( 'What the panel offers first. Nothing is applied without a click.', 'jianbao' ) );
		$this->row( 'timeout', __( 'Time-out in seconds', 'jianbao' ), fn() => $this->input( 'timeout', 'number', (string) ( $saved['timeout'] ?? $this->settings->get( 'timeout' ) ), '', 'min="10" max="120"' ), __( 'How long one request may take. Longer work goes on as a job, which is looked after.', 'jianbao' ) );
		$this->row( 'bulk', __( 'Many posts', 'jianbao' ), fn() => $this->select( 'bulk', Labels::bulk(), $saved ), __( 'A webhook needs an address of this site that the service reaches, and the secret below.', 'jianbao' ) );
		$this->row( 'webhook_secret', __( 'Webhook secret', 'jianbao' ), fn() => $this->secret( 'webhook_secret', $saved ), __( 'The same as JIANBAO_WEBHOOK_SECRET of the service (whsec_…).', 'jianbao' ) );
		$this->row(
			'remove_data',
			__( 'When the plugin is deleted', 'jianbao' ),
			fn() => printf(
				'<label><input type="checkbox" id="jianbao-remove_data" name="%1$s[remove_data]" value="1" %2$s /> %3$s</label>',
				esc_attr( Settings::OPTION ),
				checked( ! empty( $saved['remove_data'] ), true, false ),
				esc_html__( 'Delete the receipts and the applied fields of all posts', 'jianbao' )
			)
		);
	}

	private function row( string $name, string $label, callable $field, string $help = '' ): void {
		$group = in_array( $name, array( 'languages', 'remove_data' ), true );
		echo '<tr><th scope="row">';
		printf( $group ? '%2$s' : '<label for="jianbao-%1$s">%2$s</label>', esc_attr( $name ), esc_html( $label ) );
		echo '</th><td>';
		$field();
		if ( '' !== $help ) {
			printf( '<p class="description">%s</p>', esc_html( $help ) );
		}
		echo '</td></tr>';
	}

	private function fixed( string $name ): bool {
		if ( null === $this->settings->fixed( $name ) ) {
			return false;
		}
		/* translators: %s: name of a constant or environment variable */
		printf( '<input type="text" id="jianbao-%1$s" class="regular-text" disabled value="" placeholder="%2$s" />', esc_attr( $name ), esc_attr( sprintf( __( 'set in configuration (%s)', 'jianbao' ), Settings::FIXED[ $name ] ) ) );
		return true;
	}

	private function input( string $name, string $type, string $value, string $placeholder, string $more = '' ): void {
		if ( $this->fixed( $name ) ) {
			return;
		}
		printf(
			'<input type="%1$s" id="jianbao-%2$s" name="%3$s[%2$s]" value="%4$s" placeholder="%5$s" class="%6$s" %7$s/>',
			esc_attr( $type ),
			esc_attr( $name ),
			esc_attr( Settings::OPTION ),
			esc_attr( $value ),
			esc_attr( $placeholder ),
			'number' === $type ? 'small-text' : 'regular-text',
			$more // phpcs:ignore WordPress.Security.EscapeOutput -- a constant text of ours
		);
	}

	private function secret( string $name, array $saved ): void {
		if ( $this->fixed( $name ) ) {
			return;
		}
		$set = ! empty( $saved[ $name ] );
		printf(
			'<input type="password" id="jianbao-%1$s" name="%2$s[%1$s]" value="" autocomplete="new-password" class="regular-text" placeholder="%3$s" />',
			esc_attr( $name ),
			esc_attr( Settings::OPTION ),
			esc_attr( $set ? __( 'set; leave empty to keep it', 'jianbao' ) : '' )
		);
		if ( $set ) {
			printf( ' <label><input type="checkbox" name="%2$s[forget_%1$s]" value="1" /> %3$s</label>', esc_attr( $name ), esc_attr( Settings::OPTION ), esc_html__( 'Forget it', 'jianbao' ) );
		}
	}

	private function select( string $name, array $labels, array $saved ): void {
		printf( '<select id="jianbao-%1$s" name="%2$s[%1$s]">', esc_attr( $name ), esc_attr( Settings::OPTION ) );
		foreach ( $labels as $value => $label ) {
			printf( '<option value="%s" %s>%s</option>', esc_attr( $value ), selected( $saved[ $name ] ?? $this->settings->get( $name ), $value, false ), esc_html( $label ) );
		}
		echo '</select>';
	}

	private function languages( array $chosen ): void {
		echo '<fieldset>';
		printf( '<legend class="screen-reader-text">%s</legend>', esc_html__( 'Languages of the briefs', 'jianbao' ) );
		foreach ( Labels::languages() as $value => $label ) {
			printf(
				'<label><input type="checkbox" name="%1$s[languages][]" value="%2$s" %3$s /> %4$s</label><br />',
				esc_attr( Settings::OPTION ),
				esc_attr( $value ),
				checked( in_array( $value, $chosen, true ), true, false ),
				esc_html( $label )
			);
		}
		echo '</fieldset>';
	}
}
