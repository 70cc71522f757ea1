// The planted faults: each differs from the sound page in one thing, and names the check that must find it and how.
//
//   check    structure, layout, weight, axe, focus, keyboard, validity, or visit (what a page notices by itself)
//   from/to  what becomes of a part of the sound page
//   css      rules after the page's own
//   script   a module of the page
//   width    320 where the fault shows in the narrow window only
//   finds    what a finding must look like

const padding = Array.from({ length: 9000 }, (_, index) => (index * 2654435761 % 4294967296).toString(36)).join(' ');

export const planted = [
  { name: 'a title without the site', check: 'structure', from: '<title>Library – Self test – Rolebook', to: '<title>Library', finds: /title is not/ },
  { name: 'a title without a thing', check: 'structure', from: '<title>Library – Self test – Rolebook', to: '<title>Rolebook', finds: /title is not/ },
  { name: 'a title that counts', check: 'structure', from: '<title>Library', to: '<title>(3) Library', finds: /title is not/ },
  { name: 'two headings of level 1', check: 'structure', from: '<h1>Library</h1>', to: '<h1>Library</h1><h1>Again</h1>', finds: /2 headings/ },
  { name: 'no heading', check: 'structure', from: '<h1>Library</h1>', to: '<p>Library</p>', finds: /0 headings/ },
  { name: 'an id twice', check: 'structure', from: '<footer>', to: '<footer id="title">', finds: /id twice/ },
  { name: 'an inline style', check: 'structure', from: '<footer>', to: '<footer style="color: red">', finds: /inline style/ },
  { name: 'an inline handler', check: 'structure', from: '<footer>', to: '<footer onclick="leave()">', finds: /inline onclick/ },
  { name: 'an inline script', check: 'structure', from: '<footer>', to: '<script>leave()</script><footer>', finds: /inline script/ },
  { name: 'Enter that moves instead of saving', check: 'structure', from: 'value="save">Save', to: 'value="down">Move down', finds: /Enter would press "Move down"/ },
  { name: 'a page wider than the window', check: 'layout', width: 320, css: 'h1 { width: 40rem; }', finds: /wide in a window of 320/ },
  { name: 'a page that cuts off what is too wide', check: 'layout', width: 320, css: 'body { overflow-x: hidden; }', finds: /cuts off/ },
  { name: 'a heavy list', check: 'weight', from: '<footer>', to: `<footer>${padding}`, finds: /HTML of a list weighs/ },
  { name: 'heavy style', check: 'weight', css: `/* ${padding} */`, finds: /style sheets weigh/ },
  { name: 'no style', check: 'weight', from: '<link rel="stylesheet" href="/sound.css">', to: '', finds: /no style sheet/ },
  { name: 'a field without a label', check: 'axe', from: '<label for="title">Title</label>', to: '', finds: /axe label/ },
  { name: 'text too pale', check: 'axe', css: 'footer { color: light-dark(#aaaaaa, #444444); }', finds: /axe color-contrast/ },
  { name: 'text too pale in the dark only', check: 'axe', scheme: 'dark', css: 'footer { color: light-dark(#16202a, #444444); }', finds: /axe color-contrast/ },
  { name: 'a list without items', check: 'axe', from: '<footer>', to: '<ul><p>One</p></ul><footer>', finds: /axe list/ },
  { name: 'content outside landmarks', check: 'axe', from: '<footer>Self test</footer>', to: '<div>Self test</div>', finds: /axe region/ },
  { name: 'a focus that never comes', check: 'focus', from: '<input id="title"', to: '<input autofocus disabled id="title"', finds: /never gets it/ },
  { name: 'no focus ring', check: 'keyboard', css: 'summary:focus-visible { outline: none; }', finds: /no visible focus ring: <summary/ },
  { name: 'a ring too thin', check: 'keyboard', css: 'summary:focus-visible { outline-width: 1px; }', finds: /no visible focus ring: <summary/ },
  { name: 'a ring without colour', check: 'keyboard', css: 'summary:focus-visible { outline-color: transparent; }', finds: /no visible focus ring: <summary/ },
  { name: 'a small target', check: 'keyboard', css: 'input[type="radio"] { width: 20px; height: 20px; margin: 0; }', finds: /20\.0 × 20\.0 is smaller/ },
  { name: 'a small link that stands alone', check: 'keyboard', from: 'A sentence with <a href="/link">a link</a> in it.', to: '<a href="/link">link</a>', css: 'p { font-size: 0.75rem; }', finds: /is smaller than 24 × 24: <a href="\/link"/ },
  { name: 'a focus that is covered', check: 'keyboard', css: 'h1 { position: fixed; inset: 0; margin: 0; background: Canvas; }', finds: /the focus is covered by <h1>/ },
  { name: 'a focus out of sight', check: 'keyboard', css: '.skip:focus { left: -100rem; }', finds: /the focus is out of sight: <a class="skip"/ },
  { name: 'no skip link', check: 'keyboard', from: '<a class="skip" href="#main">Skip to main content</a>', to: '', finds: /first stop does not skip/ },
  { name: 'a skip link to nowhere', check: 'keyboard', from: 'href="#main"', to: 'href="#content"', finds: /first stop does not skip/ },
  { name: 'an order of its own', check: 'keyboard', from: '<input id="title"', to: '<input tabindex="1" id="title"', finds: /tabindex above 0/ },
  { name: 'an order turned round by style', check: 'keyboard', css: 'body { display: flex; flex-direction: column; reading-flow: flex-visual; } header { order: 2; }', finds: /out of the document's order/ },
  { name: 'a trap', check: 'keyboard', scripts: true, script: "document.getElementById('title').addEventListener('keydown', event => event.preventDefault());", finds: /a trap/ },
  { name: 'what Tab never reaches', check: 'keyboard', scripts: true, script: "document.getElementById('title').addEventListener('keydown', event => event.preventDefault());", finds: /Tab never reaches <button/ },
  { name: 'an unknown attribute', check: 'validity', from: '<footer>', to: '<footer colour="red">', finds: /error in .*colour/ },
  { name: 'an element in the wrong place', check: 'validity', from: '<h1>Library</h1>', to: '<h1><div>Library</div></h1>', finds: /error in .*div/ },
  { name: 'a needless role', check: 'validity', from: '<main ', to: '<main role="main" ', finds: /warning in .*main/ },
  { name: 'a style that the policy stops', check: 'visit', from: '<footer>', to: '<footer style="color: red">', finds: /content security policy: style-src/ },
  { name: 'an image of another host', check: 'visit', from: '<footer>', to: '<img src="http://127.0.0.1:9/image.png" alt=""><footer>', finds: /content security policy: img-src/ },
  { name: 'a script that the policy stops', check: 'visit', scripts: true, from: '<footer>', to: '<script>leave()</script><footer>', finds: /content security policy: script-src/ },
  { name: 'no policy', check: 'visit', policy: null, finds: /no content security policy/ },
  { name: 'a loose policy', check: 'visit', policy: "default-src 'self'; script-src 'self' 'unsafe-inline'", finds: /'unsafe-inline'/ },
  { name: 'a policy without a default', check: 'visit', policy: "script-src 'self'", finds: /without a strict default-src/ },
  { name: 'a missing image', check: 'visit', from: '<footer>', to: '<img src="/missing.png" alt=""><footer>', finds: /\/missing\.png answered 404/ },
  { name: 'a script that fails', check: 'visit', scripts: true, script: "throw new Error('it fails');", finds: /script error: it fails/ },
  { name: 'a script that complains', check: 'visit', scripts: true, script: "console.error('it complains');", finds: /console: it complains/ },
  { name: 'a server that breaks', check: 'visit', status: 500, finds: /answered 500/ },
  { name: 'a page that refuses', check: 'visit', status: 422, finds: /answered 422/ },
];
