/* Tools → Briefs: batches with their progress and their failures. */
( function () {
	const { __, sprintf } = wp.i18n;
	const root = document.getElementById( 'jianbao-bulk' );
	if ( ! root ) {
		return;
	}
	const make = ( name, properties = {}, ...children ) => {
		const element = Object.assign( document.createElement( name ), properties );
		element.append( ...children );
		return element;
	};
	const statuses = {
		running: __( 'under way', 'jianbao' ),
		done: __( 'done', 'jianbao' ),
		failed: __( 'failed', 'jianbao' ),
		cancelled: __( 'cancelled', 'jianbao' ),
	};
	const failure = ( { title, edit, problem } ) =>
		make( 'li', {}, edit ? make( 'a', { href: edit, textContent: title } ) : title, ': ', problem );

	function show( section, bulk ) {
		const begun = new Date( bulk.begun * 1000 ).toLocaleString();
		section.heading.textContent = begun + ' – ' + statuses[ bulk.status ];
		section.progress.max = bulk.total;
		section.progress.value = bulk.done + bulk.failed;
		section.status.textContent =
			/* translators: 1: number of posts, 2: number of all posts, 3: number of failures */
			sprintf( __( '%1$d of %2$d posts have briefs; %3$d failed.', 'jianbao' ), bulk.done, bulk.total, bulk.failed ) +
			( bulk.problem ? ' ' + bulk.problem : '' );
		section.failures.replaceChildren( ...bulk.failures.map( failure ) );
		if ( bulk.status !== 'running' ) {
			section.cancel.remove();
		}
	}

	for ( const first of window.jianbaoBulk ) {
		const section = {
			heading: make( 'h2' ),
			progress: make( 'progress', { ariaLabel: __( 'Progress', 'jianbao' ) } ),
			status: make( 'p', { role: 'status' } ),
			failures: make( 'ul', { className: 'ul-disc' } ),
			cancel: make( 'button', { className: 'button', type: 'button', textContent: __( 'Cancel', 'jianbao' ) } ),
		};
		const ask = async ( method ) => {
			try {
				const bulk = await wp.apiFetch( { path: '/jianbao/v1/bulk/' + first.id, method } );
				show( section, bulk );
				return bulk.status === 'running';
			} catch ( error ) {
				section.status.textContent = error.message;
				return true;
			}
		};
		section.cancel.addEventListener( 'click', () => ask( 'DELETE' ) );
		root.append( make( 'section', {}, ...Object.values( section ) ) );
		show( section, first );
		const follow = async () => {
			if ( await ask( 'GET' ) ) {
				setTimeout( follow, 3000 );
			}
		};
		if ( first.status === 'running' ) {
			follow();
		}
	}
} )();
