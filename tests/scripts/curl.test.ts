/** Printed commands are taken apart by a real shell, and come out as what was sent. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { describe, it } from 'node:test';
import type { SentRequest } from '../../fixtures/evidence/exchange.js';
import { createPalette } from '../../fixtures/output/terminal-text.js';
import { formatCurl } from '../../scripts/repeat/curl.js';
import { Transcript } from '../../scripts/repeat/transcript.js';
import { Variables } from '../../scripts/repeat/variables.js';
import { sampleExchange } from './samples.js';
import { runAndReadArguments } from './shell.js';

const form = { 'content-type': 'application/x-www-form-urlencoded', host: 'auth.example' };

function commandOf(changes: Partial<SentRequest>, variables = new Variables()): string {
  const request = { method: 'POST', url: 'https://auth.example/token', headers: form, body: '', ...changes };
  return formatCurl(request, variables).join('\n');
}

describe('curl commands', () => {
  it('have a variable for every secret, in the same place', () => {
    const command = commandOf({
      headers: { ...form, authorization: 'Bearer ‹access_token 17cc›' },
      body: 'grant_type=authorization_code&code=‹code a3f9›&again=x‹code a3f9›y&client_secret=‹client_secret›',
    });
    assert.deepEqual(
      runAndReadArguments(command, { CODE: 'a b&"$c', CLIENT_SECRET: "it's", ACCESS_TOKEN: '$(id)' }),
      [
        ...['-i', '-sS', '-H', 'content-type: application/x-www-form-urlencoded'],
        ...['-H', 'authorization: Bearer $(id)', '--data-raw', 'grant_type=authorization_code'],
        ...['--data-urlencode', 'code=a b&"$c', '--data-raw', 'again=xa b&"$cy'],
        ...['--data-urlencode', "client_secret=it's", 'https://auth.example/token'],
      ],
    );
  });

  it('distinguish different values of one kind', () => {
    const variables = new Variables();
    commandOf({ body: 'code=‹code a3f9›&code=‹code a3f9, last character changed›&x=‹PATH›' }, variables);
    assert.deepEqual(
      variables.all().map(({ name, label }) => `${name}: ${label}`),
      ['CODE: code a3f9', 'CODE_2: code a3f9, last character changed', 'SECRET_PATH: PATH'],
    );
  });

  const EVIL = [
    `it's "quoted" $HOME \`id\` $(id) \\ \\n !history # * ~ ; | & < > {a,b} [c]`,
    'two\nlines\n',
    'tab\there, return\r, escape \u001b[2J, \u202e reversed, é and 😀',
    "-o/tmp/x\n'; exit 1; '",
  ];
  for (const text of EVIL) {
    it(`send ${JSON.stringify(text).slice(0, 30)} as it is`, () => {
      const json = { 'content-type': 'application/json' };
      const plain = runAndReadArguments(commandOf({ headers: json, body: text }), {});
      assert.equal(plain[plain.indexOf('--data-raw') + 1], text);
      const mixed = runAndReadArguments(commandOf({ headers: json, body: `${text}‹code›${text}` }), {
        CODE: '$x',
      });
      assert.equal(mixed[mixed.indexOf('--data-raw') + 1], `${text}$x${text}`);
      const url = `https://auth.example/?q=${text}`;
      assert.equal(runAndReadArguments(commandOf({ method: 'GET', url }), {}).at(-1), url);
      // biome-ignore lint/suspicious/noControlCharactersInRegex: that a terminal gets none is the point
      assert.doesNotMatch(commandOf({ headers: json, body: text }), /[\u0000-\u0009\u000b-\u001f\u202e]/);
    });
  }

  it('keep method, empty fields, odd paths and bodies without a type', () => {
    assert.deepEqual(runAndReadArguments(commandOf({ method: 'PUT', headers: { 'x-empty': '' } }), {}), [
      ...['-i', '-sS', '-X', 'PUT', '-H', 'x-empty;', 'https://auth.example/token'],
    ]);
    const odd = { method: 'GET', url: 'https://[::1]/a/../b', headers: { host: 'other.example' } };
    assert.deepEqual(runAndReadArguments(commandOf(odd), {}), [
      ...['-i', '-sS', '-g', '--path-as-is', '-H', 'host: other.example', 'https://[::1]/a/../b'],
    ]);
    assert.deepEqual(runAndReadArguments(commandOf({ headers: {}, body: '@file' }), {}), [
      ...['-i', '-sS', '-H', 'content-type:', '--data-raw', '@file', 'https://auth.example/token'],
    ]);
    assert.match(commandOf({ body: 'a\0b' }), /^# No command can send this request/);
  });
});

describe('a transcript', () => {
  it('shows an exchange in full, a page once it was read, and the variables', () => {
    let text = '';
    const transcript = new Transcript((more) => {
      text += more;
    }, createPalette(false));
    const hostile = { ...sampleExchange, note: 'one\u001b[2J\ntwo' };
    transcript.add(hostile);
    const page = (body: string) => ({ ...hostile, n: 2, response: { ...hostile.response, body } });
    transcript.add(page(''));
    transcript.add(page('<p>a page</p>'));
    transcript.end();
    for (const part of [
      '1. one\\x1b[2J two\n',
      '  POST https://auth.example/token\n',
      '  grant_type=authorization_code&code=‹code a3f9›',
      '  HTTP 200\n  content-type: application/json\n',
      '  {"access_token":"‹access_token 17cc›"',
      '\ncurl -i -sS \\\n',
      '2. The page, once it was read\n\n  <p>a page</p>',
      '$CODE  code a3f9\n',
    ]) {
      assert.ok(text.includes(part), `${part} is missing in ${text}`);
    }
    assert.equal(
      spawnSync('sh', ['-n'], { input: text.slice(text.indexOf('\ncurl'), text.indexOf('\n\n2. one')) })
        .status,
      0,
    );
  });
});
