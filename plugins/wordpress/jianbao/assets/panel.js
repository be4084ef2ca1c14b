/*
 * The Brief panel, for both editors. Each editor's script hands it an `editor`:
 *   text()                    → { title, content } as they stand, saved or not
 *   subscribe( changed )      → calls it when they may have changed; returns what ends that
 *   targets                   → names of what a brief can be applied to
 *   put( target, language, text ) → puts it there and returns what was there (excerpt, block)
 *   restore( target, language, previous )
 *   current( target, language )   → what is there now, or undefined where only the server knows
 *   say( message )            → tells the editor
 */
( function () {
	const { createElement: el, Fragment, useEffect, useState } = wp.element;
	const { __, sprintf } = wp.i18n;
	const { Button, Modal, Notice } = wp.components;
	const { ask, changed, config, fail, fingerprint, isChinese, languageName, listeners, madeOf, patiently, pause, saveAll, set, settled, shared } = window.jianbaoState;
	const Brief = window.jianbaoBrief;
	const POLL = 1500; // milliseconds
	let work = null; // the run under way; a new object for each

	/* Translation of the whole article to a draft, a piece of it for each request. */
	function Translations() {
		const made = shared.translations;
		const running = shared.translating;
		const targets = [ 'en', ...config.languages.filter( isChinese ) ];
		if ( targets.length === 1 ) {
			targets.push( 'zh' );
		}
		const translate = async ( language ) => {
			set( { translating: language, problem: '' } );
			try {
				for (;;) {
					const answer = await patiently( () => ask( '/translation', 'POST', { language } ), () => true );
					if ( answer.done ) {
						set( { translations: answer.translations, note: __( 'The translation is ready as a draft.', 'jianbao' ) } );
						break;
					}
					/* translators: %d: percentage */
					set( { note: sprintf( __( 'Translating: %d%%', 'jianbao' ), Math.round( answer.progress * 100 ) ) } );
				}
			} catch ( error ) {
				set( { note: '' } );
				fail( error );
			}
			set( { translating: '' } );
		};
		return el(
			'div',
			{ className: 'jianbao-translations' },
			el( 'h3', null, __( 'Translation', 'jianbao' ) ),
			el( 'p', null, __( 'Makes a draft of the saved article in the other language.', 'jianbao' ) ),
			el(
				'div',
				{ className: 'jianbao-buttons' },
				targets.map( ( language ) =>
					el(
						Button,
						{ key: language, variant: 'secondary', disabled: !! running, accessibleWhenDisabled: true, isBusy: running === language, onClick: () => translate( language ) },
						/* translators: %s: name of a language */
						sprintf( __( 'Translate to %s', 'jianbao' ), languageName( language ) )
					)
				)
			),
			made.length
				? el(
						'ul',
						null,
						made.map( ( one ) =>
							el(
								'li',
								{ key: one.id },
								one.original ? __( 'Translated from: ', 'jianbao' ) : languageName( one.language ) + ': ',
								one.edit ? el( 'a', { href: one.edit }, one.title ) : one.title
							)
						)
				  )
				: null
		);
	}

	function Panel( { editor, wide } ) {
		const { briefs, job, note, problem } = shared;
		const [ , refresh ] = useState( 0 );
		const [ reviewing, setReviewing ] = useState( false );
		const [ text, setText ] = useState( () => fingerprint( editor.text() ) );

		useEffect( () => {
			const listener = () => refresh( ( count ) => count + 1 );
			listeners.add( listener );
			return () => listeners.delete( listener );
		}, [] );
		useEffect( () => editor.subscribe( () => setText( fingerprint( editor.text() ) ) ), [] );

		const finish = ( state, fresh, of ) => {
			for ( const [ language, brief ] of Object.entries( state.briefs ) ) {
				if ( fresh.includes( language ) ) {
					settled( language );
					madeOf[ language ] = of;
				} else if ( ! ( language in madeOf ) ) {
					madeOf[ language ] = brief.current ? of : null;
				}
			}
			changed( state );
		};

		const follow = async ( run, id, languages, of ) => {
			for ( let lost = 0; work === run; ) {
				try {
					const state = await ask( '/jobs/' + id );
					lost = 0;
					if ( ! state.job ) {
						finish( state, languages, of );
						return true;
					}
					set( { job: state.job } );
				} catch ( error ) {
					// a service that restarts is away for a moment, and its jobs are not lost
					if ( ! error.data?.retry_after || ++lost > 40 ) {
						throw error;
					}
					set( { note: __( 'The service is away for a moment; the work goes on.', 'jianbao' ) } );
				}
				await pause( POLL );
			}
			return false;
		};

		const run = async ( begin, languages ) => {
			const mine = {};
			work = mine;
			set( { problem: '' } );
			set( { note: __( 'Reading the article…', 'jianbao' ) } );
			set( { job: { progress: 0 } } );
			try {
				const of = fingerprint( editor.text() );
				const state = await begin( mine );
				let done = true;
				if ( state?.job ) {
					set( { job: state.job } );
					set( { note: __( 'Making briefs…', 'jianbao' ) } );
					done = await follow( mine, state.job.id, languages, of );
				} else if ( state && work === mine ) {
					finish( state, languages, of );
				}
				if ( done && work === mine ) {
					set( { note: __( 'The briefs are ready.', 'jianbao' ) } );
				}
			} catch ( error ) {
				if ( work === mine ) {
					set( { note: '' } );
					fail( error );
				}
			}
			if ( work === mine ) {
				work = null;
				set( { job: null } );
			}
		};

		const ready = ( wanted ) => async ( mine ) => {
			await saveAll();
			const data = { ...editor.text(), ...wanted };
			return patiently( () => ask( '/make', 'POST', data ), () => work === mine );
		};
		const make = ( wanted = {} ) => {
			if ( ! work ) {
				run( ready( wanted ), wanted.languages || config.languages );
			}
		};
		const cancel = () => {
			const id = job?.id;
			work = null;
			set( { job: null } );
			set( { note: __( 'Cancelled.', 'jianbao' ) } );
			if ( id ) {
				ask( '/jobs/' + id, 'DELETE' ).then( changed, fail );
			}
		};

		useEffect( () => {
			if ( shared.loaded ) {
				return;
			}
			shared.loaded = true;
			ask( '' ).then( ( state ) => {
				finish( state, [], fingerprint( editor.text() ) );
				const [ under_way ] = state.jobs; // begun in a window that was closed
				if ( under_way && ! work ) {
					run( async () => ( { job: under_way } ), [] );
				}
			}, fail );
		}, [] );

		const languages = Object.keys( briefs ).sort( ( one, other ) => isChinese( one ) - isChinese( other ) );
		const all = ( heading ) =>
			el(
				'div',
				{ className: 'jianbao-briefs' },
				languages.map( ( language ) =>
					el( Brief, {
						key: language,
						language,
						brief: briefs[ language ],
						editor,
						busy: !! job,
						stale: madeOf[ language ] !== text,
						heading,
						make,
					} )
				)
			);
		const percent = job?.progress ? Math.round( job.progress * 100 ) : null;
		const progress = () =>
			job
				? el(
						'div',
						{ className: 'jianbao-progress' },
						el( 'progress', { 'aria-label': __( 'Progress', 'jianbao' ), max: 100, ...( percent === null ? {} : { value: percent } ) } ),
						el( Button, { variant: 'secondary', size: 'small', onClick: cancel }, __( 'Cancel', 'jianbao' ) )
				  )
				: null;
		const messages = () =>
			el(
				Fragment,
				null,
				el( 'p', { className: 'jianbao-note', role: 'status' }, note ),
				el(
					'div',
					{ role: 'alert' },
					problem ? el( Notice, { status: 'error', isDismissible: true, onRemove: () => set( { problem: '' } ), politeness: 'polite', spokenMessage: '' }, problem ) : null
				)
			);

		if ( ! config.configured ) {
			return el(
				'p',
				null,
				__( 'No Jianbao service is set.', 'jianbao' ) + ' ',
				config.settings ? el( 'a', { href: config.settings }, __( 'Set it up', 'jianbao' ) ) : __( 'An administrator can set its address.', 'jianbao' )
			);
		}
		return el(
			'div',
			{ className: 'jianbao-panel' + ( wide ? ' is-wide' : '' ) },
			el(
				'div',
				{ className: 'jianbao-buttons' },
				el( Button, { variant: 'primary', onClick: () => make(), disabled: !! job, accessibleWhenDisabled: true }, __( 'Make briefs', 'jianbao' ) ),
				! wide && languages.length ? el( Button, { variant: 'secondary', onClick: () => setReviewing( true ) }, __( 'Review side by side', 'jianbao' ) ) : null
			),
			progress(),
			messages(),
			reviewing
				? el( Modal, { title: __( 'Briefs', 'jianbao' ), size: 'large', className: 'jianbao-review', onRequestClose: () => setReviewing( false ) }, progress(), messages(), all( 'h2' ) )
				: languages.length
				? all( 'h3' )
				: null,
			el( Translations )
		);
	}

	window.jianbaoPanel = Panel;
} )();
