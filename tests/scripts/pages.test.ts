/** A consent page that nobody could foresee: first told with its picture, then driven by a module of the user's. */
import assert from 'node:assert/strict';
import { statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { isObject } from '../../fixtures/parse-json.js';
import { changePage } from '../../fixtures/sandbox/deviation.js';
import { createSandbox } from '../../fixtures/sandbox/index.js';
import { onPages, SCRIPTED } from '../../fixtures/sandbox/variants/pages.js';
import { CliRunner } from './cli.js';

/** Neither words nor attributes of the controls tell what they do. */
const withUnrecognizedPages = (html: string): string =>
  html.replaceAll(
    /<button [^>]*name="decision" value="(\w+)"[^>]*>\w+<\/button>/g,
    (_, decision: string) =>
      `<button type="button" onclick="const box = document.createElement('input'); box.type = 'hidden'; box.name = 'decision'; box.value = '${decision}'; form.append(box); form.submit()">${decision === 'allow' ? 'Jo mei' : 'Naa'}</button>`,
  );

const MODULE = `
export const signIn = () => false;
export async function decide(page, { allow }) {
  await page.getByRole('button', { name: allow ? 'Jo mei' : 'Naa' }).click();
}`;

let cli: CliRunner;
let close: () => Promise<void>;
let settings: object;
before(async () => {
  cli = new CliRunner();
  const sandbox = createSandbox({
    deviations: [
      {
        how: 'The controls of the consent page tell nobody what they do.',
        replace: () => SCRIPTED,
        wrap: onPages(changePage(withUnrecognizedPages)),
      },
    ],
  });
  ({ close } = await sandbox.listen());
  settings = sandbox.target();
});
after(async () => {
  await close();
  cli.remove();
});

const write = (name: string, text: string) => writeFileSync(join(cli.cwd, name), text);
const only = ['--only', 'authz-code-response', '--only', 'consent-deny'];

describe('unfamiliar pages', () => {
  it("that aren't recognized end a run with their controls, a screenshot and the setting to change", async () => {
    write('target.json', JSON.stringify(settings));
    const { code, stderr } = await cli.run('run', 'target.json', ...only);
    assert.equal(code, 3);
    assert.match(stderr, /is not understood: .*button “Jo mei”, button “Naa”\. A screenshot is in /);
    assert.match(stderr, /Name the control in the target file by .*pages\.allow/);
    const picture = /A screenshot is in (\S+\.png)\./.exec(stderr)?.[1] ?? '';
    assert.equal(statSync(join(cli.cwd, picture)).mode & 0o777, 0o600);
  });

  it('are judged by labels', async () => {
    const pages = { allow: 'Jo mei', deny: 'Naa' };
    write('labels.json', JSON.stringify({ ...settings, pages }));
    const { code, stderr } = await cli.run('run', 'labels.json', ...only);
    assert.equal(code, 0, stderr);
  });

  it("aren't judged on denying if no control denies", async () => {
    write('allow.json', JSON.stringify({ ...settings, pages: { allow: 'Jo mei' } }));
    const words = ['run', 'allow.json', ...only, '--json', '--allow-incomplete'];
    const { code, stdout, stderr } = await cli.run(...words);
    assert.equal(code, 0, stderr);
    assert.match(stdout, /"status": "not-tested"/);
    assert.match(
      stdout,
      /Nobody could deny, which a page need not offer\. The page at .* no control to deny; .*pages\.deny/,
    );
  });

  it('are judged by a module', async () => {
    write('pages.mjs', MODULE);
    write('module.json', JSON.stringify({ ...settings, pages: './pages.mjs' }));
    const { code, stderr, stdout } = await cli.run('run', 'module.json', ...only);
    assert.equal(code, 0, stdout + stderr);
  });

  it('a module is checked before anything is sent', async () => {
    write('half.mjs', 'export function signIn() {}');
    for (const [pages, says] of [
      ['./none.mjs', /^pages names .*none\.mjs, which does not exist\.$/],
      ['./half.mjs', /^pages names .*half\.mjs, which exports no function decide: /],
      ['./pages.txt', /: pages must be an object with labels, or the path of a module/],
    ] as const) {
      write('refused.json', JSON.stringify({ ...settings, pages }));
      const { code, stderr } = await cli.run('run', 'refused.json', ...only);
      assert.equal(code, 2);
      assert.match(stderr.trim(), says);
    }
  });

  it('a second user with an expired session blocks what needs that user, and nothing else', async () => {
    write('old.json', JSON.stringify({ cookies: [], origins: [] }));
    const users = 'users' in settings && isObject(settings.users) ? settings.users : {};
    write(
      'second.json',
      JSON.stringify({
        ...settings,
        pages: { allow: 'Jo mei', deny: 'Naa' },
        users: { first: users.first, second: { storageState: './old.json' } },
      }),
    );
    const { stdout, stderr } = await cli.run(
      ...['run', 'second.json', '--only', 'authz-code-response', '--only', 'client-settings-owner-only'],
      ...['--only', 'consent-csrf-cross-site', '--json'],
    );
    const report: unknown = JSON.parse(stdout);
    const results = isObject(report) && Array.isArray(report.results) ? report.results.filter(isObject) : [];
    const untested = results.filter(({ status }) => status === 'not-tested');
    assert.ok(untested.length > 0, stderr + JSON.stringify(results).slice(0, 2_000));
    for (const { reason } of untested) {
      assert.match(
        String(reason),
        /session of the second user has expired: run `npx polar-conformance login second\.json --user second` again\./,
      );
    }
    assert.deepEqual(
      results.filter(({ status }) => !['pass', 'not-tested'].includes(String(status))),
      [],
    );
  });
});
