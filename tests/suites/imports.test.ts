/** Imports run one way: scripts and tutorial, then suites, then fixtures; chapters stand beside each other. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { posix } from 'node:path';
import { describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { REQUIREMENT_IDS } from '../../suites/requirement-ids.js';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
const CHAPTERS = Object.keys(REQUIREMENT_IDS);
/** What defines a requirement. */
const DEFINITIONS = ['suites/requirement.js', 'suites/clauses.js'];

interface Import {
  readonly from: string;
  readonly to: string;
}

/** Every relative import, those of types too, as paths from the root of the repository. */
function importsIn(folder: string): readonly Import[] {
  const files = readdirSync(`${ROOT}${folder}`, { recursive: true, encoding: 'utf8' });
  return files
    .filter((name) => name.endsWith('.ts'))
    .map((name) => `${folder}/${name.replaceAll('\\', '/')}`)
    .flatMap((from) =>
      [...readFileSync(`${ROOT}${from}`, 'utf8').matchAll(/(?:from|import\()\s*'(\.[^']+)'/g)].map(
        ([, path]) => ({ from, to: posix.join(posix.dirname(from), path ?? '') }),
      ),
    );
}

/** @returns the imports that leave these folders, each as a line */
function leaving(imports: readonly Import[], ...allowed: readonly string[]): readonly string[] {
  return imports
    .filter(({ to }) => !allowed.some((folder) => to.startsWith(folder)))
    .map(({ from, to }) => `${from} imports ${to}`);
}

describe('imports', () => {
  it('of the sandbox stay in its folder', () => {
    const imports = importsIn('fixtures/sandbox');
    assert.ok(imports.length > 100);
    assert.deepEqual(leaving(imports, 'fixtures/sandbox/'), []);
  });

  it('of fixtures stay in fixtures', () => {
    assert.deepEqual(leaving(importsIn('fixtures'), 'fixtures/'), []);
  });

  it('of suites only use suites and fixtures', () => {
    assert.deepEqual(leaving(importsIn('suites'), 'suites/', 'fixtures/'), []);
  });

  it('of the tutorial go to suites and fixtures, and never to scripts', () => {
    assert.deepEqual(leaving(importsIn('tutorial'), 'tutorial/', 'suites/', 'fixtures/'), []);
  });

  for (const chapter of CHAPTERS) {
    it(`of the chapter ${chapter} go to its own folder, to the steps and to what defines a requirement`, () => {
      const imports = importsIn(`suites/${chapter}`);
      assert.ok(imports.length > 2);
      assert.deepEqual(
        leaving(imports, `suites/${chapter}/`, 'suites/steps/', 'fixtures/', ...DEFINITIONS),
        [],
      );
    });
  }

  it('of the steps go to no chapter', () => {
    assert.deepEqual(leaving(importsIn('suites/steps'), 'suites/steps/', 'fixtures/', ...DEFINITIONS), []);
  });
});
