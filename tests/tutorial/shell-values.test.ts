/** The values for the learner's shell: by curl from any folder, only with the key of this start. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { promisify } from 'node:util';
import { envCommands, envRoutes } from '../../tutorial/shell/routes.js';
import { Tutorial } from '../../tutorial/tutorial.js';

const run = promisify(execFile);
const KEY = 'a-key-of-this-start';

let tutorial: Tutorial;
let folder = '';
before(async () => {
  tutorial = await Tutorial.open();
  const routes = envRoutes(tutorial, KEY);
  tutorial.serve((request) => routes(request) ?? new Response('other', { status: 404 }));
  await tutorial.go('exchange');
  folder = mkdtempSync(join(tmpdir(), 'polar-conformance-test-'));
});
after(async () => {
  await tutorial.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Runs lines in a shell whose folder is empty. */
const inShell = (lines: string) => run('sh', ['-c', lines], { cwd: folder, env: { PATH: process.env.PATH } });

describe('the values for a shell', () => {
  it('are set by the curl line, with one line that names them and shows none', async () => {
    const { sh } = envCommands(tutorial.addresses.page, KEY);
    const { stdout, stderr } = await inShell(`${sh}\nprintf %s "$ISSUER|$CLIENT_SECRET"`);
    assert.equal(stdout, `${tutorial.values.ISSUER}|${tutorial.values.CLIENT_SECRET}`);
    assert.match(stderr, /^Set \d+ variables: ISSUER, .*CLIENT_SECRET/);
    assert.ok(!stderr.includes(tutorial.values.CLIENT_SECRET ?? '?'));
  });

  it('are lines for PowerShell as well', async () => {
    const response = await fetch(`${tutorial.addresses.page}env/${KEY}.ps1`);
    const text = await response.text();
    assert.match(text, /^\$env:ISSUER = 'http:\/\/localhost:\d+'$/m);
    assert.match(text, /^Write-Host 'Set \d+ variables: /m);
    assert.equal(response.headers.get('cache-control'), 'no-store');
  });

  it("aren't served for an old key, another host name or another method", async () => {
    const { sh } = envCommands(tutorial.addresses.page, 'an-older-key');
    const { stdout, stderr } = await inShell(`${sh}\nprintf %s "$ISSUER"`);
    assert.equal(stdout, '');
    assert.match(stderr, /^Nothing was set: this command is from an earlier start of the tutorial\./);
    const address = `${tutorial.addresses.page}env/${KEY}`;
    assert.equal((await fetch(address, { method: 'POST' })).status, 403);
    const routes = envRoutes(tutorial, KEY);
    const request = new Request(address, { headers: { host: 'attacker.example' } });
    assert.equal((await routes(request))?.status, 403);
  });
});

describe('the state of a callback', () => {
  it('is compared with the authorization requests that the learner sent', async () => {
    const learner = tutorial.learner(false);
    const { authorize } = await import('../../tutorial/lessons/steps.js');
    await learner.send(authorize, { query: { state: 'the-first-state' } });
    await learner.send(authorize, { query: { state: 'the-second-state' } });
    await tutorial.settled();
    assert.equal(tutorial.matchState('the-second-state'), 'last');
    assert.equal(tutorial.matchState('the-first-state'), 'earlier');
    assert.equal(tutorial.matchState('a-planted-state'), 'none');
  });
});
