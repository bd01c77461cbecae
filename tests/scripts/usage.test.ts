/** Mistakes at the command line: one sentence, the right exit code, and nothing sent. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { CliRunner, type Ended } from './cli.js';

const cli = new CliRunner();
after(() => cli.remove());

/** A server that only counts, and answers with what it is told. */
let server: Server;
let url = '';
let requests = 0;
let body = '{}';
before(async () => {
  server = createServer((_request, response) => {
    requests += 1;
    response.setHeader('content-type', 'application/json');
    response.end(body);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
after(() => server.close());

function oneSentence({ stdout, stderr }: Ended, what: RegExp): void {
  assert.equal(stdout, '');
  assert.match(stderr, what);
  assert.equal(stderr.trim().split('\n').length, 1, stderr);
  assert.doesNotMatch(stderr, / at .*\.js:\d/, 'a stack trace is no sentence');
}

describe('usage', () => {
  const file = (name: string, text: string) => {
    writeFileSync(join(cli.cwd, name), text);
    return name;
  };
  before(() => {
    file('unknown-key.json', JSON.stringify({ issuer: url, isuer: url }));
    file('no.json', 'not json');
    file('unset.json', JSON.stringify({ issuer: url, users: { first: { password: '$NO_SUCH_VARIABLE' } } }));
  });

  const ROWS: readonly (readonly [readonly string[], RegExp])[] = [
    [[], /^Which command\?/],
    [['rum'], /no command rum\. Did you mean run\?/],
    [['run', '--wrokers', '3'], /no option --wrokers\. Did you mean --workers\?/],
    [['run', '--only'], /--only needs a value/],
    [['run', '--profile', 'oidc', '--profile', 'polar'], /--profile is given twice/],
    [['sandbox', '--port', '1', '--port', '2'], /--port is given twice/],
    [['run', 'one', 'two'], /Unexpected argument: two/],
    [['run', 'nosuchfile.json'], /no file nosuchfile\.json/],
    [['run', 'unknown-key.json'], /isuer.*did you mean issuer/],
    [['run', 'no.json'], /no\.json is not valid JSON/],
    [['run', 'unset.json'], /NO_SUCH_VARIABLE/],
    [['run', '--only', 'token-exchang'], /Did you mean token-exchange\?/],
    [['run', '--skip', 'token-exchang'], /Did you mean token-exchange\?/],
    [['run', '--chapter', 'tokn'], /Did you mean token\?/],
    [['run', '--clause', 'RFC 6749#99'], /no requirement cites RFC 6749#99\. Did you mean RFC 6749#/],
    [['run', '--level', 'PERHAPS'], /must be one of MUST, SHOULD, MAY/],
    [['run', '--profile', 'pola'], /must be one of oauth, oidc, polar/],
    [['run', '--defect', 'token-exchang'], /no defect breaks token-exchang\. Did you mean token-exchange\?/],
    [['run', '--workers', '0'], /whole number from 1/],
    [['run', '--workers', 'many'], /whole number from 1/],
    [['run', '--timeout', '0'], /number of seconds/],
    [['run', '--shard', '3'], /--shard 3 isn't valid\. Write --shard 1\/3/],
    [['run', '--shard', '0/3'], /--shard 0\/3 isn't valid/],
    [['run', '--shard', '4/3'], /--shard 4\/3 isn't valid/],
    [['run', '--shard', '1/3x'], /--shard 1\/3x isn't valid/],
    [
      ['run', '--only', 'token-exchange', '--shard', '2/3'],
      /--shard 2\/3 is empty: the selection has only 1\./,
    ],
    [['prove', '--matrix', '--variants'], /can't be combined/],
    [['run', '--report', 'pdf=x'], /FORMAT=FILE, where FORMAT is one of json, junit, html, markdown/],
    [['run', '--report', 'json'], /FORMAT=FILE, where FORMAT is one of json, junit, html, markdown/],
    [['run', '--failed'], /There is no report at/],
    [['run', '--out', 'no.json'], /Can't write to/],
    [['explain', 'tokn'], /no requirement or chapter tokn\. Did you mean token\?/],
    [['explain'], /needs a name after it/],
    [['sandbox', '--port', '99999'], /--port must be/],
  ];
  for (const [args, sentence] of ROWS) {
    it(`refuses: ${args.join(' ') || 'no command'}`, async () => {
      const ended = await cli.run(...args);
      oneSentence(ended, sentence);
      assert.equal(ended.code, 2);
    });
  }

  it('has sent nothing, also where a server was named', async () => {
    for (const more of [
      ['--only', 'nosuch'],
      ['--defect', 'token-exchange'],
      ['--chapter', 'org-x'],
    ]) {
      assert.equal((await cli.run('run', url, ...more)).code, 2);
    }
    assert.equal(requests, 0);
  });

  it('leaves nothing in the temporary files', () => assert.deepEqual(cli.leftTemporary(), []));
});

describe('preflight', () => {
  it('says that nothing listens', async () => {
    const ended = await cli.run('run', 'http://127.0.0.1:9');
    oneSentence(ended, /^Nothing listens at 127\.0\.0\.1:9: correct host and port in issuer.*\.$/m);
    assert.equal(ended.code, 3);
  });

  const BODIES: readonly (readonly [string, RegExp])[] = [
    ['[]', /no JSON object/],
    ['<html>', /no JSON object/],
    ['{}', /names no authorization_endpoint/],
    ['{"authorization_endpoint":"https://a.example/"}', /names no token_endpoint/],
  ];
  for (const [answer, sentence] of BODIES) {
    it(`stops at a document like ${answer}`, async () => {
      body = answer;
      const ended = await cli.run('run', url);
      oneSentence(ended, sentence);
      assert.equal(ended.code, 3);
    });
  }

  it('gives programs a report that says so', async () => {
    body = '[]';
    const { code, stdout, stderr } = await cli.run('run', url, '--json');
    const report: unknown = JSON.parse(stdout);
    assert.ok(typeof report === 'object' && report !== null && 'verdict' in report && 'exit' in report);
    assert.equal(report.verdict, 'incomplete');
    assert.deepEqual(report.exit, { code: 3, reasons: [stderr.trim()] });
    assert.equal(code, 3);
  });

  it('keeps the last report of a run that judged something', () => {
    assert.ok(!cli.left().includes('.polar-conformance/last.json'));
  });
});
