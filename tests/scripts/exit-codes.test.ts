/**
 * The exit codes, one table: what each command ends with. Of a run that is interrupted in its midst signals.test.ts
 * tells more, of usage usage.test.ts.
 */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { createSandbox } from '../../fixtures/sandbox/index.js';
import { readReport } from '../../scripts/report/files.js';
import { CliRunner, type Ended } from './cli.js';

/** Judged in a moment, without a browser. */
const ONE = ['run', '--only', 'discovery-issuer-match'] as const;
/** Judged with a browser, by an engine in a process of its own. */
const PAGE = ['run', '--only', 'authz-state-echo'] as const;
const BROKEN = [...ONE, '--defect', 'discovery-issuer-match'] as const;
const WARNED = ['run', '--only', 'discovery-pkce-methods', '--defect', 'discovery-pkce-methods'] as const;
const UNTESTED = ['run', '--no-browser', '--only', 'token-exchange'] as const;
const HALF = [...UNTESTED, '--only', 'discovery-document'] as const;

/** Files that the rows name; made once. */
const made = new CliRunner();
after(() => made.remove());
const file = (name: string) => join(made.cwd, name);

/** What a row says of standard error: nothing at all, or one sentence. */
type Says = 'nothing' | RegExp;
type Row = readonly [
  when: string,
  code: number,
  args: readonly string[],
  says: Says,
  env?: NodeJS.ProcessEnv,
];

const NOTHING = 'nothing';

const RUN: readonly Row[] = [
  ['conforming', 0, ONE, NOTHING],
  ['incomplete by not-tested alone, allowed', 0, [...HALF, '--allow-incomplete'], NOTHING],
  ['broken as the baseline expects', 0, [...BROKEN, '--baseline', file('known.json')], NOTHING],
  ['untested as the baseline expects', 0, [...HALF, '--baseline', file('agreed.json')], NOTHING],
  ['what would be done', 0, [...ONE, '--dry-run'], NOTHING],
  ['not conforming', 1, BROKEN, NOTHING],
  ['a warning, strict', 1, [...WARNED, '--strict'], NOTHING],
  ['a stale baseline entry', 1, [...ONE, '--baseline', file('known.json')], NOTHING],
  ['an expired baseline entry', 1, [...ONE, '--baseline', file('expired.json')], NOTHING],
  ['an unknown baseline entry', 1, [...ONE, '--baseline', file('unknown.json')], NOTHING],
  ['an unknown option', 2, [...ONE, '--wrokers', '3'], /no option --wrokers/],
  ['a target that is no file', 2, ['run', 'nowhere.json'], /no file nowhere\.json/],
  ['no baseline there', 2, [...ONE, '--baseline', 'nowhere.json'], /no baseline at nowhere\.json/],
  ['a baseline that is none', 2, [...ONE, '--baseline', file('nothing.json')], /entries/],
  ['an update of no baseline', 2, [...ONE, '--update-baseline'], /needs --baseline FILE/],
  ['a folder for a report', 2, [...ONE, '--report', `json=${made.cwd}`], /is a folder/],
  ['no place to write', 2, [...ONE, '--out', file('known.json')], /Can’t write to the folder/],
  ['no place for a report', 2, [...ONE, '--report', 'html=/proc/none/r.html'], /Can’t write to the folder/],
  [
    'defects that exclude each other',
    2,
    [...ONE, '--defect', 'token-no-store', '--defect', 'nosuch'],
    /nosuch/,
  ],
  ['a server that is not there', 3, ['run', 'http://127.0.0.1:9'], /^Nothing listens at 127\.0\.0\.1:9/],
  ['not tested', 3, HALF, NOTHING],
  ['nothing judged', 3, UNTESTED, NOTHING],
  ['nothing judged, whatever is allowed', 3, [...UNTESTED, '--allow-incomplete'], NOTHING],
  [
    'nothing judged, as the baseline expects',
    3,
    [...UNTESTED, '--baseline', file('agreed-one.json')],
    NOTHING,
  ],
  ['an error on our side', 3, [...ONE, '--timeout', '0.0001', '--allow-incomplete'], NOTHING],
];

const OTHERS: readonly Row[] = [
  ['nothing is worse', 0, ['compare', file('broken.json'), file('healthy.json')], NOTHING],
  ['something is worse', 1, ['compare', file('healthy.json'), file('broken.json')], NOTHING],
  ['no such report', 2, ['compare', file('healthy.json'), 'nowhere.json'], /no report at nowhere\.json/],
  ['no report', 2, ['compare', file('healthy.json'), file('known.json')], /is not a report/],
  ['all shards conform', 0, ['merge', file('shard-1.json'), file('shard-2.json')], NOTHING],
  ['a shard is broken', 1, ['merge', file('shard-1.json'), file('shard-2-broken.json')], NOTHING],
  ['a shard is missing', 3, ['merge', file('shard-1.json'), '--allow-incomplete'], NOTHING],
  [
    'a stale entry',
    1,
    ['merge', file('shard-1.json'), file('shard-2.json'), '--baseline', file('known.json')],
    NOTHING,
  ],
  ['no shard', 2, ['merge', file('healthy.json')], /not one of a shard/],
  [
    'no place to write',
    2,
    ['merge', file('shard-1.json'), '--report', 'json=/proc/none/r'],
    /Can’t write to the folder/,
  ],
  ['nothing at fault', 0, ['doctor'], NOTHING],
  ['nobody can sign in', 3, ['doctor', '--no-browser'], NOTHING],
  ['a server that is not there', 3, ['doctor', 'http://127.0.0.1:9'], NOTHING],
  ['a target that is no file', 2, ['doctor', 'nowhere.json'], /no file nowhere\.json/],
  ['proven', 0, ['prove', 'discovery-issuer-match'], NOTHING],
  ['not proven', 1, ['prove', 'consent-asked', '--browser', 'no-such-browser'], NOTHING],
  ['no such requirement', 2, ['prove', 'nosuch'], /nosuch/],
  ['the catalog', 0, ['list', '--json'], NOTHING],
  ['no use', 2, ['list', 'nosuch', 'more'], /Unexpected argument/],
  ['a requirement', 0, ['explain', 'token-exchange'], NOTHING],
  ['no such requirement', 2, ['explain', 'nosuch'], /nosuch/],
  ['a server that is not there', 3, ['init', 'http://127.0.0.1:9'], /Nothing listens/],
  ['no URL', 2, ['init', 'nosuch'], /nosuch/],
  ['a target that is no file', 2, ['login', 'nowhere.json'], /no file nowhere\.json/],
  ['a port that is none', 2, ['sandbox', '--port', '99999'], /--port must be a whole number/],
];

/** Each command with a module of its own replaced by one that fails. */
const FAULTS: readonly (readonly [module: string, args: readonly string[]])[] = [
  ['commands/run.js', ONE],
  ['decide.js', ONE],
  ['engine/local-engine.js', ONE],
  ['commands/compare.js', ['compare', file('broken.json'), file('healthy.json')]],
  ['commands/merge.js', ['merge', file('shard-1.json')]],
  ['commands/doctor.js', ['doctor']],
  ['commands/prove.js', ['prove', 'discovery-issuer-match']],
  ['commands/list.js', ['list']],
  ['commands/explain.js', ['explain', 'token']],
  ['commands/init.js', ['init', 'http://127.0.0.1:9']],
  ['commands/sandbox.js', ['sandbox']],
];
const FAULT = /^A fault of polar-conformance itself: .+; details are in \.polar-conformance\/fault\.txt\.$/;

const broken = (module: string): NodeJS.ProcessEnv => ({
  NODE_OPTIONS: `--import=${file('breaking.mjs')}`,
  BROKEN_MODULE: module,
});

/**
 * Runs in a place of its own and looks at all that a command may leave.
 * @param how by the real command, or by the command line's function in this process
 */
async function ends([, code, args, says, env]: Row, how: 'start' | 'call' = 'start'): Promise<void> {
  const cli = new CliRunner();
  try {
    const ended = await (how === 'call' ? cli.call(args, env) : cli.start(args, env).ended);
    assert.equal(ended.code, code, ended.stdout + ended.stderr);
    assertSays(ended, says);
    assertWhole(cli, code);
  } finally {
    cli.remove();
  }
}

function assertSays({ stdout, stderr }: Ended, says: Says): void {
  assert.doesNotMatch(stdout + stderr, /^\s+at .*\.js:\d/m, 'a stack trace is no sentence');
  if (says === NOTHING) assert.equal(stderr, '');
  else {
    assert.match(stderr.trim(), says);
    assert.match(stderr.trim(), /^[^\n]+[.?]$/, 'one sentence');
  }
}

function assertWhole(cli: CliRunner, code: number): void {
  assert.deepEqual(
    cli.left().filter((name) => name.endsWith('.tmp')),
    [],
  );
  assert.deepEqual(cli.leftTemporary(), []);
  const last = join(cli.cwd, '.polar-conformance', 'last.json');
  if (existsSync(last)) assert.equal(readReport(last).exit.code, code);
}

describe('exit codes', () => {
  before(async () => {
    const entry = (id: string, status: string, more: object = {}) => ({
      id,
      status,
      reason: 'Agreed.',
      ...more,
    });
    const baseline = (name: string, ...entries: readonly object[]) =>
      writeFileSync(file(name), JSON.stringify({ entries }));
    baseline('known.json', entry('discovery-issuer-match', 'fail'));
    baseline('expired.json', entry('discovery-issuer-match', 'fail', { expires: '2020-01-01' }));
    baseline('unknown.json', entry('nosuch', 'fail'));
    baseline('agreed.json', entry('token-exchange', 'not-tested'));
    baseline('agreed-one.json', entry('token-exchange', 'not-tested'));
    writeFileSync(file('nothing.json'), '{}');
    const two = ['run', '--only', 'discovery-issuer-match', '--only', 'discovery-stable', '--quiet'];
    const to = (name: string) => ['--report', `json=${file(name)}`];
    const defect = ['--defect', 'discovery-issuer-match', '--defect', 'discovery-pkce-methods'];
    const shard = (which: string) => ['--shard', which];
    await made.call([...two, ...to('healthy.json')]);
    await made.call([...two, ...defect, ...to('broken.json')]);
    await made.call([...two, ...shard('1/2'), ...to('shard-1.json')]);
    await made.call([...two, ...shard('2/2'), ...to('shard-2.json')]);
    const unstable = ['--defect', 'discovery-stable'];
    await made.call([...two, ...shard('2/2'), ...unstable, ...to('shard-2-broken.json')]);
  });

  describe('of run', () => {
    for (const row of RUN) it(`${row[1]}: ${row[0]}`, () => ends(row, 'call'));
  });

  describe('of the others', () => {
    for (const row of OTHERS) it(`${row[1]}: ${row[2][0]}, ${row[0]}`, () => ends(row, 'call'));
  });

  describe('are those of the process', { concurrency: 2 }, () => {
    for (const code of [0, 1, 2, 3]) {
      for (const row of [RUN, OTHERS].map((rows) => rows.find((one) => one[1] === code))) {
        if (row !== undefined) it(`${code}: ${row[2][0]}, ${row[0]}`, () => ends(row));
      }
    }
  });

  describe('of our own faults', { concurrency: 2 }, () => {
    before(() => {
      writeFileSync(
        file('breaking.mjs'),
        `import { register } from 'node:module';
         register('data:text/javascript,' + encodeURIComponent(${JSON.stringify(BREAKING)}), {
           data: { module: process.env.BROKEN_MODULE, late: process.env.BROKEN_LATE === 'yes' },
         });`,
      );
    });
    for (const [module, args] of FAULTS) {
      it(`70: ${args[0]}, when ${module} fails`, () => ends(['', 70, args, FAULT, broken(module)]));
    }

    it("70: even if the details can't be written", async () => {
      const cli = new CliRunner();
      writeFileSync(join(cli.cwd, '.polar-conformance'), 'in the way');
      const ended = await cli.start(['list'], broken('commands/list.js')).ended;
      assert.equal(ended.code, 70);
      assertSays(ended, /; the details could not be written\.$/);
      cli.remove();
    });

    it("70: even if it can't say so properly", () =>
      ends([
        '',
        70,
        ['list'],
        /^Something is wrong with this installation of .*: a part is broken\. Reinstall it\.$/,
        broken('scripts/main.js'),
      ]));

    it('70: even next to work in progress', () =>
      ends(['', 70, ['list'], FAULT, { ...broken('commands/list.js'), BROKEN_LATE: 'yes' }]));

    it("70: if the engine doesn't start, and the details are kept", async () => {
      const cli = new CliRunner();
      const { code, stderr } = await cli.start(PAGE, broken('engine/scheduler.js')).ended;
      assert.equal(code, 70);
      assert.match(stderr.trim(), FAULT);
      assert.match(stderr, /the engine did not start/);
      assert.match(readFileSync(join(cli.cwd, '.polar-conformance/fault.txt'), 'utf8'), /scheduler\.js/);
      assertWhole(cli, code);
      cli.remove();
    });
  });

  it('are kept when standard output is closed', async () => {
    const cli = new CliRunner();
    const { child, ended } = cli.start(BROKEN);
    child.stdout?.destroy();
    const { code, stderr } = await ended;
    assert.equal(code, 1);
    assert.equal(stderr, '');
    assertWhole(cli, 1);
    cli.remove();
  });
});

/** Hooks of Node's own loader: one module of the program is replaced by a failure. */
const BREAKING = `
let broken = '';
let late = false;
export async function initialize(data) { broken = data.module; late = data.late; }
export async function load(url, context, next) {
  if (!url.endsWith('/dist/' + broken) && !url.endsWith('/dist/scripts/' + broken)) return next(url, context);
  const fails = 'throw new TypeError("a part is broken")';
  const source = late ? 'setImmediate(() => { ' + fails + ' }); await new Promise(() => {})' : fails;
  return { format: 'module', shortCircuit: true, source };
}`;

describe('a signal before anything was judged', () => {
  let silent: Server;
  let url = '';
  before(async () => {
    silent = createServer();
    silent.listen(0, '127.0.0.1');
    await once(silent, 'listening');
    const address = silent.address();
    url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`;
  });
  after(() => {
    silent.closeAllConnections();
    silent.close();
  });

  for (const [signal, code, word] of [
    ['SIGINT', 130, 'interrupted'],
    ['SIGTERM', 143, 'terminated'],
  ] as const) {
    it(`${code}: run`, async () => {
      const cli = new CliRunner();
      const asked = once(silent, 'request');
      const { child, ended } = cli.start(['run', url, '--json']);
      await asked;
      child.kill(signal);
      const end = await ended;
      assert.equal(end.code, code);
      assert.match(end.stderr, new RegExp(`The run was ${word} before anything was judged\\.\\n$`));
      const report: unknown = JSON.parse(end.stdout);
      assert.ok(typeof report === 'object' && report !== null && 'exit' in report);
      assert.deepEqual(report.exit, { code, reasons: [`The run was ${word} before anything was judged.`] });
      assertWhole(cli, code);
      cli.remove();
    });
  }

  it('130: doctor', async () => {
    const cli = new CliRunner();
    const asked = once(silent, 'request');
    const { child, ended } = cli.start(['doctor', url]);
    await asked;
    child.kill('SIGINT');
    const end = await ended;
    assert.equal(end.code, 130);
    assertSays(end, /^The check-up was interrupted\.$/);
    assertWhole(cli, 130);
    cli.remove();
  });
});

describe('a login that is impossible', () => {
  it('3: run', async () => {
    const sandbox = createSandbox({});
    const listening = await sandbox.listen();
    try {
      const { users, ...settings } = sandbox.target();
      const first = { ...users.first, password: 'not hers' };
      writeFileSync(file('wrong.json'), JSON.stringify({ ...settings, users: { first } }));
      await ends([
        '',
        3,
        ['run', file('wrong.json'), '--only', 'token-exchange'],
        /^The first user can.t sign in/,
      ]);
    } finally {
      await listening.close();
    }
  });
});
