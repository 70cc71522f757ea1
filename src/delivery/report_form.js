// <rolebook-report>: the form with which readers of a site report something about a page, or about one passage of it.
//
//   <script type="module" src="https://cms.example/api/v1/report-form.js"></script>
//   <rolebook-report page-token="…">
//     <form method="post" action="https://cms.example/api/v1/reports">…</form>   works without this script, too
//   </rolebook-report>
//
// A form of the site's own inside the element is used as it is; without one, the element makes its own. Both stand in
// the page itself, so that the site's style sheet reaches them. Passages are the elements that `data-block` gives the
// id of a block or section; a reader points at one with the mouse or with the keys. What was typed is never lost.
//
// Events, which bubble: `rolebook-report-sent` with `{ reference, receipt_url }`.

const STYLE = `
:where(rolebook-report) { display: block; }
:where(rolebook-report) :where(.rolebook-fault, .rolebook-faults) { border-inline-start: .25rem solid var(--rolebook-report-fault, #b3261e); padding-inline-start: .75rem; }
:where(rolebook-report) :where(textarea, input[type="email"]) { box-sizing: border-box; inline-size: 100%; font: inherit; }
:where(rolebook-report) :where(label, legend) { display: block; }
:where(rolebook-report) :where(fieldset label, .rolebook-about) { display: inline-block; margin-inline-end: 1rem; }
:where(rolebook-report) :where(button) { min-block-size: 2.75rem; }
:where(.rolebook-pointing) :where([data-block]) { cursor: crosshair; }
.rolebook-pointed { outline: .1875rem solid var(--rolebook-report-accent, #0b57d0); outline-offset: .1875rem; }
`;

const KINDS = {
  problem: 'Something is wrong',
  comment: 'A comment',
  accessibility: 'Something is hard to use or to read',
  praise: 'Something is good',
};
const QUESTIONS = { doing: 'What were you doing?', wrong: 'What went wrong?' };
const PRIVACY = 'Leave out names, telephone numbers and anything else about you or others.';
/** Characters of a passage that are read out. */
const EXCERPT = 80;
const SERVER = new URL('/api/v1/reports', import.meta.url).href;

let made = 0;

class ReportForm extends HTMLElement {
  #form;
  #shown = new Date().toISOString();
  #sending = false;
  #pointing = null;

  connectedCallback() {
    style();
    // The form inside may not have been read yet when the element begins.
    if (document.readyState === 'loading') document.addEventListener('DOMContentLoaded', () => this.#begin(), { once: true });
    else this.#begin();
  }

  disconnectedCallback() {
    this.#pointing?.stop();
  }

  #begin() {
    if (this.#form?.isConnected || !this.isConnected) return;
    this.#form = this.querySelector('form') ?? this.#own();
    if (!this.#form.getAttribute('action')) this.#form.action = SERVER;
    this.#form.method = 'post';
    for (const name of ['page-token', 'document', 'version', 'block']) {
      if (this.hasAttribute(name)) this.#give(name.replace('-', '_'), this.getAttribute(name));
    }
    this.#give('shown_at', this.#shown);
    this.#form.addEventListener('submit', event => { event.preventDefault(); this.#send(event.submitter); });
    this.#offerPointing();
  }

  /** The form of a site that brings none. */
  #own() {
    const id = `rolebook-report-${++made}`;
    const kinds = Object.entries(KINDS).map(([kind, words], place) =>
      make('label', {}, make('input', { type: 'radio', name: 'kind', value: kind, ...place === 0 && { checked: '' } }), ` ${words}`));
    const questions = Object.entries(QUESTIONS).map(([name, words]) => make('p', {},
      make('label', { for: `${id}-${name}` }, words),
      make('textarea', { id: `${id}-${name}`, name, rows: '4', maxlength: '1200', 'aria-describedby': `${id}-privacy` })));
    const trap = make('p', { hidden: '' }, make('label', {}, 'Leave this empty ', make('input', { name: 'website', autocomplete: 'off', tabindex: '-1' })));
    const form = make('form', { 'aria-label': this.getAttribute('label') ?? 'Make a comment or report a problem' },
      make('fieldset', {}, make('legend', {}, 'What is it?'), ...kinds),
      ...questions, make('p', { id: `${id}-privacy` }, PRIVACY), trap, make('p', {}, make('button', {}, 'Send')));
    this.append(form);
    return form;
  }

  /** Puts a value into a hidden field. */
  #give(name, value) {
    const field = this.#form.elements.namedItem(name);
    if (field) field.value = value;
    else this.#form.append(make('input', { type: 'hidden', name, value }));
  }

  #offerPointing() {
    if (passages().length === 0) return;
    const about = make('span', { class: 'rolebook-about', role: 'status' });
    const point = make('button', { type: 'button' }, 'Point at the passage');
    const whole = make('button', { type: 'button', hidden: '' }, 'It is about the whole page');
    const chosen = passage => {
      this.#form.elements.namedItem('block')?.remove();
      if (passage) this.#give('block', passage.dataset.block);
      about.textContent = passage ? `About “${excerpt(passage)}”` : '';
      whole.hidden = !passage;
      point.textContent = passage ? 'Point at another passage' : 'Point at the passage';
    };
    point.addEventListener('click', () => {
      this.#pointing?.stop();
      this.#pointing = pointing(passage => {
        this.#pointing = null;
        if (passage) chosen(passage);
        point.focus();
      }, about);
    });
    whole.addEventListener('click', () => { chosen(null); point.focus(); });
    this.#form.prepend(make('p', {}, point, ' ', whole, ' ', about));
    const given = this.#form.elements.namedItem('block')?.value;
    const passage = given && passages().find(other => other.dataset.block === given);
    if (passage) chosen(passage);
  }

  async #send(submitter) {
    if (this.#sending) return;
    this.#sending = true;
    submitter?.setAttribute('aria-disabled', 'true');
    this.#forget();
    try {
      await this.#post();
    } finally {
      this.#sending = false;
      submitter?.removeAttribute('aria-disabled');
    }
  }

  async #post() {
    // Where to come back to is for those without this script; what is empty has not been said.
    const said = [...new FormData(this.#form)].filter(([name, value]) => name !== 'return_to' && value !== '');
    const report = Object.fromEntries(said);
    if (report.version) report.version = Number(report.version);
    let response;
    try {
      const headers = { 'content-type': 'application/json' };
      response = await fetch(this.#form.action, { method: 'POST', headers, body: JSON.stringify(report) });
    } catch {
      return this.#refuse([{ detail: 'Your report could not be sent. Everything you wrote is still here; please try again.' }], this.#plainly());
    }
    const answer = await response.json().catch(() => ({}));
    if (response.ok) return this.#thank(answer);
    const wait = Number(response.headers.get('retry-after'));
    const again = response.status === 429 || response.status === 503;
    const words = `Please send it again in ${wait > 90 ? `${Math.ceil(wait / 60)} minutes` : 'a minute'}. Everything you wrote is still here.`;
    return this.#refuse(again ? [{ detail: words }] : answer.errors ?? [{ detail: answer.detail ?? 'Your report could not be sent.' }]);
  }

  #thank({ reference, receipt_url }) {
    const link = make('a', { href: receipt_url }, 'see what becomes of it, or add something');
    const thanks = make('div', { role: 'status', tabindex: '-1' },
      make('p', {}, 'Thank you. Your report has the reference ', make('strong', {}, reference), '.'), make('p', {}, 'Keep this page to ', link, '.'));
    this.#form.replaceWith(thanks);
    thanks.focus();
    this.dispatchEvent(new CustomEvent('rolebook-report-sent', { bubbles: true, detail: { reference, receipt_url } }));
  }

  /** Sends the form as it would be without this script, which works where a site is not allowed to send by script. */
  #plainly() {
    const button = make('button', { type: 'button' }, 'Send it and leave this page');
    button.addEventListener('click', () => this.#form.submit());
    return make('p', {}, button);
  }

  /** What is wrong, first in a summary and then at each field. */
  #refuse(faults, ...more) {
    const lines = faults.map(({ pointer = '', detail }) => {
      const found = this.#form.elements.namedItem(pointer.slice(1));
      const field = found instanceof RadioNodeList ? found[0] : found;
      if (!field || field.type === 'hidden') return make('li', {}, detail);
      field.id ||= `rolebook-report-${++made}`;
      const note = make('p', { class: 'rolebook-fault', id: `${field.id}-fault` }, `Error: ${detail}`);
      (field.type === 'radio' ? field.closest('fieldset') ?? field : field).before(note);
      field.setAttribute('aria-invalid', 'true');
      field.dataset.describedby = field.getAttribute('aria-describedby') ?? '';
      field.setAttribute('aria-describedby', `${note.id} ${field.dataset.describedby}`.trim());
      const link = make('a', { href: `#${field.id}` }, detail);
      link.addEventListener('click', event => { event.preventDefault(); field.focus(); });
      return make('li', {}, link);
    });
    const summary = make('div', { class: 'rolebook-faults', role: 'alert', tabindex: '-1' }, make('p', {}, 'There is a problem'), make('ul', {}, ...lines), ...more);
    this.#form.prepend(summary);
    summary.focus();
  }

  #forget() {
    for (const old of this.#form.querySelectorAll('.rolebook-fault, .rolebook-faults')) old.remove();
    for (const field of this.#form.querySelectorAll('[aria-invalid]')) {
      field.removeAttribute('aria-invalid');
      if (field.dataset.describedby) field.setAttribute('aria-describedby', field.dataset.describedby);
      else field.removeAttribute('aria-describedby');
    }
  }
}

/** Lets a reader point at a passage: click it, or walk with the arrow keys and press Enter; Escape gives up. */
function pointing(done, about) {
  const all = passages();
  let at = Math.max(0, all.findIndex(passage => passage.getBoundingClientRect().bottom > 0));
  const listening = new AbortController();
  const { signal } = listening;
  const given = new Map();
  const mark = place => {
    all[at].classList.remove('rolebook-pointed');
    at = (place + all.length) % all.length;
    const passage = all[at];
    passage.classList.add('rolebook-pointed');
    if (!given.has(passage)) given.set(passage, passage.getAttribute('tabindex'));
    passage.tabIndex = -1;
    passage.focus();
    about.textContent = `Passage ${at + 1} of ${all.length}: “${excerpt(passage)}”. Arrow keys go to others, Enter takes this one, Escape gives up.`;
  };
  const stop = () => {
    listening.abort();
    document.documentElement.classList.remove('rolebook-pointing');
    for (const passage of all) passage.classList.remove('rolebook-pointed');
    for (const [passage, index] of given) index === null ? passage.removeAttribute('tabindex') : passage.setAttribute('tabindex', index);
    about.textContent = '';
  };
  const end = passage => { stop(); done(passage); };
  document.addEventListener('keydown', event => {
    const step = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 }[event.key];
    if (step) mark(at + step);
    else if (event.key === 'Home') mark(0);
    else if (event.key === 'End') mark(all.length - 1);
    else if (event.key === 'Enter' || event.key === ' ') end(all[at]);
    else if (event.key === 'Escape' || event.key === 'Tab') end(null);
    else return;
    event.preventDefault();
    event.stopPropagation();
  }, { signal, capture: true });
  document.addEventListener('click', event => {
    const passage = event.target.closest?.('[data-block]');
    event.preventDefault();
    event.stopPropagation();
    end(passage && all.includes(passage) ? passage : null);
  }, { signal, capture: true });
  document.documentElement.classList.add('rolebook-pointing');
  mark(at);
  return { stop };
}

/** What can be pointed at, in the order of the page. */
function passages() {
  return [...document.querySelectorAll('[data-block]')].filter(passage => passage.dataset.block && excerpt(passage) && !passage.closest('rolebook-report'));
}

function excerpt(passage) {
  const text = (passage.innerText ?? '').trim().replace(/\s+/g, ' ') || passage.querySelector('img')?.alt || '';
  return text.length > EXCERPT ? `${text.slice(0, EXCERPT).replace(/\s+\S*$/, '')}…` : text;
}

function make(name, attributes, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  element.append(...children);
  return element;
}

/** Once a page. A sheet made by script needs no permission of a content security policy. */
function style() {
  if (document.adoptedStyleSheets.some(sheet => sheet.ofRolebookReport)) return;
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(STYLE);
  sheet.ofRolebookReport = true;
  document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
}

if (!customElements.get('rolebook-report')) customElements.define('rolebook-report', ReportForm);
