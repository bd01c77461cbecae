/** `npm run docs`: writes the generated pages of docs/. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { readOptions } from '../read-options.js';
import { findPagePath, PAGES } from './pages.js';

readOptions({});

for (const page of PAGES) {
  const path = findPagePath(page);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, page.render());
  process.stdout.write(`docs/${page.name} is written.\n`);
}
