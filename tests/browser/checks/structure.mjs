// What the document itself must keep: title, headings, ids, no inline script or style, and Save as the button that Enter
// presses. Returns findings; none is allowed.

/** Looks at the document as it stands in the page. */
export function structureFindings(visit) {
  return visit.page.evaluate(() => {
    const findings = [];
    const show = element => element.cloneNode(false).outerHTML.slice(0, 160);

    // "Thing – Area – name of the site"; a screen that is an area has no thing before it.
    const site = document.querySelector('header a')?.textContent.trim();
    const parts = document.title.replace(/^Error: /, '').split(' – ');
    if (parts.length < 2 || parts.length > 3 || parts.at(-1) !== site || parts.some(part => !part.trim()) || /^\(\d/.test(parts[0])) {
      findings.push(`title is not "Thing – Area – ${site}": ${document.title}`);
    }

    const headings = document.querySelectorAll('h1').length;
    if (headings !== 1) findings.push(`${headings} headings of level 1`);

    const ids = new Set();
    for (const element of document.querySelectorAll('[id]')) {
      if (ids.has(element.id)) findings.push(`id twice: ${show(element)}`);
      ids.add(element.id);
    }

    for (const element of document.querySelectorAll('*')) {
      for (const { name } of element.attributes) {
        if (name === 'style' || name.startsWith('on')) findings.push(`inline ${name}: ${show(element)}`);
      }
      if (element.matches('style, script:not([src])')) findings.push(`inline ${element.localName}`);
    }

    // Enter in a one-line field presses the first submit button of the form, in tree order.
    for (const form of document.forms) {
      const buttons = [...form.elements].filter(element => ['submit', 'image'].includes(element.type));
      if (!buttons.some(button => button.name === 'op')) continue;
      const label = (buttons[0].textContent || buttons[0].value || '').trim();
      if (!/^Save\b/.test(label)) findings.push(`Enter would press "${label}", not Save: ${show(form)}`);
    }
    return findings;
  });
}
