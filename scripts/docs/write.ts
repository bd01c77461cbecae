/** `npm run docs`: writes the generated pages of docs/ anew. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { PAGES, pathOf } from './pages.js';

for (const page of PAGES) {
  const path = pathOf(page);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, page.give());
  process.stdout.write(`docs/${page.name} is written.\n`);
}
