/** What a server says harms nobody who reads it: no terminal, no CI job, no reader of a file. */
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { after, describe, it } from 'node:test';
import { FORMATS, formatReport } from '../../scripts/report/formats/index.js';
import { makeHarmless, makeHarmlessJson } from '../../scripts/report/harmless.js';
import { renderTerminal } from '../../scripts/report/terminal/index.js';
import { CliRunner } from './cli.js';
import { sampleReport, sampleResult } from './samples.js';

const COMMANDS = [
  '##vso[task.setvariable variable=x]y',
  '##[error]no',
  "##teamcity[buildProblem description='x']",
  '::error file=a::no',
  '  ::set-output name=a::b',
  '::stop-commands::x',
];
const CONTROLS = '\u001b[2J\u0007\u0008\u009b31m\u202e\u2066\u200b\u0000\u007f\r';
const EVIL = `${COMMANDS.join('\n')}\n${CONTROLS}`;
const COMMAND = /##\w*\[|^\s*::[a-z]/im;
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const CONTROL = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200b\u202a-\u202e\u2066-\u2069]/;

// biome-ignore lint/suspicious/noControlCharactersInRegex: what only colors is left out
const COLOR = /\u001b\[\d+m/g;

const report = sampleReport(
  (['fail', 'warn', 'error', 'blocked', 'not-tested', 'known'] as const).map((status) => {
    const result = sampleResult(status, status);
    return {
      ...result,
      message: result.message === null ? null : EVIL,
      reason: result.reason === null ? null : EVIL,
      received: EVIL,
      remarks: [EVIL],
      evidence: result.evidence.map((exchange) => ({
        ...exchange,
        note: EVIL,
        response: { ...exchange.response, headers: { location: EVIL }, body: EVIL },
      })),
    };
  }),
  { target: { name: EVIL, issuer: EVIL, profile: 'polar' } },
);

describe('text from a server', () => {
  for (const format of FORMATS) {
    it(`is harmless in ${format}`, () => {
      const text = formatReport(format, report);
      assert.doesNotMatch(text, CONTROL);
      // HTML is read by browsers alone.
      if (format !== 'html') assert.doesNotMatch(text, COMMAND);
      if (format === 'json') assert.deepEqual(JSON.parse(text), JSON.parse(JSON.stringify(report)));
    });
  }

  for (const width of [40, 41, 57, 80, 100]) {
    it(`is harmless in a terminal of ${width} columns, wherever lines are folded`, () => {
      for (const color of [true, false]) {
        const text = renderTerminal(report, { width, color, quiet: false, savedAs: null });
        const shown = makeHarmless(text, color);
        assert.doesNotMatch(shown, COMMAND);
        assert.doesNotMatch(shown.replaceAll(COLOR, ''), CONTROL);
      }
    });
  }

  it('keeps colors only if there are any', () => {
    assert.equal(makeHarmless('\u001b[31mred\u001b[39m', true), '\u001b[31mred\u001b[39m');
    assert.equal(makeHarmless('\u001b[31mred\u001b[39m', false), 'red');
    assert.equal(makeHarmless('\n[31m', true), '\n[31m');
    assert.equal(makeHarmless('\u001b[31m::error::x', true), '\u001b[31m: :error::x');
  });

  it('stays the same value in JSON', () => {
    const value = { [EVIL]: [EVIL, '\u{e0001}😀'] };
    assert.deepEqual(JSON.parse(makeHarmlessJson(JSON.stringify(value))), value);
    assert.deepEqual(JSON.parse(makeHarmless(JSON.stringify({ a: '\u009b\u{e0001}' }), false)), {
      a: '\u009b\u{e0001}',
    });
  });
});

describe('a command that prints text from a server or file', () => {
  const runner = new CliRunner();
  after(() => runner.remove());

  it('prints neither escape sequences nor commands of a CI system', async () => {
    const server = createServer((_, response) => {
      response.writeHead(400, { 'content-type': 'application/json' });
      response.end(JSON.stringify({ error: EVIL, error_description: EVIL }));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    after(() => server.close());
    const address = server.address();
    assert.ok(address !== null && typeof address === 'object');
    const url = `http://127.0.0.1:${address.port}`;
    for (const words of [
      ['run', url],
      ['doctor', url],
      ['run', `nothing/${EVIL.replaceAll('\u0000', '')}`],
      ['explain', EVIL.replaceAll('\u0000', '')],
      ['run', 'sandbox', '--only', '\u001b[2J::error::x'],
    ]) {
      const { stdout, stderr } = await runner.start(words, { CI: 'true' }).ended;
      assert.doesNotMatch(stdout + stderr, COMMAND, words[0]);
      assert.doesNotMatch(stdout + stderr, CONTROL, words[0]);
    }
  });
});
