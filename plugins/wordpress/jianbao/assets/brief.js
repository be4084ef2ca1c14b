/* One brief: its sentences, its text, and what can be done with it. */
( function () {
	const { createElement: el, useState } = wp.element;
	const { __, sprintf } = wp.i18n;
	const { Button, SelectControl, TextareaControl } = wp.components;
	const { ask, changed, config, fail, htmlLang, languageName, length, reasonName, settled, targetName, type, typed } = window.jianbaoState;

	/* What is to be looked at in a sentence: its warnings, and reasons that are no warning. */
	function Doubts( { sentence } ) {
		const reasons = sentence.reasons.map( reasonName ).filter( Boolean );
		const items = [ ...sentence.warnings.map( ( warning ) => warning.message || warning.code ), ...reasons ];
		if ( ! items.length && sentence.check !== 'doubtful' ) {
			return null;
		}
		return el(
			'div',
			{ className: 'jianbao-doubts' },
			el( 'strong', null, sentence.check === 'doubtful' ? __( 'Doubtful', 'jianbao' ) : __( 'Please check', 'jianbao' ) ),
			items.length ? el( 'ul', null, items.map( ( item, at ) => el( 'li', { key: at }, item ) ) ) : null
		);
	}

	function Sentence( { sentence, language } ) {
		return el(
			'li',
			{ className: 'jianbao-sentence' + ( sentence.check === 'doubtful' || sentence.warnings.length ? ' is-doubtful' : '' ) },
			el( 'span', { lang: htmlLang( language ) }, sentence.text ),
			el( Doubts, { sentence } ),
			sentence.source.length
				? el(
						'details',
						null,
						el( 'summary', null, __( 'In the article', 'jianbao' ) ),
						sentence.source.map( ( passage, at ) => el( 'blockquote', { key: at }, passage ) )
				  )
				: null
		);
	}

	function Receipt( { brief } ) {
		const made = new Date( brief.made ).toLocaleString();
		const lines = [
			brief.made_by
				? /* translators: 1: date and time, 2: name of a person */
				  sprintf( __( 'Made %1$s by %2$s', 'jianbao' ), made, brief.made_by )
				: /* translators: %s: date and time */
				  sprintf( __( 'Made %s', 'jianbao' ), made ),
			brief.model
				? /* translators: %s: name of a model */
				  sprintf( __( 'Model: %s', 'jianbao' ), brief.model )
				: __( 'Sentences of the article, no model', 'jianbao' ),
			brief.edited ? __( 'Edited by a person', 'jianbao' ) : __( 'Not edited', 'jianbao' ),
			...Object.entries( brief.applied ).map( ( [ target, one ] ) =>
				/* translators: 1: what it was applied to, 2: name of a person, 3: date and time */
				sprintf( __( '%1$s: applied by %2$s, %3$s', 'jianbao' ), targetName( target ), one.by, new Date( one.at ).toLocaleString() )
			),
		];
		return el(
			'details',
			{ className: 'jianbao-receipt' },
			el( 'summary', null, __( 'Receipt', 'jianbao' ) ),
			el( 'ul', null, lines.map( ( line, at ) => el( 'li', { key: at }, line ) ) )
		);
	}

	function Brief( { language, brief, editor, busy, stale, heading, make } ) {
		const text = brief.text;
		const [ target, setTarget ] = useState( editor.targets.includes( config.target ) ? config.target : editor.targets[ 0 ] );
		const [ working, setWorking ] = useState( false );
		const apply = async () => {
			setWorking( true );
			let previous;
			try {
				previous = editor.put( target, language, text );
				const state = await ask( '/briefs/' + language + '/apply', 'POST', { target, text, previous } );
				if ( typed[ language ]?.text === text ) {
					settled( language );
				}
				changed( state );
				/* translators: %s: what the brief was applied to */
				editor.say( sprintf( __( 'Brief applied: %s', 'jianbao' ), targetName( target ) ) );
			} catch ( error ) {
				if ( previous !== undefined ) {
					editor.restore( target, language, previous );
				}
				fail( error );
			}
			setWorking( false );
		};
		const undo = async () => {
			setWorking( true );
			try {
				const here = editor.current( target, language );
				if ( here !== undefined && here !== brief.applied[ target ].text ) {
					throw { message: __( 'It was changed since; undoing would lose that. Change it by hand.', 'jianbao' ) };
				}
				const answer = await ask( '/briefs/' + language + '/undo', 'POST', { target } );
				editor.restore( target, language, answer.previous );
				changed( answer );
				editor.say( __( 'Undone.', 'jianbao' ) );
			} catch ( error ) {
				fail( error );
			}
			setWorking( false );
		};
		const again = ( label, wanted ) =>
			el( Button, { variant: 'tertiary', size: 'small', disabled: busy, accessibleWhenDisabled: true, onClick: () => make( { languages: [ language ], ...wanted } ) }, label );

		return el(
			'section',
			{ className: 'jianbao-one', 'aria-label': languageName( language ), 'data-language': language },
			el( heading, null, languageName( language ) ),
			el(
				'p',
				{ className: 'jianbao-marks' },
				stale ? el( 'span', { className: 'jianbao-mark is-stale' }, __( 'Out of date: the text has changed since', 'jianbao' ) ) : null,
				brief.machine_translated ? el( 'span', { className: 'jianbao-mark' }, __( 'Machine translation: read it before you print it', 'jianbao' ) ) : null,
				brief.label ? el( 'span', { className: 'jianbao-mark' }, brief.label ) : null
			),
			el( 'ol', { className: 'jianbao-sentences' }, brief.sentences.map( ( sentence, at ) => el( Sentence, { key: at, sentence, language } ) ) ),
			brief.warnings.length
				? el( 'ul', { className: 'jianbao-doubts' }, brief.warnings.map( ( warning, at ) => el( 'li', { key: at }, warning.message || warning.code ) ) )
				: null,
			el( TextareaControl, {
				__nextHasNoMarginBottom: true,
				/* translators: %s: name of a language */
				label: sprintf( __( 'Brief, %s', 'jianbao' ), languageName( language ) ),
				help: length( text, language ),
				lang: htmlLang( language ),
				rows: 5,
				value: text,
				onChange: ( value ) => type( language, value ),
			} ),
			el( SelectControl, {
				__nextHasNoMarginBottom: true,
				__next40pxDefaultSize: true,
				label: __( 'Apply to', 'jianbao' ),
				value: target,
				options: editor.targets.map( ( value ) => ( { value, label: targetName( value ) } ) ),
				onChange: setTarget,
			} ),
			el(
				'div',
				{ className: 'jianbao-buttons' },
				el( Button, { variant: 'primary', onClick: apply, disabled: working || ! text.trim(), accessibleWhenDisabled: true }, __( 'Apply', 'jianbao' ) ),
				brief.applied[ target ] ? el( Button, { variant: 'secondary', onClick: undo, disabled: working, accessibleWhenDisabled: true }, __( 'Undo', 'jianbao' ) ) : null,
				brief.replaced && brief.replaced !== text
					? el( Button, { variant: 'tertiary', onClick: () => type( language, brief.replaced ) }, __( 'Put the edited text back', 'jianbao' ) )
					: null
			),
			el(
				'div',
				{ className: 'jianbao-buttons', role: 'group', 'aria-label': __( 'Regenerate', 'jianbao' ) },
				el( 'span', null, __( 'Regenerate:', 'jianbao' ) ),
				again( __( 'Shorter', 'jianbao' ), { length: 'short' } ),
				again( __( 'Longer', 'jianbao' ), { length: 'long' } ),
				again( __( 'Bullets', 'jianbao' ), { style: 'bullets' } ),
				again( __( 'Headline', 'jianbao' ), { style: 'headline' } )
			),
			el( Receipt, { brief } )
		);
	}

	window.jianbaoBrief = Brief;
} )();
