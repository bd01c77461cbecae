/**
 * The exit codes, one table: what each command ends with. signals.test.ts tells more of runs that are interrupted,
 * usage.test.ts of usage, and faults.test.ts of our own faults.
 */
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { before, describe, it } from 'node:test';
import { createSandbox } from '../../fixtures/sandbox/index.js';
import { CliRunner } from './cli.js';
import { assertWhole, ends, file, made, NOTHING, type Row } from './exit-code-rows.js';

/** Judged in a moment, without a browser. */
const ONE = ['run', '--only', 'discovery-issuer-match'] as const;
/** Many registrations: no machine is so fast that they end before a deadline of almost nothing. */
const LONG = ['run', '--only', 'client-redirect-script-scheme'] as const;
const BROKEN = [...ONE, '--defect', 'discovery-issuer-match'] as const;
const WARNED = ['run', '--only', 'discovery-pkce-methods', '--defect', 'discovery-pkce-methods'] as const;
const UNTESTED = ['run', '--no-browser', '--only', 'token-exchange'] as const;
const HALF = [...UNTESTED, '--only', 'discovery-document'] as const;

const RUN: readonly Row[] = [
  ['conforming', 0, ONE, NOTHING],
  ['incomplete by not-tested alone, allowed', 0, [...HALF, '--allow-incomplete'], NOTHING],
  ['failed as the baseline expects', 0, [...BROKEN, '--baseline', file('known.json')], NOTHING],
  ['untested as the baseline expects', 0, [...HALF, '--baseline', file('agreed.json')], NOTHING],
  ['what would be done', 0, [...ONE, '--dry-run'], NOTHING],
  ['not conforming', 1, BROKEN, NOTHING],
  ['a warning, strict', 1, [...WARNED, '--strict'], NOTHING],
  ['a stale baseline entry', 1, [...ONE, '--baseline', file('known.json')], NOTHING],
  ['an expired baseline entry', 1, [...ONE, '--baseline', file('expired.json')], NOTHING],
  ['an unknown baseline entry', 1, [...ONE, '--baseline', file('unknown.json')], NOTHING],
  ['an unknown option', 2, [...ONE, '--wrokers', '3'], /no option --wrokers/],
  ["a target that isn't a file", 2, ['run', 'nowhere.json'], /no file nowhere\.json/],
  ['no baseline at that path', 2, [...ONE, '--baseline', 'nowhere.json'], /no baseline at nowhere\.json/],
  ["a file that isn't a baseline", 2, [...ONE, '--baseline', file('nothing.json')], /entries/],
  ['--update-baseline without a baseline', 2, [...ONE, '--update-baseline'], /needs --baseline FILE/],
  ['a folder for a report', 2, [...ONE, '--report', `json=${made.cwd}`], /is a folder/],
  ['nowhere to write', 2, [...ONE, '--out', file('known.json')], /Can't write to the folder/],
  [
    'nowhere to write a report',
    2,
    [...ONE, '--report', 'html=/proc/none/r.html'],
    /Can't write to the folder/,
  ],
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
  ['an error on our side', 3, [...LONG, '--timeout', '0.0001', '--allow-incomplete'], NOTHING],
];

const OTHERS: readonly Row[] = [
  ['nothing is worse', 0, ['compare', file('broken.json'), file('healthy.json')], NOTHING],
  ['something is worse', 1, ['compare', file('healthy.json'), file('broken.json')], NOTHING],
  ['no such report', 2, ['compare', file('healthy.json'), 'nowhere.json'], /no report at nowhere\.json/],
  ["a file that isn't a report", 2, ['compare', file('healthy.json'), file('known.json')], /is not a report/],
  ['all shards conform', 0, ['merge', file('shard-1.json'), file('shard-2.json')], NOTHING],
  ['a shard failed', 1, ['merge', file('shard-1.json'), file('shard-2-broken.json')], NOTHING],
  ['a shard is missing', 3, ['merge', file('shard-1.json'), '--allow-incomplete'], NOTHING],
  [
    'a stale entry',
    1,
    ['merge', file('shard-1.json'), file('shard-2.json'), '--baseline', file('known.json')],
    NOTHING,
  ],
  ["a report that isn't a shard's", 2, ['merge', file('healthy.json')], /not one of a shard/],
  [
    'nowhere to write',
    2,
    ['merge', file('shard-1.json'), '--report', 'json=/proc/none/r'],
    /Can't write to the folder/,
  ],
  ['nothing at fault', 0, ['doctor'], NOTHING],
  ['nobody can sign in', 3, ['doctor', '--no-browser'], NOTHING],
  ['a server that is not there', 3, ['doctor', 'http://127.0.0.1:9'], NOTHING],
  ["a target that isn't a file", 2, ['doctor', 'nowhere.json'], /no file nowhere\.json/],
  ['proven', 0, ['prove', 'discovery-issuer-match'], NOTHING],
  ['not proven', 1, ['prove', 'consent-asked', '--browser', 'no-such-browser'], NOTHING],
  ['no such requirement', 2, ['prove', 'nosuch'], /nosuch/],
  ['the catalog', 0, ['list', '--json'], NOTHING],
  ['an unexpected argument', 2, ['list', 'nosuch', 'more'], /Unexpected argument/],
  ['a requirement', 0, ['explain', 'token-exchange'], NOTHING],
  ['no such requirement', 2, ['explain', 'nosuch'], /nosuch/],
  ['a server that is not there', 3, ['init', 'http://127.0.0.1:9'], /Nothing listens/],
  ["a server that isn't a URL", 2, ['init', 'nosuch'], /nosuch/],
  ["a target that isn't a file", 2, ['login', 'nowhere.json'], /no file nowhere\.json/],
  ["a port that isn't one", 2, ['sandbox', '--port', '99999'], /--port must be a whole number/],
];

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
    for (const [rows, code] of [
      [OTHERS, 0],
      [OTHERS, 1],
      [RUN, 2],
      [RUN, 3],
    ] as const) {
      const row = rows.find((one) => one[1] === code) ?? assert.fail(`no row with ${code}`);
      it(`${code}: ${row[2][0]}, ${row[0]}`, () => ends(row));
    }
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
