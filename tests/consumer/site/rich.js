// Rich text, images, links and cards: the parts of which pages are made.

import { html } from './html.js';

/** @typedef {import('../client/contract.js').components['schemas']} Schemas */
/** @typedef {Schemas['RichText'] | null} Rich */
/** @typedef {Schemas['TreeNode']} Node */
/** @typedef {Schemas['TreeInline']} Inline */

/**
 * A rich text from its tree, so that nothing but these elements can come of it.
 * @param {Rich} text @param {number} deeper by how much headings in it are lowered
 */
export function rich(text, deeper = 0) {
  return text && text.tree.map(node => block(node, deeper));
}

/** @param {Node} node @param {number} deeper @returns {import('./html.js').Html} */
function block(node, deeper) {
  switch (node.type) {
    case 'paragraph': return html`<p>${inlines(node.content)}</p>`;
    case 'heading': return heading(node.level + deeper, inlines(node.content));
    case 'list': {
      const items = node.items.map(item => html`<li>${item.blocks.map(part => block(part, deeper))}</li>`);
      return node.ordered ? html`<ol start="${node.start}">${items}</ol>` : html`<ul>${items}</ul>`;
    }
    case 'quote': return html`<blockquote>${node.blocks.map(part => block(part, deeper))}</blockquote>`;
    case 'table': return html`<div class="wide" tabindex="0" role="group" aria-label="Table"><table>
<thead><tr>${node.head.map(cell => html`<th scope="col">${inlines(cell)}</th>`)}</tr></thead>
<tbody>${node.rows.map(row => html`<tr>${row.map(cell => html`<td>${inlines(cell)}</td>`)}</tr>`)}</tbody></table></div>`;
  }
}

/** @param {readonly Inline[]} content @returns {import('./html.js').Html[]} */
function inlines(content) {
  return content.map(part => {
    switch (part.type) {
      case 'text': return html`${part.text}`;
      case 'strong': return html`<strong>${inlines(part.content)}</strong>`;
      case 'emphasis': return html`<em>${inlines(part.content)}</em>`;
      case 'link': return html`<a href="${part.href}">${inlines(part.content)}</a>`;
      case 'break': return html`<br>`;
    }
  });
}

/** @param {number} level @param {import('./html.js').Value} content */
export function heading(level, content) {
  switch (Math.min(level, 6)) {
    case 2: return html`<h2>${content}</h2>`;
    case 3: return html`<h3>${content}</h3>`;
    case 4: return html`<h4>${content}</h4>`;
    case 5: return html`<h5>${content}</h5>`;
    default: return html`<h6>${content}</h6>`;
  }
}

/** @param {readonly string[]} texts */
export function list(texts) {
  return texts.length > 0 && html`<ul>${texts.map(text => html`<li>${text}</li>`)}</ul>`;
}

/** Sentences in order: one that ends with a colon leads to those after it. @param {readonly string[]} sentences */
export function sentences(sentences) {
  /** @type {{ lead: string | null, items: string[] }[]} */
  const groups = [];
  for (const text of sentences) {
    if (text.endsWith(':')) groups.push({ lead: text, items: [] });
    else if (groups.length > 0) groups.at(-1)?.items.push(text);
    else groups.push({ lead: null, items: [text] });
  }
  return groups.map(({ lead, items }) => html`${lead && html`<p>${lead}</p>`}${list(items)}`);
}

/** @param {readonly Schemas['PublishedLink'][]} links */
export function links(links) {
  return links.length > 0 && html`<ul>${links.map(({ text, url }) => html`<li><a href="${url}">${text}</a></li>`)}</ul>`;
}

/** @param {readonly Schemas['Card'][]} cards */
export function cards(cards) {
  return cards.length > 0 && html`<ul class="cards">${cards.map(({ path, title, summary }) => html`
<li><a href="${path}">${title}</a>${summary && html`<p>${summary}</p>`}</li>`)}</ul>`;
}

/** An image in the widths that there are. @param {Schemas['PublishedImage'] | null} image @param {string} media where images are served */
export function image(image, media) {
  if (!image) return null;
  const last = image.sources.at(-1);
  if (!last) return null;
  const modern = image.sources.filter(source => source.type !== last.type);
  const widths = modern.map(source => `${media}${source.src} ${source.width}w`).join(', ');
  const picture = html`<picture>${widths && html`<source type="${modern[0]?.type}" srcset="${widths}" sizes="(min-width: 48rem) 46rem, 100vw">`}
<img src="${media}${last.src}" alt="${image.decorative ? '' : image.alt}" width="${last.width}" height="${last.height}" loading="lazy"></picture>`;
  return image.caption ? html`<figure>${picture}<figcaption>${image.caption}</figcaption></figure>` : picture;
}
