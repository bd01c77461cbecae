/** Deviations change what they name and nothing else. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { ConflictingDeviations, changeHead, changeJson } from '../../fixtures/sandbox/deviation.js';
import { strictRules } from '../../fixtures/sandbox/rules/index.js';
import { overrideTable } from '../../fixtures/sandbox/store/table.js';
import {
  BODY,
  Browser,
  exchange,
  ISSUER,
  issueTokens,
  members,
  registerClient,
  sandboxWith,
  sendRegistration,
} from './browser.js';

describe('sandbox rules', () => {
  it('have a clause each', () => {
    for (const [name, { clause }] of Object.entries(strictRules))
      assert.match(clause, /^(RFC|OpenID|OAuth|Polar|OWASP)/, name);
  });

  it('have names that no two files share', async () => {
    const folder = new URL('../../fixtures/sandbox/rules/', import.meta.url);
    const index = readFileSync(new URL('index.js', folder), 'utf8');
    const themes = [...index.matchAll(/from '\.\/([\w-]+\.js)'/g)].map(([, name = '']) => name);
    const modules = await Promise.all(
      themes.map((name): Promise<Record<string, unknown>> => import(new URL(name, folder).href)),
    );
    const names = modules.flatMap((module) =>
      Object.entries(module).flatMap(([name, value]) =>
        name.endsWith('Rules') ? Object.keys(Object(value)) : [],
      ),
    );
    assert.deepEqual(names.sort(), Object.keys(strictRules).sort());
  });
});

describe('sandbox deviations', () => {
  it("can't both replace the same rule", () => {
    const one = { how: 'one way', replace: () => ({ responseIssuer: () => null }) };
    const other = { how: 'another way', replace: () => ({ responseIssuer: () => 'https://x.example' }) };
    assert.throws(
      () => sandboxWith({ deviations: [one, other] }),
      (error: unknown) =>
        error instanceof ConflictingDeviations && /one way.*another way/.test(error.message),
    );
  });

  it('can be combined when they replace and wrap different things', async () => {
    const sandbox = sandboxWith({
      deviations: [
        { how: 'no iss', replace: () => ({ responseIssuer: () => null }) },
        { how: 'one', wrap: { token: changeJson((body) => ({ ...body, added: 1 })) } },
        { how: 'two', wrap: { token: changeJson((body) => ({ ...body, added: [body.added] })) } },
        { how: 'three', wrap: { token: changeHead(({ headers }) => headers.delete('cache-control')) } },
      ],
    });
    const client = await registerClient(sandbox);
    const answer = await new Browser(sandbox).answer(client);
    assert.equal(answer.searchParams.has('iss'), false);
    const response = await exchange(sandbox, client, answer.searchParams.get('code') ?? '');
    assert.equal(response.headers.get('cache-control'), null);
    assert.deepEqual((await members(response)).added, [1]);
  });

  it("can read the request they answer, and the server's state", async () => {
    const sandbox = sandboxWith({
      deviations: [
        {
          how: 'the request is sent back',
          wrap: {
            register: async (response, request, { store }) => {
              const clients = await store.clients.list();
              return Response.json({ sent: await request.json(), clients: clients.length }, response);
            },
          },
        },
      ],
    });
    assert.deepEqual(await members(await sendRegistration(sandbox, BODY)), { sent: BODY, clients: 1 });
  });

  it('answer instead of an endpoint, change its request, or change its state', async () => {
    const sandbox = sandboxWith({
      deviations: [
        {
          how: 'Nothing is served at home, and clients are forgotten.',
          intercept: {
            home: () => new Response(null, { status: 418 }),
            discovery: (request) => new Request(request.url.replace('keep=no', 'keep=yes')),
          },
          store: ({ clients }) => ({ clients: overrideTable(clients, { put: async () => {} }) }),
        },
      ],
    });
    assert.equal((await sandbox.fetch(new Request(`${ISSUER}/`))).status, 418);
    await registerClient(sandbox);
    assert.deepEqual(sandbox.snapshot().clients, []);
  });

  it("don't affect other sandboxes", async () => {
    sandboxWith({ deviations: [{ how: 'no scope', replace: () => ({ tokenResponse: () => ({}) }) }] });
    const strict = sandboxWith();
    assert.equal((await issueTokens(strict, await registerClient(strict))).scope, 'openid email');
  });
});
