/* The panel in the block editor's sidebar, and the Brief block. */
( function () {
	const { createElement: el, Fragment } = wp.element;
	const { __ } = wp.i18n;
	const { select, dispatch, subscribe } = wp.data;
	const BLOCK = 'jianbao/brief';

	const blocks = () => select( 'core/block-editor' );
	const ours = () => blocks().getBlocks().find( ( block ) => block.name === BLOCK );

	const editor = {
		targets: [
			...( window.jianbao?.excerpt ? [ 'excerpt' ] : [] ),
			'block',
			'field',
			'description',
		],
		text: () => ( {
			title: select( 'core/editor' ).getEditedPostAttribute( 'title' ) || '',
			content: select( 'core/editor' ).getEditedPostContent() || '',
		} ),
		subscribe: ( changed ) => {
			let waiting = 0;
			// the stores tell of everything, and serializing a long article each time would be felt
			return subscribe( () => {
				if ( ! waiting ) {
					waiting = setTimeout( () => {
						waiting = 0;
						changed();
					}, 500 );
				}
			} );
		},
		current: ( target, language ) => {
			if ( target === 'excerpt' ) {
				return select( 'core/editor' ).getEditedPostAttribute( 'excerpt' ) || '';
			}
			return target === 'block' ? ours()?.attributes.texts[ language ] || '' : undefined;
		},
		put: ( target, language, text ) => {
			const previous = editor.current( target, language );
			editor.write( target, language, text );
			return previous;
		},
		restore: ( target, language, previous ) => editor.write( target, language, previous ),
		write: ( target, language, text ) => {
			if ( target === 'excerpt' ) {
				dispatch( 'core/editor' ).editPost( { excerpt: text } );
			} else if ( target === 'block' ) {
				const block = ours();
				const texts = { ...( block?.attributes.texts || {} ), [ language ]: text };
				if ( ! text ) {
					delete texts[ language ];
				}
				if ( block && ! Object.keys( texts ).length ) {
					dispatch( 'core/block-editor' ).removeBlock( block.clientId, false );
				} else if ( block ) {
					dispatch( 'core/block-editor' ).updateBlockAttributes( block.clientId, { texts } );
				} else if ( text ) {
					dispatch( 'core/block-editor' ).insertBlock( wp.blocks.createBlock( BLOCK, { texts } ), 0, undefined, false );
				}
			}
		},
		say: ( message ) => dispatch( 'core/notices' ).createSuccessNotice( message, { type: 'snackbar', id: 'jianbao' } ),
	};

	function Edit( { attributes } ) {
		const properties = wp.blockEditor.useBlockProps();
		const texts = Object.entries( attributes.texts );
		return el(
			'div',
			properties,
			texts.length
				? texts.map( ( [ language, text ] ) => el( 'p', { key: language, lang: language === 'zh' ? 'zh-Hans' : language, style: { whiteSpace: 'pre-line' } }, text ) )
				: el( 'p', null, __( 'Make briefs in the Brief panel and apply them to the Brief block.', 'jianbao' ) )
		);
	}
	wp.blocks.registerBlockType( BLOCK, { edit: Edit, save: () => null } );

	if ( window.jianbao ) {
		wp.plugins.registerPlugin( 'jianbao', {
			render: () =>
				el(
					wp.editor.PluginDocumentSettingPanel,
					{ name: 'jianbao', title: __( 'Brief', 'jianbao' ), className: 'jianbao-document-panel', icon: el( Fragment ) },
					el( window.jianbaoPanel, { editor, wide: false } )
				),
		} );
	}
} )();
