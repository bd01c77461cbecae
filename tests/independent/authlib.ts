/**
 * The suite on a server in another language, of another make: Authlib's authorization server on Flask, told by a
 * target file alone. What is red is what `docs/independent.md` says. Needs Debian's python3-authlib and python3-flask, so
 * it is no part of the tests that need npm alone: `npm run independent`.
 */
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { createInterface } from 'node:readline';
import { describe, it } from 'node:test';
import { isObject } from '../../fixtures/parse-json.js';
import { findIds, findVerdicts, runOnSettings } from './run-suite.js';

/** Not copied by the build: it stays where its source is. */
const PROGRAM = new URL('../../../tests/independent/authlib/server.py', import.meta.url).pathname;
/** The version that was looked into; another one has other faults. */
const VERSION = '1.2.0';

/** Each one stands in docs/independent.md with its clause. */
const RED: readonly string[] = [
  'authz-id-token-hint',
  'authz-parameter-duplicate',
  'client-grant-coherence',
  'client-public-no-secret',
  'client-redirect-absolute',
  'client-redirect-fragment',
  'client-redirect-script-scheme',
  'refresh-scope-kept',
  'revoke-hint-unknown',
  'robust-authz-bytes',
  'robust-registration-json',
  'token-auth-two-methods',
  'token-error-format',
  'token-parameter-repeated',
];

/** A Python that has Authlib in this version; null where there is none. */
function python(): string | null {
  const asked = 'import authlib, flask; print(authlib.__version__)';
  const fits = (program: string) =>
    spawnSync(program, ['-c', asked], { encoding: 'utf8', timeout: 30_000 }).stdout?.trim() === VERSION;
  return ['/usr/bin/python3', 'python3'].find(fits) ?? null;
}

describe('Authlib on Flask', () => {
  it('fails where it deviates, and nowhere else', async () => {
    const program = python();
    assert.ok(
      program !== null,
      `No Python has Authlib ${VERSION} and Flask: apt-get install python3-authlib python3-flask.`,
    );
    const child = spawn(program, [PROGRAM], { stdio: ['pipe', 'pipe', 'ignore'] });
    const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
    try {
      const line = await new Promise<string>((resolve, reject) => {
        createInterface({ input: child.stdout }).once('line', resolve);
        child.once('error', reject);
        child.once('exit', (code) => reject(new Error(`the server ended with ${code}`)));
      });
      const printed: unknown = JSON.parse(line);
      assert.ok(isObject(printed) && typeof printed.issuer === 'string');
      const { results } = await runOnSettings({
        name: 'authlib',
        issuer: printed.issuer,
        profile: 'oidc',
        users: {
          first: { username: 'erin', password: 'correct horse erin' },
          second: { username: 'frank', password: 'correct horse frank' },
        },
        registration: { as: 'anonymous' },
        lifetimes: { code: 300, accessToken: 3600, refreshToken: null },
      });
      assert.deepEqual(findVerdicts(results, 'error', 'blocked'), []);
      assert.deepEqual(findIds(results, 'fail', 'warn'), RED);
      assert.ok(findIds(results, 'pass').length > 120, `only ${findIds(results, 'pass').length} passed`);
    } finally {
      child.stdin.end();
      await ended;
    }
  });
});
