/** `login` on a real server: the session is kept, used by later runs, and said to be expired when it is. */
import assert from 'node:assert/strict';
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { createSandbox } from '../../fixtures/sandbox/index.js';
import { login } from '../../scripts/commands/login.js';
import type { Screen } from '../../scripts/screen.js';
import { CliRunner } from './cli.js';

let cli: CliRunner;
let sandbox: ReturnType<typeof createSandbox>;
let close: () => Promise<void>;
before(async () => {
  cli = new CliRunner();
  sandbox = createSandbox();
  ({ close } = await sandbox.listen());
});
after(async () => {
  await close();
  cli.remove();
});

/** Writes a target file for the sandbox. @returns its path */
function targetFile(name: string, change: (settings: Record<string, unknown>) => void): string {
  const settings: Record<string, unknown> = { ...sandbox.target() };
  change(settings);
  const path = join(cli.cwd, name);
  writeFileSync(path, JSON.stringify(settings));
  return path;
}

const withoutPasswords = (settings: Record<string, unknown>, storageState: string) => {
  const { organizations } = sandbox.target().users.first;
  settings.users = { first: { organizations, storageState } };
};

const KEPT = '.polar-conformance/sessions/sandbox-first.json';

describe('login', () => {
  it('keeps the session where only its owner can read it, and runs use it from then on', async () => {
    targetFile('own.json', () => undefined);
    const { code, stdout, stderr } = await cli.run('login', 'own.json', '--headless');
    assert.equal(code, 0, stderr);
    assert.match(stdout, /The session of the first user is saved in .*sandbox-first\.json\./);
    assert.equal(statSync(join(cli.cwd, KEPT)).mode & 0o777, 0o600);

    targetFile('kept.json', (settings) => withoutPasswords(settings, `./${KEPT}`));
    const run = await cli.run('run', 'kept.json', '--only', 'authz-code-response', '--json');
    assert.equal(run.code, 0, run.stderr);
    const session = readFileSync(join(cli.cwd, KEPT), 'utf8');
    const cookie = /"value": "([^"]+)"/.exec(session)?.[1] ?? '';
    assert.ok(cookie.length > 8);
    assert.ok(!run.stdout.includes(cookie), 'the session is a secret');
  });

  it('says in one sentence that a session has expired, with the command to run again', async () => {
    const session = readFileSync(join(cli.cwd, KEPT), 'utf8');
    writeFileSync(
      join(cli.cwd, 'old.json'),
      session.replaceAll(/"value": "[^"]+"/g, '"value": "not-a-session-any-more"'),
    );
    targetFile('expired.json', (settings) => withoutPasswords(settings, './old.json'));
    const { code, stderr } = await cli.run('run', 'expired.json', '--only', 'authz-code-response');
    assert.equal(code, 3);
    assert.equal(
      stderr.trim(),
      'The saved session of the first user has expired: run `npx polar-conformance login expired.json` again.',
    );
  });

  it('waits for a user at the page, however many steps that takes', async () => {
    const { username, password } = sandbox.target().users.first;
    const place = join(cli.cwd, 'by-hand.json');
    const file = targetFile('by-hand-target.json', (settings) => withoutPasswords(settings, place));
    const printed: string[] = [];
    const code = await login(
      { target: file, headless: true, timeout: 30 },
      screenTo(printed),
      async (page) => {
        await page.getByLabel('Email').fill(username);
        await page.getByLabel('Password').fill('a slip of the finger');
        await page.getByRole('button', { name: 'Sign in' }).click();
        await page.getByRole('alert').waitFor();
        await page.getByLabel('Email').fill(username);
        await page.getByLabel('Password').fill(password);
        // Nobody waits for what comes of it: the command sees it by itself.
        await page.getByRole('button', { name: 'Sign in' }).click();
      },
    );
    assert.equal(code, 0);
    assert.match(readFileSync(place, 'utf8'), /"cookies"/);
    assert.match(printed.join(''), /saved in .*by-hand\.json/);
  });

  it('keeps nothing when the window is closed or nobody signs in', async () => {
    const place = join(cli.cwd, 'never.json');
    const file = targetFile('never-target.json', (settings) => withoutPasswords(settings, place));
    const shut = login({ target: file, headless: true, timeout: 30 }, screenTo([]), (page) => page.close());
    await assert.rejects(shut, /The window was closed before anyone had signed in\./);
    const idle = login({ target: file, headless: true, timeout: 2 }, screenTo([]), async () => undefined);
    await assert.rejects(idle, /Nobody signed in within 2 s\. The page at .* is still showing\./);
    assert.ok(!cli.left().includes('never.json'));
  });

  it('is refused before anything is sent where something is missing', async () => {
    targetFile('nobody.json', (settings) => withoutPasswords(settings, './nowhere.json'));
    const refused = [
      { words: ['login'], says: /^Name the target to log in at/ },
      {
        words: ['login', 'nobody.json', '--headless'],
        says: /^--headless signs in by username and password/,
      },
      { words: ['login', 'nobody.json', '--user', 'third'], says: /^--user third must be first or second/ },
    ];
    for (const { words, says } of refused) {
      const { code, stderr } = await cli.run(...words);
      assert.equal(code, 2);
      assert.match(stderr, says);
    }
  });
});

function screenTo(printed: string[]): Screen {
  return {
    width: 80,
    colors: false,
    animates: false,
    eraseLine: () => undefined,
    command: () => undefined,
    print: (text) => void printed.push(text),
    note: () => undefined,
    problem: (sentence) => void printed.push(sentence),
  };
}
