/* The panel in the classic editor's meta box. */
( function () {
	const root = document.getElementById( 'jianbao-classic' );
	if ( ! root || ! window.jianbao ) {
		return;
	}
	const excerpt = () => document.getElementById( 'excerpt' );
	const visual = () => {
		const editor = window.tinymce?.get( 'content' );
		return editor && ! editor.isHidden() ? editor : null;
	};
	// a text on the clipboard of old: the editor undoes a field by the browser's own means too
	const editor = {
		targets: [ ...( excerpt() ? [ 'excerpt' ] : [] ), 'field', 'description' ],
		text: () => ( {
			title: document.getElementById( 'title' )?.value || '',
			content: visual() ? visual().getContent() : document.getElementById( 'content' )?.value || '',
		} ),
		subscribe: ( changed ) => {
			const timer = setInterval( changed, 1500 ); // TinyMCE comes and goes with its tab
			return () => clearInterval( timer );
		},
		current: ( target ) => ( target === 'excerpt' ? excerpt().value : undefined ),
		put: ( target, language, text ) => {
			if ( target !== 'excerpt' ) {
				return undefined;
			}
			const previous = excerpt().value;
			excerpt().value = text;
			excerpt().dispatchEvent( new Event( 'change', { bubbles: true } ) );
			return previous;
		},
		restore: ( target, language, previous ) => {
			if ( target === 'excerpt' ) {
				excerpt().value = previous;
			}
		},
		say: ( message ) => wp.a11y.speak( message, 'polite' ),
	};
	wp.element.createRoot( root ).render( wp.element.createElement( window.jianbaoPanel, { editor, wide: true } ) );
} )();
