<?php
/**
 * The routes that the plugin's own scripts call.
 *
 * @package Jianbao
 */

declare(strict_types=1);

namespace Jianbao;

use WP_Error;
use WP_REST_Request;
use WP_REST_Response;

defined( 'ABSPATH' ) || exit;

/** Routes under jianbao/v1. Who may edit a post may have it briefed; nobody else. */
final class Rest {
	public const NAMESPACE = 'jianbao/v1';

	public function __construct(
		private readonly Client $client,
		private readonly Briefs $briefs,
		private readonly Receipts $receipts,
		private readonly Apply $apply,
		private readonly Translate $translate,
	) {}

	public function register(): void {
		add_action( 'rest_api_init', array( $this, 'routes' ) );
	}

	public function routes(): void {
		$text     = array( 'type' => 'string', 'maxLength' => 2_000_000 );
		$brief    = array( 'type' => 'string', 'maxLength' => 20_000 );
		$language = array( 'type' => 'string', 'enum' => Settings::LANGUAGES, 'required' => true );
		$target   = array( 'type' => 'string', 'enum' => Settings::TARGETS, 'required' => true );
		$of_brief = '/briefs/(?P<language>[A-Za-z-]{2,7})';

		$this->route( '', 'GET', 'state', array() );
		$this->route(
			'/make',
			'POST',
			'make',
			array(
				'title'     => $text + array( 'default' => '' ),
				'content'   => $text + array( 'required' => true ),
				'languages' => array(
					'type'        => 'array',
					'items'       => array( 'type' => 'string', 'enum' => Settings::LANGUAGES ),
					'minItems'    => 1,
					'uniqueItems' => true,
				),
				'style'     => array( 'type' => 'string', 'enum' => Settings::STYLES ),
				'length'    => array( 'type' => 'string', 'enum' => Settings::LENGTHS ),
			)
		);
		$this->route( '/jobs/(?P<job>[A-Za-z0-9_-]{8,64})', 'GET', 'follow', array() );
		$this->route( '/jobs/(?P<job>[A-Za-z0-9_-]{8,64})', 'DELETE', 'cancel', array() );
		$this->route( $of_brief, 'POST', 'edit', array( 'language' => $language, 'text' => $brief + array( 'required' => true ) ) );
		$this->route(
			"$of_brief/apply",
			'POST',
			'put',
			array(
				'language' => $language,
				'target'   => $target,
				'text'     => $brief + array( 'required' => true ),
				'previous' => $text,
			)
		);
		$this->route( "$of_brief/undo", 'POST', 'undo', array( 'language' => $language, 'target' => $target ) );
		$this->route( '/translation', 'POST', 'translate', array( 'language' => $language ) );

		register_rest_route(
			self::NAMESPACE,
			'/connection',
			array(
				'methods'             => 'POST',
				'callback'            => array( $this, 'connection' ),
				'permission_callback' => static fn() => current_user_can( 'manage_options' ),
			)
		);
	}

	/** A route below a post. */
	private function route( string $path, string $method, string $callback, array $args ): void {
		register_rest_route(
			self::NAMESPACE,
			"/posts/(?P<id>\\d+)$path",
			array(
				'methods'             => $method,
				'callback'            => fn( WP_REST_Request $request ) => $this->answer( $this->$callback( $request, (int) $request['id'] ) ),
				'permission_callback' => static fn( WP_REST_Request $request ) => self::may_edit( (int) $request['id'] ),
				'args'                => $args + array( 'id' => array( 'type' => 'integer', 'required' => true ) ),
			)
		);
	}

	/** Whether the user may edit the post; revisions and menu items are no articles. */
	public static function may_edit( int $post ): bool|WP_Error {
		$found = get_post( $post );
		if ( $found && 'revision' !== $found->post_type && current_user_can( 'edit_post', $post ) ) {
			return true;
		}
		return new WP_Error( 'rest_forbidden', __( 'You may not edit this post.', 'jianbao' ), array( 'status' => rest_authorization_required_code() ) );
	}

	private function answer( mixed $given ): WP_REST_Response|WP_Error {
		if ( is_wp_error( $given ) ) {
			return $given;
		}
		$response = new WP_REST_Response( $given );
		$response->header( 'Cache-Control', 'no-store' );
		return $response;
	}

	private function state( WP_REST_Request $request, int $post ): array {
		return $this->briefs->state( $post );
	}

	private function make( WP_REST_Request $request, int $post ): array|WP_Error {
		$wanted = array_filter( array_intersect_key( $request->get_params(), array_flip( array( 'languages', 'style', 'length' ) ) ) );
		return $this->briefs->make( $post, (string) $request['title'], (string) $request['content'], $wanted );
	}

	private function follow( WP_REST_Request $request, int $post ): array|WP_Error {
		return $this->briefs->follow( $post, (string) $request['job'] );
	}

	private function cancel( WP_REST_Request $request, int $post ): array|WP_Error {
		return $this->briefs->cancel( $post, (string) $request['job'] );
	}

	private function edit( WP_REST_Request $request, int $post ): array|WP_Error {
		$receipt = $this->receipts->edit( $post, (string) $request['language'], (string) $request['text'] );
		return $receipt ? $this->briefs->state( $post ) : Client::error( 'no_brief', __( 'There is no such brief.', 'jianbao' ), 404 );
	}

	private function put( WP_REST_Request $request, int $post ): array|WP_Error {
		$done = $this->apply->apply(
			$post,
			(string) $request['language'],
			(string) $request['target'],
			(string) $request['text'],
			isset( $request['previous'] ) ? (string) $request['previous'] : null
		);
		return is_wp_error( $done ) ? $done : $this->briefs->state( $post );
	}

	private function undo( WP_REST_Request $request, int $post ): array|WP_Error {
		$previous = $this->apply->undo( $post, (string) $request['language'], (string) $request['target'] );
		return is_wp_error( $previous ) ? $previous : $this->briefs->state( $post ) + array( 'previous' => $previous );
	}

	private function translate( WP_REST_Request $request, int $post ): array|WP_Error {
		return $this->translate->step( $post, (string) $request['language'] );
	}

	/** Test the connection, with the settings as they are saved. */
	public function connection(): array {
		$found = $this->client->test();
		return array(
			'ok'      => ! is_wp_error( $found ),
			'message' => is_wp_error( $found ) ? $found->get_error_message() : $found,
		);
	}
}
