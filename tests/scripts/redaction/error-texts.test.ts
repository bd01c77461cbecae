/** A sentence about a target file or a command line that's wrong never repeats a secret of it. */
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { CliRunner } from '../cli.js';
import { Search } from './spellings.js';

const cli = new CliRunner();
after(() => cli.remove());

describe('error texts', () => {
  const secret = 'p4ssw0rd-that-nobody-may-read';
  const text = (value: unknown) => (typeof value === 'string' ? value : JSON.stringify(value));
  const issuer = 'http://127.0.0.1:9';
  const FILES: readonly (readonly [string, unknown])[] = [
    ['of a wrong type', { issuer, people: { first: { username: 'alice', password: [secret] } } }],
    ['in the wrong place', { issuer, registration: secret }],
    ['as a wrong choice', { issuer, registration: { as: secret } }],
    [
      'beside an unknown key',
      { issuer, clients: { first: { client_id: 'a', client_secret: secret, secrt: secret } } },
    ],
    ["in text that isn't JSON", `{ "issuer": "${issuer}", "users": { "first": { "password": "${secret}" }`],
    [
      'in the path of a file',
      { issuer, tls: { ca: './nowhere.pem' }, clients: { first: { client_id: 'a', client_secret: secret } } },
    ],
    ['in the issuer', { issuer: `http://alice:${secret}@127.0.0.1:9` }],
    ['in the query of the discovery URL', { issuer, discovery: `${issuer}/.well-known/x?token=${secret}` }],
    ['where nothing listens', { issuer, people: { first: { username: 'alice', password: secret } } }],
  ];
  for (const [where, content] of FILES) {
    it(`don't repeat a secret ${where}`, async () => {
      writeFileSync(join(cli.cwd, 'mistaken.json'), text(content));
      const { code, stdout, stderr } = await cli.run('run', 'mistaken.json', '--only', 'discovery-document');
      assert.ok(code === 2 || code === 3, `${code}: ${stderr}`);
      assert.equal(stderr.trim().split('\n').length, 1, stderr);
      assert.deepEqual(new Search(new Map([[secret, 'password']])).in(stdout + stderr), []);
    });
  }

  it("don't repeat it from the command line", async () => {
    const { code, stdout, stderr } = await cli.run('run', `http://alice:${secret}@127.0.0.1:9`);
    assert.ok(code === 2 || code === 3, stderr);
    assert.deepEqual(new Search(new Map([[secret, 'password']])).in(stdout + stderr), []);
  });
});
