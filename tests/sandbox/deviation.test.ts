/** Deviations change what they name and nothing else; who watches is told which rule decided. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ConflictingDeviations, changeHead, changeJson } from '../../fixtures/sandbox/deviation.js';
import type { SandboxExchange } from '../../fixtures/sandbox/index.js';
import { authorizationRules } from '../../fixtures/sandbox/rules/authorization.js';
import { idTokenRules } from '../../fixtures/sandbox/rules/idtoken.js';
import { strictRules } from '../../fixtures/sandbox/rules/index.js';
import { introspectionRules } from '../../fixtures/sandbox/rules/introspection.js';
import { issuingRules } from '../../fixtures/sandbox/rules/issuing.js';
import { managementRules } from '../../fixtures/sandbox/rules/management.js';
import { metadataRules } from '../../fixtures/sandbox/rules/metadata.js';
import { organizationRules } from '../../fixtures/sandbox/rules/organization.js';
import { personRules } from '../../fixtures/sandbox/rules/person.js';
import { refreshRules } from '../../fixtures/sandbox/rules/refresh.js';
import { registrationRules } from '../../fixtures/sandbox/rules/registration.js';
import { resourceRules } from '../../fixtures/sandbox/rules/resource.js';
import { revocationRules } from '../../fixtures/sandbox/rules/revocation.js';
import { settingsRules } from '../../fixtures/sandbox/rules/settings.js';
import { tokenRules } from '../../fixtures/sandbox/rules/token.js';
import { transportRules } from '../../fixtures/sandbox/rules/transport.js';
import {
  BODY,
  exchange,
  ISSUER,
  members,
  registered,
  sandboxWith,
  sendRegistration,
  tokensOf,
  Visitor,
} from './visitor.js';

describe('sandbox rules', () => {
  it('have a name each, and a clause', () => {
    const themes = [
      authorizationRules,
      idTokenRules,
      managementRules,
      introspectionRules,
      metadataRules,
      organizationRules,
      personRules,
      registrationRules,
      resourceRules,
      settingsRules,
      revocationRules,
      tokenRules,
      refreshRules,
      issuingRules,
      transportRules,
    ];
    const names = themes.flatMap((theme) => Object.keys(theme));
    assert.deepEqual(names.sort(), Object.keys(strictRules).sort());
    for (const { clause } of Object.values(strictRules))
      assert.match(clause, /^(RFC|OpenID|OAuth|Polar|OWASP)/);
  });
});

describe('sandbox deviations', () => {
  it('of two that replace the same rule, the second is refused', () => {
    const one = { how: 'one way', replace: () => ({ responseIssuer: () => null }) };
    const other = { how: 'another way', replace: () => ({ responseIssuer: () => 'https://x.example' }) };
    assert.throws(
      () => sandboxWith({ deviations: [one, other] }),
      (error: unknown) =>
        error instanceof ConflictingDeviations && /one way.*another way/.test(error.message),
    );
  });

  it('go together when they replace and wrap different things', async () => {
    const sandbox = sandboxWith({
      deviations: [
        { how: 'no iss', replace: () => ({ responseIssuer: () => null }) },
        { how: 'one', wrap: { token: changeJson((body) => ({ ...body, added: 1 })) } },
        { how: 'two', wrap: { token: changeJson((body) => ({ ...body, added: [body.added] })) } },
        { how: 'three', wrap: { token: changeHead(({ headers }) => headers.delete('cache-control')) } },
      ],
    });
    const client = await registered(sandbox);
    const answer = await new Visitor(sandbox).answer(client);
    assert.equal(answer.searchParams.has('iss'), false);
    const response = await exchange(sandbox, client, answer.searchParams.get('code') ?? '');
    assert.equal(response.headers.get('cache-control'), null);
    assert.deepEqual((await members(response)).added, [1]);
  });

  it('can read the request that they answer, and what the server remembers', async () => {
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

  it('leave other sandboxes alone', async () => {
    sandboxWith({ deviations: [{ how: 'no scope', replace: () => ({ tokenResponse: () => ({}) }) }] });
    const strict = sandboxWith();
    assert.equal((await tokensOf(strict, await registered(strict))).scope, 'openid email');
  });
});

describe('sandbox exchanges', () => {
  it('are told with the rule that decided against them, and its clause', async () => {
    const seen: SandboxExchange[] = [];
    const sandbox = sandboxWith({ onExchange: (exchange) => seen.push(exchange) });
    const client = await registered(sandbox);
    const visitor = new Visitor(sandbox);
    const code = await visitor.code(client);
    await exchange(sandbox, client, code);
    await exchange(sandbox, client, code);
    await exchange(sandbox, { ...client, client_secret: 'wrong' }, code);
    await visitor.ask(client, { redirect_uri: 'https://evil.example/cb' });
    await sendRegistration(sandbox, { ...BODY, redirect_uris: ['http://app.example.com/cb'] });
    assert.deepEqual(
      seen.map(({ endpoint, rule }) => [endpoint, rule]),
      [
        ['register', null],
        ['authorize', null],
        ['login', null],
        ['authorize', null],
        ['decision', null],
        ['token', null],
        ['token', 'codeUnused'],
        ['token', 'secretMatches'],
        ['authorize', 'redirectUriMatches'],
        ['register', 'redirectUriSecure'],
      ],
    );
    const replay = seen[6];
    assert.equal(replay?.clause, 'RFC 6749 §4.1.2');
    assert.match((await replay?.request.text()) ?? '', /grant_type=authorization_code/);
    assert.match((await replay?.response.text()) ?? '', /invalid_grant/);
  });

  it('are told of what a deviation made of them', async () => {
    const seen: number[] = [];
    const sandbox = sandboxWith({
      deviations: [
        {
          how: '418',
          wrap: {
            home: changeHead((head) => {
              head.status = 418;
            }),
          },
        },
      ],
      onExchange: ({ response }) => seen.push(response.status),
    });
    await sandbox.fetch(new Request(`${ISSUER}/`));
    assert.deepEqual(seen, [418]);
  });
});
