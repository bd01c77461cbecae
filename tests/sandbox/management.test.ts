/** A client reads, changes and deletes its own record with its registration access token. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Sandbox } from '../../fixtures/sandbox/index.js';
import { BODY, isRefused, members, registered, sandboxWith, sendRegistration, text } from './visitor.js';

interface Managed {
  readonly uri: string;
  readonly token: string;
  readonly record: Readonly<Record<string, unknown>>;
}

async function managed(sandbox: Sandbox): Promise<Managed> {
  const record = await members(await sendRegistration(sandbox, BODY));
  return {
    record,
    uri: text(record.registration_client_uri),
    token: text(record.registration_access_token),
  };
}

function send(
  sandbox: Sandbox,
  { uri }: Pick<Managed, 'uri'>,
  token: string | null,
  init: RequestInit = {},
): Promise<Response> {
  const headers = new Headers(init.headers);
  if (token !== null) headers.set('authorization', `Bearer ${token}`);
  return sandbox.fetch(new Request(uri, { ...init, headers }));
}

const put = (sandbox: Sandbox, client: Managed, body: Readonly<Record<string, unknown>>): Promise<Response> =>
  send(sandbox, client, client.token, {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });

/** The record less what the server alone sets. */
function asUpdate({ record }: Managed, changes: Readonly<Record<string, unknown>> = {}) {
  const {
    registration_access_token: _token,
    registration_client_uri: _uri,
    client_secret_expires_at: _expires,
    client_id_issued_at: _issued,
    ...rest
  } = record;
  return { ...rest, ...changes };
}

describe('sandbox client management', () => {
  const sandbox = sandboxWith();

  it('returns the record to its token', async () => {
    const client = await managed(sandbox);
    const response = await send(sandbox, client, client.token);
    assert.equal(response.status, 200);
    assert.equal(response.headers.get('cache-control'), 'no-store');
    assert.deepEqual(await members(response), client.record);
  });

  it('answers 401 with a challenge without token, to another token, and where there is no such client', async () => {
    const [client, other] = [await managed(sandbox), await managed(sandbox)];
    const nowhere = { uri: `${client.uri}x` };
    for (const [place, token] of [
      [client, null],
      [client, 'polar_crt_unknown'],
      [client, other.token],
      [nowhere, client.token],
      [{ uri: client.uri.replace(/[^/]*$/, '%ff') }, client.token],
    ] as const) {
      const response = await send(sandbox, place, token);
      assert.equal(response.status, 401);
      assert.match(response.headers.get('www-authenticate') ?? '', /^Bearer /);
    }
    assert.equal((await send(sandbox, other, other.token)).status, 200);
  });

  it('replaces what an update changes, and keeps secret and token', async () => {
    const client = await managed(sandbox);
    const changes = { client_name: 'Changed', redirect_uris: ['https://app.example.com/new'] };
    const response = await put(sandbox, client, asUpdate(client, changes));
    assert.equal(response.status, 200);
    assert.deepEqual(await members(response), { ...client.record, ...changes });
    assert.deepEqual(await members(await send(sandbox, client, client.token)), {
      ...client.record,
      ...changes,
    });
  });

  for (const [what, changes, error] of [
    ['http on a public host', { redirect_uris: ['http://evil.example/cb'] }, 'invalid_redirect_uri'],
    ['another client_id', { client_id: 'polar_ci_other' }, 'invalid_client_metadata'],
    ['a secret of its own choice', { client_secret: 'chosen' }, 'invalid_client_metadata'],
    ['its token', { registration_access_token: 'polar_crt_x' }, 'invalid_client_metadata'],
  ] as const) {
    it(`refuses an update with ${what} and changes nothing`, async () => {
      const client = await managed(sandbox);
      await isRefused(await put(sandbox, client, asUpdate(client, changes)), 400, error);
      assert.deepEqual(await members(await send(sandbox, client, client.token)), client.record);
    });
  }

  it('gives a client a secret when it becomes confidential, and takes it when it becomes public', async () => {
    const client = await managed(sandbox);
    const { client_secret: _secret, ...bare } = asUpdate(client, { token_endpoint_auth_method: 'none' });
    assert.ok(!('client_secret' in (await members(await put(sandbox, client, bare)))));
    const again = await put(sandbox, client, { ...bare, token_endpoint_auth_method: 'client_secret_post' });
    assert.match(text((await members(again)).client_secret), /^polar_cs_\w{22,}$/);
  });

  it('forgets a deleted client, and with it all that was granted to it', async () => {
    const grant = { personId: 'p', organizationId: null, scopes: ['openid'], authTime: 0, revoked: false };
    const own = sandboxWith();
    const client = await managed(own);
    const client_id = text(client.record.client_id);
    const started = sandboxWith({
      data: {
        ...own.snapshot(),
        grants: [
          { ...grant, id: 'one', client_id },
          { ...grant, id: 'other', client_id: 'another client' },
        ],
        consents: [{ personId: 'p', client_id, scopes: ['openid'] }],
      },
    });
    const response = await send(started, client, client.token, { method: 'DELETE' });
    assert.equal(response.status, 204);
    assert.equal(await response.text(), '');
    const after = started.snapshot();
    assert.deepEqual([after.clients, after.consents], [[], []]);
    assert.deepEqual(
      after.grants.map(({ id, revoked }) => [id, revoked]),
      [
        ['one', true],
        ['other', false],
      ],
    );
    assert.equal((await send(started, client, client.token)).status, 401);
  });

  it('takes no other method', async () => {
    const client = await managed(sandbox);
    const response = await send(sandbox, client, client.token, { method: 'PATCH' });
    assert.equal(response.status, 405);
    assert.equal(response.headers.get('allow'), 'GET, PUT, DELETE');
    assert.ok(await registered(sandbox));
  });
});
