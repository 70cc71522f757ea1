// Nothing scrolls sideways (WCAG 1.4.10), and nothing is cut off instead. Returns findings; none is allowed.

/** Compares the page with the window as it is now. */
export function layoutFindings(visit) {
  return visit.page.evaluate(() => {
    const findings = [];
    const { scrollWidth } = document.documentElement;
    if (scrollWidth > window.innerWidth) {
      const wide = [...document.body.querySelectorAll('*')]
        .filter(element => element.getBoundingClientRect().right > window.innerWidth + 0.5)
        .map(element => element.cloneNode(false).outerHTML.slice(0, 100));
      findings.push(`the page is ${scrollWidth} wide in a window of ${window.innerWidth}: ${wide.slice(0, 4).join(' ')}`);
    }
    // Hidden overflow of the whole page would hide the fault, not mend it.
    for (const element of [document.documentElement, document.body]) {
      if (['hidden', 'clip'].includes(getComputedStyle(element).overflowX)) findings.push(`${element.localName} cuts off what is too wide`);
    }
    return findings;
  });
}
