// Pictures of every screen at both widths, light and dark, for people to look at:
//
//   node shots.mjs FOLDER [--scripts] [WORD…]     only screens whose name has one of the words

import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { openScreen, screens } from './screens.mjs';
import { SCHEMES, sizeOf, WIDTHS } from './support/browser.mjs';
import { Stage } from './support/stage.mjs';

const [folder, ...asked] = process.argv.slice(2);
const scripts = asked.includes('--scripts');
const words = asked.filter(word => word !== '--scripts');
if (!folder) {
  console.error('node shots.mjs FOLDER [--scripts] [WORD…]');
  process.exit(2);
}
await mkdir(folder, { recursive: true });

const stage = new Stage();
await stage.open();
try {
  for (const screen of screens) {
    if (words.length === 0 || words.some(word => screen.name.toLowerCase().includes(word.toLowerCase()))) await picture(screen);
  }
} finally {
  await stage.close();
}

/** Faults are printed, not judged: a picture of a broken screen is worth having. */
async function picture(screen) {
  const visit = await stage.unwatched({ person: screen.person, scripts, keep: false });
  try {
    await openScreen(visit, screen);
    if (scripts) await visit.page.waitForFunction(() => !document.querySelector('rich-text:not(:has(.rich-bar))'));
    for (const width of WIDTHS) {
      await visit.page.setViewportSize(sizeOf(width));
      for (const scheme of SCHEMES) {
        await visit.page.emulateMedia({ colorScheme: scheme });
        const name = screen.name.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-');
        await visit.page.screenshot({ path: join(folder, `${name}-${width}-${scheme}.png`), fullPage: true });
      }
    }
    for (const fault of await visit.settledFaults()) console.log(`${screen.name}: ${fault}`);
  } catch (error) {
    console.log(`${screen.name}: ${error.message}`);
    process.exitCode = 1;
  } finally {
    await visit.close();
  }
}
