/** Copies what the compiler leaves behind: the JSON Schemas that are read at run time, next to their readers. */
import { cpSync, mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../../../', import.meta.url));
const folders = [
  'suites/schemas',
  'fixtures/target',
  'fixtures/sandbox',
  'scripts/report',
  'scripts/baseline',
  'tutorial/state',
];

for (const folder of folders) {
  const target = join(root, 'dist', folder);
  mkdirSync(target, { recursive: true });
  for (const name of readdirSync(join(root, folder))) {
    if (name.endsWith('.json')) cpSync(join(root, folder, name), join(target, name));
  }
}
