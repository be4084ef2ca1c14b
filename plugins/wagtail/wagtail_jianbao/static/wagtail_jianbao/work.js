/* The test of a connection, and work that goes on while its page is open (bulk runs, translations):
   Stimulus controllers of Wagtail's own application. */
(() => {
  const { Controller } = window.StimulusModule;
  const { post } = window.jianbaoRequests;
  const POLL_MS = 1200;

  class ConnectionController extends Controller {
    static targets = ['status'];

    static values = { address: String, lost: String };

    async test() {
      const form = this.element.closest('form');
      const data = new FormData();
      ['csrfmiddlewaretoken', 'url', 'api_key'].forEach((name) => {
        const field = form.elements.namedItem(name);
        data.set(name, field ? field.value : '');
      });
      this.statusTarget.textContent = '…';
      try {
        const words = { offline: this.lostValue, signed_out: this.lostValue };
        const answer = await post(this.addressValue, data, words);
        this.statusTarget.textContent = [answer.message, answer.detail].filter(Boolean).join(' ');
      } catch (error) {
        this.statusTarget.textContent = error.message;
      }
    }
  }

  /* Work that goes on while its page is open: asks how it stands, and shows that. */
  class WorkController extends Controller {
    static targets = ['state', 'problem'];

    static values = { address: String, running: Boolean, messages: Object };

    connect() {
      if (this.runningValue) this.timer = window.setTimeout(() => this.ask(), POLL_MS);
    }

    disconnect() {
      window.clearTimeout(this.timer);
    }

    start() {
      this.runningValue = true;
      this.ask();
    }

    async ask() {
      const data = new FormData();
      const token = this.element.querySelector('[name=csrfmiddlewaretoken]').value;
      data.set('csrfmiddlewaretoken', token);
      let pause = POLL_MS;
      try {
        const answer = await post(this.addressValue, data, this.messagesValue);
        this.stateTarget.innerHTML = answer.html;
        this.problemTarget.textContent = answer.problem || '';
        this.runningValue = answer.running;
        if (answer.seconds) pause = answer.seconds * 1000;
        if (answer.next) window.location.assign(answer.next);
      } catch (error) {
        this.problemTarget.textContent = error.message;
        pause *= 4;
      }
      if (this.runningValue) this.timer = window.setTimeout(() => this.ask(), pause);
    }
  }

  window.wagtail.app.register('jianbao-work', WorkController);
  window.wagtail.app.register('jianbao-connection', ConnectionController);
})();
