import { chromium } from 'playwright-core';
import { readdirSync, writeFileSync } from 'node:fs';
const [width, perSheet, out, columns, cell, height, from='a', dir='/tmp/shots2'] = process.argv.slice(2);
const names = readdirSync(dir).filter(n => n.endsWith(`-${width}-light.png`)).filter(n=>n>=from).sort();
const b = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox','--allow-file-access-from-files'] });
const p = await b.newPage({ viewport: { width: Number(columns)*(Number(cell)+10)+10, height: 800 } });
for (let i = 0, s = 0; i < names.length; i += Number(perSheet), s++) {
  const html = `<body style="margin:5px;display:flex;flex-wrap:wrap;gap:8px;font:12px sans-serif;background:#888">${names.slice(i,i+Number(perSheet)).map(n=>`<div style="width:${cell}px"><div>${n}</div><div style="height:${height}px;overflow:hidden;background:#fff"><img src="file://${dir}/${n}" style="width:${cell}px"></div></div>`).join('')}</body>`;
  writeFileSync('/tmp/sheets/s.html', html);
  await p.goto('file:///tmp/sheets/s.html'); await p.waitForLoadState('networkidle');
  await p.screenshot({ path: `/tmp/sheets/${out}-${s}.png`, fullPage: true });
}
await b.close();
