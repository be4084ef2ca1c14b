/* What the other scripts ask the site by. */
(() => {
  class Failure extends Error {}

  /* POST what is in `data`; the answer is JSON, or the session has ended. */
  async function post(address, data, words, signal) {
    let response;
    try {
      response = await fetch(address, {
        method: 'POST',
        body: data,
        credentials: 'same-origin',
        redirect: 'manual',
        headers: { 'X-Requested-With': 'XMLHttpRequest', Accept: 'application/json' },
        signal,
      });
    } catch (error) {
      if (error.name === 'AbortError') throw error;
      throw new Failure(words.offline);
    }
    if (response.status === 403 || response.type === 'opaqueredirect') {
      throw new Failure(words.signed_out);
    }
    try {
      if (!response.ok) throw new Error(response.status);
      return await response.json();
    } catch {
      throw new Failure(words.offline);
    }
  }

  window.jianbaoRequests = { Failure, post };
})();
