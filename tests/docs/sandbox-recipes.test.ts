/** The recipes of docs/sandbox.md that need only npm run as they stand. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { openBrowser } from '../../fixtures/browser/find-browser.js';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
const PAGE = readFileSync(join(ROOT, 'docs/sandbox.md'), 'utf8');
const run = promisify(execFile);

describe('recipes for the sandbox', () => {
  const folder = mkdtempSync(join(tmpdir(), 'recipes-'));
  before(() => {
    const modules = join(folder, 'node_modules');
    mkdirSync(join(modules, '.bin'), { recursive: true });
    symlinkSync(ROOT, join(modules, 'polar-conformance'), 'dir');
    const command = join(ROOT, 'dist/scripts/cli.js');
    symlinkSync(command, join(modules, '.bin/polar-conformance'));
    for (const name of ['openid-client', '@playwright', 'playwright', 'playwright-core'])
      symlinkSync(join(ROOT, 'node_modules', name), join(modules, name), 'dir');
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  it('node:test', async () => {
    writeFiles(folder, 'node:test');
    const { stdout } = await runIn(folder, ['--test', 'login.test.mjs']);
    assert.match(stdout, /^# pass 4$/m);
  });

  it('Playwright Test', async () => {
    const ports = { 4400: await findFreePort(), 3000: await findFreePort() };
    writeFiles(folder, 'Playwright Test', ports);
    const { launch, browser, reason } = await openBrowser(undefined, async (options) => options);
    await browser?.close();
    assert.ok(launch !== null, reason);
    // Which browser this machine has is no part of the recipe.
    writeFileSync(
      join(folder, 'machine.config.mjs'),
      `import recipe from './playwright.config.mjs';\nexport default { ...recipe, use: { launchOptions: ${JSON.stringify(launch)} } };\n`,
    );
    const cli = join(ROOT, 'node_modules/@playwright/test/cli.js');
    const { stdout } = await runIn(folder, [cli, 'test', '--config', 'machine.config.mjs', '--workers=1']);
    assert.match(stdout, /2 passed/);
  });

  it('name every flag and member of the configuration', () => {
    const schema: unknown = JSON.parse(
      readFileSync(join(ROOT, 'fixtures/sandbox/sandbox.schema.json'), 'utf8'),
    );
    assert.ok(typeof schema === 'object' && schema !== null && 'properties' in schema);
    for (const member of Object.keys(Object(schema.properties)).filter((name) => name !== '$schema'))
      assert.ok(PAGE.includes(`| \`${member}\``), member);
  });
});

/** Writes the snippets of a section into the files that their first line names. */
function writeFiles(folder: string, section: string, ports: Readonly<Record<string, number>> = {}): void {
  const text =
    PAGE.split(`### ${section}\n`)[1]?.split(/^#{2,3} /m)[0] ?? assert.fail(`no section ${section}`);
  for (const [, body = ''] of text.matchAll(/^```js\n(.*?)^```$/gms)) {
    const name = /^\/\/ ([\w.-]+)/.exec(body)?.[1] ?? assert.fail('a snippet names no file');
    const content = Object.entries(ports).reduce(
      (changed, [port, free]) => changed.replaceAll(port, String(free)),
      body,
    );
    writeFileSync(join(folder, name), content);
  }
}

/** A test runner must not take itself for a part of ours. */
async function runIn(folder: string, words: readonly string[]): Promise<{ readonly stdout: string }> {
  const { NODE_TEST_CONTEXT: _ours, ...env } = process.env;
  return run(process.execPath, [...words], { cwd: folder, env, timeout: 120_000 }).catch((error: unknown) => {
    const output =
      typeof error === 'object' && error !== null && 'stdout' in error ? String(error.stdout) : '';
    return assert.fail(`${String(error)}\n${output}`);
  });
}

async function findFreePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, resolve));
  const address = server.address();
  assert.ok(address !== null && typeof address === 'object');
  await new Promise<void>((resolve) => server.close(() => resolve()));
  return address.port;
}
