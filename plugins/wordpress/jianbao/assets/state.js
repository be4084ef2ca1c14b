/*
 * What both editors' panels share: the words for things, and the state of the briefs of this post.
 */
( function () {
	const { __, _n, sprintf } = wp.i18n;
	const config = window.jianbao || {};
	const base = '/jianbao/v1/posts/' + config.post;
	const AUTOMATIC = 5; // retries of a busy service

	const ask = ( path, method = 'GET', data = undefined ) =>
		wp.apiFetch( { path: base + path, method, data } );
	const pause = ( milliseconds ) => new Promise( ( done ) => setTimeout( done, milliseconds ) );
	const words = ( content ) =>
		content
			.replace( /<!--[\s\S]*?-->/g, ' ' )
			.replace( /<[^>]*>/g, ' ' )
			.replace( /\s+/g, '' );
	const fingerprint = ( { title, content } ) => words( title ) + '\n' + words( content );
	const htmlLang = ( language ) => ( language === 'zh' ? 'zh-Hans' : language );
	const isChinese = ( language ) => language.startsWith( 'zh' );

	const languageName = ( language ) =>
		( {
			en: __( 'English', 'jianbao' ),
			zh: __( 'Chinese', 'jianbao' ),
			'zh-Hans': __( 'Chinese, Simplified', 'jianbao' ),
			'zh-Hant': __( 'Chinese, Traditional', 'jianbao' ),
			'zh-TW': __( 'Chinese, Taiwan', 'jianbao' ),
			'zh-HK': __( 'Chinese, Hong Kong', 'jianbao' ),
		} )[ language ] || language;
	const targetName = ( target ) =>
		( {
			excerpt: __( 'Excerpt', 'jianbao' ),
			block: __( 'Brief block', 'jianbao' ),
			field: __( 'Custom field', 'jianbao' ),
			description: __( 'SEO description', 'jianbao' ),
		} )[ target ];

	/* The length as the service counts it: words of English; characters of Chinese, a Latin word or
	   number as one. */
	function length( text, language ) {
		if ( isChinese( language ) ) {
			const count = ( text.match( /[A-Za-z0-9.,%]+|[^\sA-Za-z0-9.,%]/gu ) || [] ).length;
			/* translators: %d: number of characters */
			return sprintf( _n( '%d character', '%d characters', count, 'jianbao' ), count );
		}
		const count = ( text.match( /\S+/g ) || [] ).length;
		/* translators: %d: number of words */
		return sprintf( _n( '%d word', '%d words', count, 'jianbao' ), count );
	}

	/* A failure in words. WordPress's own (a session that ended, a broken answer) say little. */
	function explain( error ) {
		// with a nonce that is no longer good, wp.apiFetch asks for a new one, and throws the Response
		// that refused it
		if ( error instanceof window.Response || [ 'rest_cookie_invalid_nonce', 'rest_not_logged_in' ].includes( error.code ) || error.data?.status === 401 ) {
			return __( 'You are signed out. Sign in again in another tab, then try again here; nothing that you typed is lost.', 'jianbao' );
		}
		if ( error.code === 'invalid_json' ) {
			return __( 'This site sent an answer that cannot be read. Try again; nothing that you typed is lost.', 'jianbao' );
		}
		if ( error.code === 'fetch_error' || error.code === 'offline_error' ) {
			return __( 'This site cannot be reached. Try again when you are connected; nothing that you typed is lost.', 'jianbao' );
		}
		return error.message || __( 'Something went wrong. Try again.', 'jianbao' );
	}

	const reasonName = ( code ) =>
		( {
			long: __( 'a long sentence: check who did what', 'jianbao' ),
			unlikely: __( 'the model itself is unsure of this translation', 'jianbao' ),
			unmatched: __( 'many words have no counterpart in the source', 'jianbao' ),
			unverified: __( 'a name could not be verified', 'jianbao' ),
		} )[ code ];

	/*
	 * What the panel shows. It is kept outside the component: the block editor takes the panel away
	 * whenever a block is chosen, and neither the work nor what was typed may go with it.
	 */
	const shared = { briefs: {}, job: null, note: '', problem: '', loaded: false, translations: config.translations || [], translating: '' };
	const listeners = new Set();
	const madeOf = {}; // of each language the text that its brief was made of
	const typed = {}; // of each language the text that is about to be saved
	const set = ( change ) => {
		Object.assign( shared, change );
		listeners.forEach( ( listener ) => listener() );
	};
	const changed = ( state ) => {
		const briefs = { ...state.briefs };
		for ( const language of Object.keys( typed ) ) {
			if ( briefs[ language ] ) {
				briefs[ language ] = { ...briefs[ language ], text: typed[ language ].text };
			}
		}
		set( { briefs } );
	};
	const fail = ( error ) => set( { problem: explain( error ) } );

	/* Ask, and ask again when a service that is busy says so; null if it is `wanted` no longer. */
	async function patiently( begin, wanted ) {
		for ( let tries = 1; ; tries++ ) {
			try {
				return await begin();
			} catch ( error ) {
				const wait = error.data?.retry_after;
				if ( ! [ 'busy', 'not_ready', 'no_room' ].includes( error.code ) || ! wait || tries > AUTOMATIC ) {
					throw error;
				}
				for ( let left = Math.min( wait, 120 ); left > 0; left-- ) {
					if ( ! wanted() ) {
						return null;
					}
					/* translators: 1: what the service says, 2: number of seconds */
					set( { note: sprintf( __( '%1$s Trying again in %2$d s.', 'jianbao' ), error.message, left ) } );
					await pause( 1000 );
				}
			}
		}
	}

	/* Keep what was typed, here at once and with the post when the typing pauses. */
	function type( language, text ) {
		clearTimeout( typed[ language ]?.timer );
		const mine = { text, timer: setTimeout( () => save( language, mine ).catch( fail ), 800 ) };
		typed[ language ] = mine;
		changed( shared );
	}
	async function save( language, mine ) {
		// if this fails it stays typed, and is sent with Apply or the next key
		const state = await ask( '/briefs/' + language, 'POST', { text: mine.text } );
		if ( typed[ language ] === mine ) {
			delete typed[ language ];
		}
		changed( state );
	}
	/* Save what is still to be saved, before a new brief takes its place. */
	async function saveAll() {
		for ( const [ language, mine ] of Object.entries( typed ) ) {
			clearTimeout( mine.timer );
			await save( language, mine );
		}
	}
	function settled( language ) {
		clearTimeout( typed[ language ]?.timer );
		delete typed[ language ];
	}

	window.jianbaoState = {
		ask, changed, config, fail, fingerprint, htmlLang, isChinese, languageName, length, listeners,
		madeOf, patiently, pause, reasonName, saveAll, set, settled, shared, targetName, type, typed,
	};
} )();
