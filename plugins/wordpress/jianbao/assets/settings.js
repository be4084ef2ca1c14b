/* Settings → Jianbao: the button that tests the connection. */
( function () {
	const { __ } = wp.i18n;
	const button = document.getElementById( 'jianbao-test' );
	const result = document.getElementById( 'jianbao-test-result' );
	if ( ! button ) {
		return;
	}
	button.addEventListener( 'click', async () => {
		button.disabled = true;
		result.className = '';
		result.textContent = __( 'Testing…', 'jianbao' );
		let found;
		try {
			found = await wp.apiFetch( { path: '/jianbao/v1/connection', method: 'POST' } );
		} catch ( error ) {
			found = { ok: false, message: error.message };
		}
		result.className = 'notice inline notice-' + ( found.ok ? 'success' : 'error' );
		const words = document.createElement( 'p' );
		words.textContent = found.message;
		result.replaceChildren( words );
		button.disabled = false;
	} );
} )();
