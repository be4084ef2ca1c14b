/* The panel of briefs: a Stimulus controller of Wagtail's own application. Markup comes escaped from
   the site; the key never does. */
(() => {
  const { Controller } = window.StimulusModule;
  const { Failure, post } = window.jianbaoRequests;
  const CHECK_MS = 1500;
  const POLL_MS = 1200;
  const MOST_RETRIES = 20;

  class BriefController extends Controller {
    static targets = ['make', 'cancel', 'progress', 'status', 'briefs', 'brief'];

    static values = {
      address: String,
      subject: Object,
      messages: Object,
      limit: Number,
      digest: String,
      cookie: String,
    };

    connect() {
      this.form = this.element.closest('form');
      this.edits = {};
      this.snapshot = this.formText();
      this.timer = window.setInterval(() => this.check(), CHECK_MS);
      const ticket = this.stored('ticket');
      this.restore();
      if (ticket) this.run(() => this.follow(ticket));
    }

    disconnect() {
      window.clearInterval(this.timer);
      if (this.abort) this.abort.abort();
    }

    /* ---- making */

    make(event) {
      const { style, length } = event.params || {};
      this.run(() => this.begin(style || '', length || ''));
    }

    async begin(style, length) {
      for (let tries = 0; tries < MOST_RETRIES; tries += 1) {
        const data = this.formData();
        data.set('jianbao-style', style);
        data.set('jianbao-length', length);
        const answer = await this.ask('make/', data);
        if (answer.state === 'running') return this.follow(answer.ticket, answer.progress);
        if (answer.state !== 'retry') return this.finish(answer);
        await this.wait(answer, tries);
      }
      throw new Failure(this.messagesValue.late);
    }

    async follow(ticket, progress = 0) {
      this.ticket = ticket;
      this.store('ticket', ticket);
      this.showProgress(progress);
      for (let tries = 0; ; ) {
        await this.pause(POLL_MS);
        const answer = await this.ask('follow/', this.shortData({ ticket }));
        if (answer.state === 'running') {
          tries = 0;
          this.showProgress(answer.progress);
        } else if (answer.state === 'retry') {
          // the job is kept by the service, which may be starting again
          await this.wait(answer, tries);
          tries += 1;
        } else {
          return this.finish(answer);
        }
      }
    }

    async run(work) {
      if (this.abort) return;
      this.abort = new AbortController();
      this.until = Date.now() + this.limitValue * 1000;
      this.makeTarget.disabled = true;
      this.cancelTarget.hidden = false;
      this.say(this.messagesValue.asking);
      this.showProgress(null);
      try {
        await work();
      } catch (error) {
        if (error.name !== 'AbortError') this.say(error.message, true);
      } finally {
        this.abort = null;
        this.makeTarget.disabled = false;
        this.cancelTarget.hidden = true;
        this.progressTarget.hidden = true;
      }
    }

    finish(answer) {
      this.store('ticket', '');
      this.ticket = '';
      if (answer.state !== 'ready') {
        throw new Failure([answer.message, answer.detail].filter(Boolean).join(' '));
      }
      this.edits = {};
      this.store('edits', '');
      this.digestValue = answer.digest;
      this.render(answer.html);
      this.say(this.messagesValue.ready);
      this.snapshot = '';
      return this.check();
    }

    cancel() {
      const { ticket } = this;
      if (this.abort) this.abort.abort();
      this.store('ticket', '');
      this.ticket = '';
      this.say(this.messagesValue.cancelled);
      if (ticket) {
        post(`${this.addressValue}cancel/`, this.shortData({ ticket }), this.messagesValue).catch(
          (error) => this.say(error.message, true),
        );
      }
    }

    async wait(answer, tries) {
      const seconds = Math.min(answer.seconds * (tries < 3 ? 1 : 2), 60);
      if (Date.now() + seconds * 1000 > this.until) throw new Failure(this.messagesValue.late);
      for (let left = seconds; left > 0; left -= 1) {
        this.say(
          this.messagesValue.retrying
            .replace('{problem}', answer.message)
            .replace('{seconds}', left),
          true,
        );
        await this.pause(1000);
      }
      this.say(this.messagesValue.asking);
    }

    async pause(milliseconds) {
      if (Date.now() > this.until) throw new Failure(this.messagesValue.late);
      const { signal } = this.abort;
      await new Promise((resolve) => { window.setTimeout(resolve, milliseconds); });
      if (signal.aborted) throw new DOMException('', 'AbortError');
    }

    ask(path, data) {
      return post(this.addressValue + path, data, this.messagesValue, this.abort.signal);
    }

    /* ---- applying */

    async apply(event) {
      const { pk } = event.params;
      const section = this.section(pk);
      const target = section.querySelector('[data-apply-to]').value;
      const text = section.querySelector('[data-text]').value.trim();
      const field = this.field(target);
      const before = field ? field.value : '';
      if (field) this.fill(field, text);
      try {
        const data = this.briefData({ target, text, replaced: before });
        const answer = await post(`${this.addressValue}briefs/${pk}/apply/`, data, this.messagesValue);
        delete this.edits[pk];
        this.store('edits', JSON.stringify(this.edits));
        this.render(answer.html, pk);
        this.say(this.messagesValue.applied);
      } catch (error) {
        if (field) this.fill(field, before);
        this.say(error.message, true);
      }
    }

    async undo(event) {
      const { pk } = event.params;
      try {
        const data = this.briefData({});
        const answer = await post(`${this.addressValue}briefs/${pk}/undo/`, data, this.messagesValue);
        const field = this.field(answer.target);
        const untouched = !field || field.value.trim() === answer.applied.trim();
        if (field && untouched) this.fill(field, answer.replaced);
        this.render(answer.html, pk);
        this.say(this.messagesValue[untouched ? 'undone' : 'changed_since']);
      } catch (error) {
        this.say(error.message, true);
      }
    }

    edit(event) {
      const section = event.target.closest('[data-brief]');
      this.edits[section.dataset.brief] = event.target.value;
      this.store('edits', JSON.stringify(this.edits));
      this.count(section);
    }

    field(name) {
      return name === 'brief' ? null : this.form.elements.namedItem(name);
    }

    fill(field, text) {
      field.value = text;
      ['input', 'change'].forEach((type) => {
        field.dispatchEvent(new Event(type, { bubbles: true }));
      });
    }

    /* ---- showing */

    render(html, focused) {
      this.briefsTarget.innerHTML = html;
      this.restore();
      if (focused) {
        const section = this.section(focused);
        if (section) section.querySelector('[data-text]').focus();
      }
    }

    restore() {
      try {
        this.edits = JSON.parse(this.stored('edits') || '{}');
      } catch {
        this.edits = {};
      }
      this.briefTargets.forEach((section) => {
        const edited = this.edits[section.dataset.brief];
        if (edited !== undefined) section.querySelector('[data-text]').value = edited;
        this.count(section);
      });
    }

    count(section) {
      const { value } = section.querySelector('[data-text]');
      const words = section.dataset.unit === 'words';
      const counted = words
        ? value.split(/\s+/).filter(Boolean).length
        : (value.match(/[A-Za-z0-9.,%]+|[^\sA-Za-z0-9.,%]/gu) || []).length; // as the service does
      section.querySelector('[data-count]').textContent = this.messagesValue[
        words ? 'words' : 'characters'
      ].replace('{count}', counted);
    }

    showProgress(share) {
      this.progressTarget.hidden = false;
      if (share === null) {
        this.progressTarget.removeAttribute('value');
        return;
      }
      this.progressTarget.value = share;
      this.say(this.messagesValue.progress.replace('{percent}', Math.round(share * 100)));
    }

    say(text, problem = false) {
      this.statusTarget.classList.toggle('jianbao__status--problem', problem);
      if (this.statusTarget.textContent !== text) this.statusTarget.textContent = text;
    }

    /* ---- is the text still the one that was briefed? The site knows what counts as text: it is
       asked when something in the form has changed and rests. */

    async check() {
      if (this.abort || this.checking || !this.briefTargets.length) return;
      const now = this.formText();
      if (now === this.snapshot) return;
      if (now !== this.latest) {
        this.latest = now;
        if (this.snapshot) return;
      }
      this.checking = true;
      try {
        const answer = await post(`${this.addressValue}check/`, this.formData(), this.messagesValue);
        this.snapshot = now;
        this.digestValue = answer.digest;
        this.briefTargets.forEach((section) => {
          section.querySelector('[data-stale]').hidden = section.dataset.hash === answer.digest;
        });
      } catch {
        this.snapshot = now; // asked again at the next change
      } finally {
        this.checking = false;
      }
    }

    /* ---- what is sent */

    formData() {
      const data = new FormData(this.form);
      [...data.entries()].forEach(([name, value]) => {
        if (value instanceof File) data.delete(name);
      });
      Object.entries(this.subjectValue).forEach(([name, value]) => data.set(name, value));
      data.set('csrfmiddlewaretoken', this.token());
      return data;
    }

    shortData(values) {
      const data = new FormData();
      data.set('csrfmiddlewaretoken', this.token());
      Object.entries({ ...this.subjectValue, ...values }).forEach(([name, value]) => data.set(name, value));
      return data;
    }

    /* Signing in again, in another tab, gives the browser another token than the form has: the form
       gets it too, so that it can be saved. */
    token() {
      const cookies = document.cookie.split('; ').map((one) => one.split('='));
      const found = cookies.find(([name]) => name === this.cookieValue);
      const field = this.form.elements.namedItem('csrfmiddlewaretoken');
      if (found) [, field.value] = found;
      return field.value;
    }

    briefData(values) {
      return this.shortData({ digest: this.digestValue, ...values });
    }

    formText() {
      return [...new FormData(this.form).entries()]
        .filter(([name, value]) => typeof value === 'string' && name !== 'csrfmiddlewaretoken')
        .map(([name, value]) => `${name}=${value}`)
        .join('\n');
    }

    section(pk) {
      return this.briefTargets.find((one) => one.dataset.brief === String(pk));
    }

    /* what outlives a reload of the page, in this tab alone */
    name(key) {
      return `jianbao:${window.location.pathname}:${key}`;
    }

    stored(key) {
      return window.sessionStorage.getItem(this.name(key)) || '';
    }

    store(key, value) {
      if (value) window.sessionStorage.setItem(this.name(key), value);
      else window.sessionStorage.removeItem(this.name(key));
    }
  }

  window.wagtail.app.register('jianbao-brief', BriefController);
})();
