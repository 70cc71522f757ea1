// A page of the content: everything that its JSON holds, in HTML for people.

import { html, json } from './html.js';
import { cards, heading, image, links, list, rich, sentences } from './rich.js';

/** @typedef {import('../client/contract.js').components['schemas']} Schemas */
/** @typedef {import('#client').Page} Page */
/** @typedef {import('./html.js').Value} Value */

/**
 * @typedef {object} Surroundings
 * @property {string} api where the content server is reached by browsers
 * @property {string} site where this site is reached
 * @property {Record<string, unknown> | null} structured the page in the vocabulary of schema.org
 * @property {import('#client').FixTold[]} changed what was changed because of reports, the newest first
 */

const KINDS = {
  university: 'University', college: 'College', apprenticeship: 'Apprenticeship', graduate_scheme: 'Graduate scheme',
  work: 'Work', volunteering: 'Volunteering', direct: 'Applying directly', other: 'Other ways in',
};
const PERIODS = { year: 'a year', month: 'a month', week: 'a week', day: 'a day', hour: 'an hour' };
const REPORTS = {
  problem: 'Something is wrong', comment: 'A comment', accessibility: 'Something is hard to use or to read', praise: 'Something is good',
};

/** The body of a page. @param {Page} page @param {Surroundings} surroundings */
export function body(page, surroundings) {
  return html`${trail(page)}
<h1>${page.title}</h1>
${page.notice && html`<p class="notice" role="note">${page.notice}</p>`}
${page.summary && html`<p class="summary">${page.summary}</p>`}
${page.kind === 'role-page' ? rolePage(page, surroundings) : requirementSection(page, surroundings)}
${surroundings.changed.length > 0 && html`<section aria-labelledby="changed"><h2 id="changed">What we changed because you told us</h2>
<ul>${surroundings.changed.map(told)}</ul></section>`}
${page.last_reviewed_on && html`<p>Last reviewed on <time datetime="${page.last_reviewed_on}">${page.last_reviewed_on}</time>.</p>`}
${surroundings.structured && html`<script type="application/ld+json">${json(surroundings.structured)}</script>`}`;
}

/** A change, with the day and the part of the page. @param {import('#client').FixTold} one */
function told({ changed_at, block, text }) {
  const day = changed_at.slice(0, 10);
  const part = block?.anchor ? html`<a href="#${block.anchor}">${block.title}</a>` : block?.title;
  return html`<li><time datetime="${day}">${day}</time>${part && html`, ${part}`}: ${text}</li>`;
}

/** Where the page stands. @param {Page} page */
function trail(page) {
  return html`<nav aria-label="Breadcrumb"><ol><li><a href="/">Home</a></li>
${page.breadcrumbs.map(({ path, title }) => html`<li><a href="${path}">${title}</a></li>`)}
<li><a href="${page.path}" aria-current="page">${page.title}</a></li></ol></nav>`;
}

/** @param {import('#client').RolePage} page @param {Surroundings} surroundings */
function rolePage(page, surroundings) {
  return html`${page.alternative_titles.length > 0 && html`<p>Also called: ${page.alternative_titles.join(', ')}.</p>`}
${image(page.lead_image, surroundings.api)}
${page.sections.map(part => section(part, page, surroundings))}
${page.related_roles.length > 0 && html`<section aria-labelledby="related"><h2 id="related">Related roles</h2>${cards(page.related_roles)}</section>`}
${page.learn_more.length > 0 && html`<section aria-labelledby="more"><h2 id="more">Learn more</h2>${links(page.learn_more)}</section>`}`;
}

/** @param {import('#client').RequirementSection} page @param {Surroundings} surroundings */
function requirementSection(page, surroundings) {
  return html`${requirements(page, surroundings, 2)}
${page.used_by.length > 0 && html`<section aria-labelledby="roles"><h2 id="roles">Roles with these requirements</h2>${cards(page.used_by)}</section>`}
${form(page, null, surroundings)}`;
}

/** @param {Schemas['PublishedSection']} part @param {Page} page @param {Surroundings} surroundings */
function section(part, page, surroundings) {
  const content = part.blocks.map(one => html`${block(one, page, surroundings, 3)}`);
  const inner = part.display === 'accordion' && part.heading
    ? html`<details><summary><h2>${part.heading}</h2></summary>${content}</details>`
    : html`${part.heading && html`<h2>${part.heading}</h2>`}${content}`;
  return html`<section id="${part.anchor ?? part.id}">${inner}${form(page, part, surroundings)}</section>`;
}

/**
 * @param {Schemas['PublishedBlock']} one @param {Page} page @param {Surroundings} surroundings
 * @param {number} level of a heading within it
 * @returns {Value}
 */
function block(one, page, surroundings, level) {
  switch (one.kind) {
    case 'text': return rich(one.text, level - 3);
    case 'image': return image(one.image, surroundings.api);
    case 'callout': return html`<div class="callout ${one.tone}" role="note">${one.heading && heading(level, one.heading)}${rich(one.text, level - 2)}</div>`;
    case 'details': return html`<details><summary>${one.summary}</summary>${rich(one.text, level - 3)}</details>`;
    case 'roles': return html`${rich(one.introduction, level - 3)}${one.roles.map(role => html`${heading(level, role.page ? html`<a href="${role.page.path}">${role.title}</a>` : role.title)}
${rich(role.text, level - 2)}${list(role.tasks.map(({ text }) => text))}`)}`;
    case 'requirements': return html`${rich(one.note, level - 3)}
${one.requirement_section.notice && html`<p class="notice" role="note">${one.requirement_section.notice}</p>`}
${requirements(one.requirement_section, surroundings, level, page)}`;
    case 'links': return links(one.links);
    case 'quote': return html`<figure><blockquote>${rich(one.text)}</blockquote>${one.attribution && html`<figcaption>${one.attribution}</figcaption>`}</figure>`;
    case 'facts': return page.kind === 'role-page' && one.show.map(name => html`${fact(name, page.facts)}`);
  }
}

/**
 * What is asked for: whichever way in, and by each way.
 * @param {Schemas['EmbeddedRequirementSection'] | import('#client').RequirementSection} of @param {Surroundings} surroundings
 * @param {number} level @param {Page} [page]
 */
function requirements(of, surroundings, level, page) {
  const host = page ?? /** @type {Page} */ (of);
  return html`${rich(of.introduction, level - 3)}${sentences(of.plain)}
${of.routes.map(route => html`${heading(level, route.heading ?? KINDS[route.kind])}
${rich(route.introduction, level - 2)}${sentences(route.plain)}${rich(route.further_information, level - 2)}
${route.subjects.length > 0 && html`<p>Subjects that fit:</p>${list(route.subjects)}`}
${list(route.standards.map(standard))}${links(route.links)}`)}
${of.skills.length > 0 && html`${heading(level, 'Skills')}${list(of.skills.map(({ text }) => text))}`}
${of.sections.map(part => html`${part.heading && heading(level, part.heading)}${part.blocks.map(one => html`${block(one, host, surroundings, level + 1)}`)}`)}`;
}

/** @param {Schemas['PublishedStandard']} one */
function standard({ reference, title, level, duration_months }) {
  const more = [reference, level && `level ${level.level}`, duration_months && `${duration_months} months`].filter(Boolean);
  return `${title} (${more.join(', ')})`;
}

/** A fact by its name, with what it is called. @param {string} name @param {Schemas['PublishedFacts']} facts @returns {Value} */
function fact(name, facts) {
  /** @param {string} title @param {Value} content */
  const titled = (title, content) => content && html`<h3>${title}</h3>${content}`;
  switch (name) {
    case 'occupation_codes': return titled('Occupation codes', list(facts.occupation_codes.map(code => `${code.scheme} ${code.code ?? code.uri}${code.label ? `: ${code.label}` : ''}`)));
    case 'pay': return titled('Pay', facts.pay && html`<p>${pay(facts.pay)}</p>`);
    case 'hours': return titled('Hours', facts.hours && html`<p>${[facts.hours.minimum, facts.hours.maximum].filter((hours, place, all) => hours !== null && all.indexOf(hours) === place).join(' to ')} ${facts.hours.detail}</p>${list(facts.hours.patterns)}`);
    case 'tasks': return titled('Tasks', list(facts.tasks.map(({ text }) => text)));
    case 'skills': return titled('Skills', list(facts.skills.map(({ text }) => text)));
    case 'registrations': return titled('Registration', facts.registrations.map(({ text, links: more }) => html`<p>${text}</p>${links(more)}`));
    case 'work_locations': return titled('Where you could work', list(facts.work_locations));
    case 'work_environments': return titled('What the work is like', list(facts.work_environments));
    case 'uniform': return titled('What you wear', list(facts.uniform));
    case 'standards': return titled('Apprenticeship standards', list(facts.standards.map(standard)));
    case 'career_path': return titled('Career path', rich(facts.career_path, 1));
    default: return null;
  }
}

/** @param {Schemas['PublishedPay']} pay */
function pay(pay) {
  /** @param {number | null} amount @param {string} currency */
  const money = (amount, currency) => amount === null ? '?' : new Intl.NumberFormat('en-GB', { style: 'currency', currency, maximumFractionDigits: 0 }).format(amount);
  switch (pay.kind) {
    case 'bands': return `Band ${pay.bands.join(', ')} of ${pay.scheme}`;
    case 'range': return `${money(pay.minimum, pay.currency)} to ${money(pay.maximum, pay.currency)} ${PERIODS[pay.period]}`;
    case 'progression': return `${money(pay.starter, pay.currency)} at first, ${money(pay.experienced, pay.currency)} with experience, ${PERIODS[pay.period]}`;
    case 'variable': return pay.note ?? 'It varies.';
  }
}

/**
 * The form for a report about a section, or about the whole page: a plain post to the content server, which leads back here.
 * @param {Page} page @param {Schemas['PublishedSection'] | null} part @param {Surroundings} surroundings
 */
function form(page, part, { api, site }) {
  const place = part?.id ?? page.id;
  return html`<details class="report"><summary>Make a comment or report a problem${part?.heading && html` with “${part.heading}”`}</summary>
<form method="post" action="${new URL(page.feedback.action, api).href}">
<input type="hidden" name="page_token" value="${page.feedback.page_token}">
${part && html`<input type="hidden" name="block" value="${part.id}">`}
<input type="hidden" name="return_to" value="${site}/thank-you">
<input type="hidden" name="shown_at" value="${new Date().toISOString()}">
<p hidden><label>Leave this empty <input name="website" autocomplete="off"></label></p>
<fieldset><legend>What is it?</legend>${page.feedback.kinds.map((kind, index) => html`
<p><label><input type="radio" name="kind" value="${kind}"${index === 0 && html` checked`}> ${REPORTS[kind]}</label></p>`)}</fieldset>
<p><label for="doing-${place}">What were you doing?</label> <textarea id="doing-${place}" name="doing" rows="3" maxlength="1200"></textarea></p>
<p><label for="wrong-${place}">What went wrong?</label> <textarea id="wrong-${place}" name="wrong" rows="3" maxlength="1200"></textarea></p>
<p><button>Send</button></p></form></details>`;
}
