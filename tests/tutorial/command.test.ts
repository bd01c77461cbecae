/** `tutorial` as a learner calls it: killed and resumed, alone on its file, without a terminal, and played by itself. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { promisify, stripVTControlCharacters } from 'node:util';
import { listenOnLoopback } from '../../fixtures/sandbox/listen.js';
import { env } from '../../scripts/tutorial/env.js';
import { lessons } from '../../tutorial/lessons/index.js';
import { exchangeCode } from '../../tutorial/lessons/steps.js';
import { filled, type Name, SECRET_NAMES } from '../../tutorial/lessons/values.js';
import { privateChannel } from '../../tutorial/private/client.js';
import { formatVariables } from '../../tutorial/shell/variables.js';
import { readState } from '../../tutorial/state/file.js';
import { lockPath, readLock } from '../../tutorial/state/lock.js';
import type { Saved } from '../../tutorial/tutorial-options.js';
import { CliRunner, type Started } from '../scripts/cli.js';

const cli = new CliRunner();
/** Programs that the tutorial starts write to the streams of its process. */
const run = (...args: readonly string[]) => cli.start(args).ended;
after(() => cli.remove());

const SHOWN = 'supposed to fail';

/** Starts the tutorial on a file and waits until it shows its lesson. */
async function begin(file: string, ...args: readonly string[]): Promise<Started> {
  const started = cli.start(['tutorial', '--state', file, '--no-open', ...args]);
  await started.printed(' of ');
  await started.printed('about ');
  return started;
}

async function end(started: Started, signal: 'SIGINT' | 'SIGTERM' | 'SIGKILL' = 'SIGTERM') {
  started.child.kill(signal);
  return started.ended;
}

/** Redeems the code of the lesson with the values of `tutorial env`. @returns the status */
async function redeem(file: string): Promise<number> {
  const values = await privateChannel(file).values();
  const form = Object.entries(exchangeCode.form ?? {}).map(([name, value]) => [name, filled(value, values)]);
  const response = await fetch(filled(exchangeCode.url, values), {
    method: 'POST',
    body: new URLSearchParams(form),
  });
  await response.body?.cancel();
  return response.status;
}

function savedIn(file: string): Saved {
  const reading = readState(file);
  assert.ok(reading.kind === 'saved', JSON.stringify(reading));
  return reading.saved;
}

const fileFor = (name: string): string => join(cli.cwd, name, 'tutorial.json');

describe('a tutorial that is killed', () => {
  it('resumes the same lesson with the same client, and loses nothing', async () => {
    const file = fileFor('killed');
    const first = await begin(file, '--lesson', 'exchange');
    await first.printed(SHOWN);
    const before = await privateChannel(file).values();
    assert.equal(await redeem(file), 200);
    await first.printed('done: Redeem the code');
    await end(first, 'SIGKILL');
    assert.ok(existsSync(lockPath(file)), 'it could not remove its lock');
    const left = savedIn(file);
    assert.equal(left.current, 'exchange');
    assert.deepEqual(left.progress.exchange?.reached, ['redeemed']);
    writeFileSync(`${file}.0123abcd.tmp`, '{"half');

    const second = await begin(file);
    await second.printed('to do: Send the same code again');
    const values = await privateChannel(file).values();
    for (const name of ['ISSUER', 'CLIENT_ID', 'CLIENT_SECRET', 'REDIRECT_URI'] as const) {
      assert.equal(values[name], before[name], name);
    }
    await redeem(file);
    await redeem(file);
    await second.printed('done: Send the same code again');
    const { code, stdout } = await end(second, 'SIGINT');
    assert.equal(code, 0, 'being ended is how it ends');
    assert.equal(savedIn(file).progress.exchange?.status, 'done');
    assert.deepEqual(readdirSync(join(cli.cwd, 'killed')), ['tutorial.json']);
    for (const name of SECRET_NAMES) assert.ok(!stdout.includes(values[name] ?? '\0'), name);
    assert.equal(statSync(file).mode & 0o777, 0o600);
    assert.doesNotMatch(readFileSync(file, 'utf8'), /polar_(?:ac|at|rt)_/, 'neither codes nor tokens');
  });
});

describe('verify-with', () => {
  it("tries a verifier on the running tutorial's tokens, and reports a correct one", async () => {
    const file = fileFor('verified');
    const running = await begin(file, '--lesson', 'id-token');
    const sample = new URL('../../tutorial/samples/verifier.js', import.meta.url).pathname;
    const tried = ['tutorial', 'verify-with', '--state', file];
    const [decoding, missing, none] = await Promise.all([
      run(...tried, '--', 'cat'),
      run(...tried, '--', 'no-such-program', '--list'),
      run(...tried),
    ]);
    assert.equal(decoding.code, 1, decoding.stderr);
    assert.match(decoding.stdout, /^✗ It accepted a token that isn’t signed/m);
    assert.equal(missing.code, 2);
    assert.match(missing.stdout, /could not be started/);
    assert.equal(none.code, 2);
    assert.match(none.stderr, /^Name your verifier after two dashes: [^\n]+\n$/);
    assert.ok(!(savedIn(file).progress['id-token']?.reached ?? []).includes('verifier'));
    const right = await run(...tried, '--', process.execPath, sample);
    assert.equal(right.code, 0, right.stdout);
    await end(running);
    assert.ok(savedIn(file).progress['id-token']?.reached.includes('verifier'));
  });
});

describe('a second tutorial, env and a port that is taken', () => {
  it('are rejected in one sentence', async () => {
    const file = fileFor('shared');
    const first = await begin(file, '--lesson', 'exchange');
    const lock = readLock(lockPath(file));
    assert.ok(lock?.page != null);
    const [second, taken, listed] = await Promise.all([
      run('tutorial', '--state', file),
      run('tutorial', '--state', fileFor('other'), '--port', String(new URL(lock.page).port)),
      run('tutorial', '--state', file, '--list'),
    ]);
    assert.equal(second.code, 2);
    assert.equal(
      second.stderr,
      `A tutorial is already running with ${file}: ${lock.page}. Continue there, or use --state to name another file.\n`,
    );
    assert.equal(taken.code, 2);
    assert.match(taken.stderr, /^Port \d+ is in use\. Use --port 0 for any free port\.\n$/);
    assert.equal(existsSync(lockPath(fileFor('other'))), false);
    assert.equal(listed.code, 0);
    assert.match(listed.stdout, /exchange {2}Exchange the code for tokens \(4 min, you are here\)/);

    const values = await privateChannel(file).values();
    const printed = await run('tutorial', 'env', '--state', file);
    assert.equal(printed.code, 0, printed.stderr);
    const { stdout } = await promisify(execFile)('sh', [
      '-c',
      `${printed.stdout}\nprintf '%s' "$CLIENT_SECRET"`,
    ]);
    assert.equal(stdout, values.CLIENT_SECRET);
    await end(first);
    const none = await run('tutorial', 'env', '--state', file);
    assert.equal(none.code, 2);
    assert.match(none.stderr, /^No tutorial is running with [^\n]*\n$/);
    assert.equal(none.stdout, '');

    const { port } = new URL(lock.page);
    const busy = await listenOnLoopback(() => new Response(null), Number(port));
    try {
      const moved = await begin(file);
      const now = savedIn(file);
      assert.notEqual(now.ports.page, Number(port));
      assert.equal(now.clients[0]?.redirect_uris[0], `http://localhost:${now.ports.page}/callback`);
      const { stdout: said } = await end(moved);
      assert.match(said.replaceAll(/\s+/g, ' '), new RegExp(`Port ${port} is in use by another program now`));
    } finally {
      await busy.close();
    }
  });

  it('env prints nothing to a screen, and quotes its output', async () => {
    const printed: string[] = [];
    const screen = {
      width: 80,
      colors: false,
      animates: false,
      eraseLine: () => undefined,
      command: () => undefined,
      print: (text: string) => void printed.push(text),
      note: () => undefined,
      problem: () => undefined,
    };
    await assert.rejects(env({ state: "it's", powershell: false }, screen, true), {
      name: 'UsageError',
      message: `This prints secrets, so it only writes to a shell. Run: eval "$(npx polar-conformance tutorial env --state 'it'\\''s')"`,
    });
    assert.deepEqual(printed, []);
    const values: Partial<Record<Name, string>> = { CODE: "a'b$(c)", CLIENT_ID: 'x' };
    assert.equal(formatVariables(values, 'sh'), "export CLIENT_ID='x'\nexport CODE='a'\\''b$(c)'\n");
    assert.equal(formatVariables(values, 'powershell'), "$env:CLIENT_ID = 'x'\n$env:CODE = 'a''b$(c)'\n");
  });
});

describe('a tutorial without a terminal', () => {
  it('prints plain lines, waits for requests and not for keys, and survives a damaged file', async () => {
    const file = fileFor('damaged');
    mkdirSync(join(cli.cwd, 'damaged'));
    writeFileSync(file, '{"version": 1');
    const started = cli.start(['tutorial', '--state', file]);
    await started.printed('to do: ');
    assert.equal(readFileSync(`${file}.bak`, 'utf8'), '{"version": 1');
    const page = readLock(lockPath(file))?.page;
    assert.ok(page != null);
    assert.equal((await fetch(page)).status, 200, 'it goes on serving');
    const socket = connect(Number(new URL(page).port), '127.0.0.1');
    socket.on('error', () => undefined);
    const { code, stdout, stderr } = await end(started);
    socket.destroy();
    assert.equal(code, 0);
    assert.equal(stderr, '');
    assert.match(
      stdout.replaceAll(/\s+/g, ' '),
      /is damaged: it isn’t valid JSON\. It was moved to .*\.bak, and you're starting over\./,
    );
    assert.equal(stdout, stripVTControlCharacters(stdout));
    assert.doesNotMatch(stdout, /h hint|[✓○◐]/);
    assert.equal(existsSync(lockPath(file)), false);
  });

  it('ends when its output is closed', async () => {
    const file = fileFor('unread');
    const started = await begin(file, '--lesson', 'exchange');
    await started.printed(SHOWN);
    started.child.stdout?.destroy();
    await redeem(file);
    const { code, stderr } = await started.ended;
    assert.equal(code, 0, stderr);
    assert.equal(stderr, '');
    assert.deepEqual(savedIn(file).progress.exchange?.reached, ['redeemed']);
  });

  it("can't start if nothing can be saved", async () => {
    const blocked = join(cli.cwd, 'a-file');
    writeFileSync(blocked, '');
    const { code, stderr } = await cli.start(['tutorial'], { XDG_STATE_HOME: blocked }).ended;
    assert.equal(code, 2);
    assert.match(
      stderr,
      /^Progress can’t be saved in [^\n]* \(ENOTDIR\)\. Use --state FILE to name another file\.\n$/,
    );
  });
});

describe('a tutorial that is reset', () => {
  it('forgets progress and clients, and keeps its ports', async () => {
    const file = fileFor('reset');
    const first = await begin(file, '--lesson', 'exchange');
    await first.printed(SHOWN);
    await redeem(file);
    await first.printed('done: Redeem the code');
    await end(first);
    const before = savedIn(file);
    const one = await begin(file, '--reset', 'exchange');
    await one.printed('to do: Redeem the code');
    await end(one);
    assert.deepEqual(savedIn(file).progress, {});
    assert.equal(savedIn(file).values.CLIENT_ID, before.values.CLIENT_ID);
    await end(await begin(file, '--reset'));
    const after = savedIn(file);
    assert.equal(after.current, lessons[0]?.id);
    assert.deepEqual(after.ports, before.ports);
    assert.ok(!after.clients.some(({ client_id }) => client_id === before.values.CLIENT_ID));
  });
});
