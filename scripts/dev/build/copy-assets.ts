/** Does what the compiler leaves undone: the JSON Schemas next to their readers, and a command that can be run. */
import { chmodSync, cpSync, mkdirSync, readdirSync } from 'node:fs';
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

// npm does this when it installs the package, but a link to the built file needs it too.
chmodSync(join(root, 'dist/scripts/cli.js'), 0o755);
