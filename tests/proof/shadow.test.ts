/** A sandbox with a shadow stays healthy, and tells which defects would have answered differently. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { findDefects } from '../../fixtures/sandbox/defects/index.js';
import type { Defect } from '../../fixtures/sandbox/deviation.js';
import { createSandbox, generateKeys } from '../../fixtures/sandbox/index.js';
import { isBeyondShadow, Shadow } from '../../scripts/proof/shadow.js';

const rule: Defect = {
  breaks: 'discovery-scope-openid',
  how: 'A rule says no to everything.',
  replace: () => ({ formMediaType: () => false }),
};
const wrap: Defect = {
  breaks: 'discovery-document',
  how: 'The document has another header.',
  wrap: { discovery: (response) => new Response(response.body, { headers: { 'x-other': '1' } }) },
};
const intercept: Defect = {
  breaks: 'token-exchange',
  how: 'Only one request is answered by another.',
  intercept: {
    token: (request) =>
      request.headers.get('x-trap') === null ? null : new Response('trapped', { status: 500 }),
  },
};
const writes: Defect = {
  breaks: 'token-no-store',
  how: 'Something is remembered for each refused request.',
  wrap: {
    token: async (response, _request, { store }) => {
      await store.sessions.delete('none');
      return response;
    },
  },
};

const keys = await generateKeys();

/** @returns the names of the defects that this request meets, and the answer of the sandbox */
async function meet(path: string, init: RequestInit = {}) {
  const shadow = new Shadow([rule, wrap, intercept, writes]);
  const send = (deviations: readonly [] | readonly [Shadow['deviation']]) =>
    createSandbox({ keys, deviations }).fetch(new Request(`http://localhost${path}`, init));
  const healthy = await send([]);
  const answer = await send([shadow.deviation]);
  assert.equal(answer.status, healthy.status);
  assert.equal(await answer.text(), await healthy.text());
  return [...(await shadow.takeMet())].map(({ breaks }) => breaks).sort();
}

const post = (headers: Record<string, string> = {}): RequestInit => ({
  method: 'POST',
  headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers },
  body: 'grant_type=authorization_code',
});

describe('a shadow', () => {
  it('meets a defect that changes the answer, and none of another endpoint', async () => {
    assert.deepEqual(await meet('/.well-known/openid-configuration'), ['discovery-document']);
    assert.deepEqual(await meet('/.well-known/jwks.json'), []);
  });

  it('meets a rule that decides otherwise, and a defect that would change what the server remembers', async () => {
    assert.deepEqual(await meet('/v1/oauth2/token', post()), ['discovery-scope-openid', 'token-no-store']);
  });

  it('meets a defect only with the request that it answers', async () => {
    const met = await meet('/v1/oauth2/token', post({ 'x-trap': '1' }));
    assert.ok(met.includes('token-exchange'), met.join());
  });

  it('forgets what was taken', async () => {
    const shadow = new Shadow([wrap]);
    const sandbox = createSandbox({ keys, deviations: [shadow.deviation] });
    await sandbox.fetch(new Request('http://localhost/.well-known/openid-configuration'));
    assert.equal((await shadow.takeMet()).size, 1);
    assert.equal((await shadow.takeMet()).size, 0);
  });

  it('sees no defect that remembers differently', () => {
    const [remembers] = findDefects('token-code-concurrent');
    assert.ok(remembers !== undefined);
    assert.equal(isBeyondShadow(remembers), true);
    assert.equal(isBeyondShadow(rule), false);
  });
});
