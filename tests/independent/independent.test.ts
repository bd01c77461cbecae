/**
 * The suite on a server that nobody here wrote, told by nothing but a target file: no false alarm on it, and
 * faults that are put in from outside are found under the right id.
 */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Fault } from './fault-proxy.js';
import { findVerdicts, runOnFile } from './run-suite.js';
import { type IndependentServer, startIndependentServer } from './start-oidc-provider.js';

const run = (server: IndependentServer, ...more: string[]) =>
  runOnFile(server.targetFile, server.folder, ...more);

const isToken = (path: string) => path.startsWith('/token');

/** Each fault as the rule's id and what the proxy changes. */
const FAULTS: Readonly<Record<string, () => Fault>> = {
  'token-no-store': () => (passing) => {
    if (isToken(passing.path)) delete passing.headers['cache-control'];
  },
  'authz-state-echo': () => (passing) => {
    const { location } = passing.headers;
    if (typeof location === 'string') {
      passing.headers.location = location.replace(/([?&]state=)[^&]*/, '$1lost');
    }
  },
  'discovery-required-members': () => (passing) => {
    if (!passing.path.startsWith('/.well-known/openid-configuration')) return;
    passing.body = passing.body.replace('"subject_types_supported"', '"no_such_member"');
  },
  'discovery-jwks-public-only': () => (passing) => {
    if (passing.path.startsWith('/jwks')) passing.body = passing.body.replace('"kty"', '"d":"AQAB","kty"');
  },
  'token-code-single-use': () => {
    const answered = new Map<string, { status: number; body: string }>();
    return (passing) => {
      if (!isToken(passing.path)) return;
      const code = new URLSearchParams(passing.requestBody).get('code');
      if (code === null) return;
      const earlier = answered.get(code);
      if (earlier !== undefined) Object.assign(passing, earlier);
      else if (passing.status === 200) answered.set(code, { status: 200, body: passing.body });
    };
  },
  'consent-xss-client': () => (passing) => {
    if (!passing.path.startsWith('/interaction/')) return;
    passing.body = passing.body.replaceAll('&lt;', '<').replaceAll('&gt;', '>');
  },
};

/** Without its state no response reaches anybody, so no other requirement can be judged. */
const STATE = 'authz-state-echo';
const BROKEN_TOGETHER: readonly (readonly string[])[] = [
  [STATE],
  ['token-no-store', 'discovery-required-members', 'consent-xss-client'],
  ['discovery-jwks-public-only', 'token-code-single-use'],
];

describe('oidc-provider, strictly configured', () => {
  let server: IndependentServer;
  before(async () => {
    server = await startIndependentServer();
  });
  after(() => server.close());

  it('breaks no requirement of profile oidc', async () => {
    const { results } = await run(server);
    assert.ok(results.length > 50, `only ${results.length} results`);
    assert.deepEqual(findVerdicts(results, 'fail', 'error', 'blocked'), []);
    const judged = findVerdicts(results, 'pass', 'warn').length;
    assert.ok(
      judged > 60,
      `only ${judged} judged: ${findVerdicts(results, 'not-tested', 'not-applicable').join('\n')}`,
    );
  });

  for (const broken of BROKEN_TOGETHER) {
    it(`fails when a fault breaks ${broken.join(', ')}, and nothing else does`, async () => {
      const faults = broken.map((id) => FAULTS[id]?.() ?? assert.fail(`there is no fault ${id}`));
      server.proxy.setFault((passing) => {
        for (const fault of faults) fault(passing);
      });
      // Those that other faults break are judged as well where they can be.
      const judged = broken.includes(STATE) ? broken : Object.keys(FAULTS).filter((id) => id !== STATE);
      try {
        const { code, results } = await run(server, ...judged.flatMap((id) => ['--only', id]));
        assert.deepEqual(
          new Map(results.map(({ id, status }) => [id, status])),
          new Map(judged.map((id) => [id, broken.includes(id) ? 'fail' : 'pass'])),
        );
        assert.equal(code, 1);
      } finally {
        server.proxy.setFault(null);
      }
    });
  }
});
