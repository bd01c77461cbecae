/** The settings pages: who sees them, what they make, and what they never show again. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createSandbox } from '../../fixtures/sandbox/index.js';

const ISSUER = 'http://localhost';

/** A browser of one person: keeps the cookie, and reads the form token of the page that is shown. */
function browser(sandbox: ReturnType<typeof createSandbox>) {
  let cookie = '';
  let page = '';
  const send = async (path: string, fields?: readonly (readonly [string, string])[]) => {
    const form_token = /form_token" value="([^"]*)/.exec(page)?.[1] ?? '';
    const response = await sandbox.fetch(
      new Request(new URL(path, ISSUER), {
        headers: { cookie, 'content-type': 'application/x-www-form-urlencoded' },
        redirect: 'manual',
        ...(fields === undefined
          ? {}
          : {
              method: 'POST',
              body: new URLSearchParams([
                ['form_token', form_token],
                ...fields.map(([n, v]): [string, string] => [n, v]),
              ]).toString(),
            }),
      }),
    );
    cookie = response.headers.get('set-cookie')?.split(';')[0] ?? cookie;
    page = await response.text();
    return { status: response.status, location: response.headers.get('location'), page };
  };
  return {
    send,
    /** @param path where the login leads back to */
    async signIn(username: string, password: string, path: string) {
      await send('/settings');
      return send(`/oauth2/login?return_to=${path}`, [
        ['username', username],
        ['password', password],
      ]);
    },
  };
}

const ALICE = ['alice@example.com', 'alice-in-the-sandbox'] as const;
const BOB = ['bob@example.com', 'bob-in-the-sandbox'] as const;
const CLIENT = [
  ['client_name', 'A <b>bold</b> name'],
  ['client_type', 'confidential'],
  ['redirect_uris', 'https://a.example/cb'],
  ['scope', 'openid'],
  ['client_uri', 'https://a.example'],
] as const;

describe('settings', () => {
  it('are shown to who is signed in, and the login leads back to them', async () => {
    const alice = browser(createSandbox());
    assert.match((await alice.send('/settings/clients')).page, /Sign in/);
    const back = await alice.signIn(...ALICE, '/settings/clients');
    assert.equal(back.location, '/settings/clients');
    assert.match((await alice.send('/settings/clients')).page, /OAuth applications/);
  });

  it('lead nowhere else after the login', async () => {
    const alice = browser(createSandbox());
    const back = await alice.signIn(...ALICE, '//evil.example');
    assert.match(back.location ?? '', /^\/oauth2\/authorize/);
  });

  it('make a client, show its secret once, escaped and of the documented form', async () => {
    const alice = browser(createSandbox());
    await alice.signIn(...ALICE, '/settings/clients');
    await alice.send('/settings/clients');
    const made = await alice.send('/settings/clients', CLIENT);
    assert.equal(made.status, 200);
    const secret = /polar_cs_[A-Za-z0-9]+/.exec(made.page)?.[0] ?? '';
    assert.notEqual(secret, '');
    assert.doesNotMatch(made.page, /<b>bold/);
    const list = await alice.send('/settings/clients');
    assert.match(list.page, /polar_ci_/);
    assert.doesNotMatch(list.page, new RegExp(secret));
  });

  it('say at the field what is missing, and make nothing', async () => {
    const alice = browser(createSandbox());
    await alice.signIn(...ALICE, '/settings/clients');
    for (const [field, value, wanted] of [
      ['client_name', '', 'client_name-problem'],
      ['redirect_uris', 'http://a.example/cb', 'redirect_uris-problem'],
      ['client_uri', '', 'client_uri-problem'],
    ] as const) {
      await alice.send('/settings/clients');
      const fields = CLIENT.map(([name, was]) => [name, name === field ? value : was] as const);
      const refused = await alice.send('/settings/clients', fields);
      assert.equal(refused.status, 400);
      assert.match(refused.page, new RegExp(`role="alert" id="${wanted}"`));
      assert.match(refused.page, /You have none yet/);
    }
  });

  it('remove a client for its owner alone', async () => {
    const sandbox = createSandbox();
    const alice = browser(sandbox);
    await alice.signIn(...ALICE, '/settings/clients');
    await alice.send('/settings/clients');
    const made = await alice.send('/settings/clients', CLIENT);
    const id = /polar_ci_[A-Za-z0-9]+/.exec(made.page)?.[0] ?? '';
    const bob = browser(sandbox);
    await bob.signIn(...BOB, '/settings/clients');
    await bob.send('/settings/clients');
    assert.equal((await bob.send('/settings/clients', [['delete', id]])).status, 404);
    await alice.send('/settings/clients');
    assert.equal((await alice.send('/settings/clients', [['delete', id]])).status, 303);
    assert.match((await alice.send('/settings/clients')).page, /You have none yet/);
  });

  it('refuse a form that another page made up', async () => {
    const sandbox = createSandbox();
    const alice = browser(sandbox);
    await alice.signIn(...ALICE, '/settings/clients');
    // The page that came last has no form, so there is no token to bring back.
    await alice.send('/settings');
    assert.equal((await alice.send('/settings/clients', CLIENT)).status, 400);
  });

  it('make a personal access token that the API takes until it is revoked', async () => {
    const sandbox = createSandbox();
    const alice = browser(sandbox);
    await alice.signIn(...ALICE, '/settings/tokens');
    await alice.send('/settings/tokens');
    const made = await alice.send('/settings/tokens', [
      ['comment', 'script'],
      ['expires_in', '30'],
      ['scope', 'user:read'],
    ]);
    const value = /polar_pat_[A-Za-z0-9]+/.exec(made.page)?.[0] ?? '';
    const ask = async () => {
      const headers = { authorization: `Bearer ${value}` };
      return (await sandbox.fetch(new Request(`${ISSUER}/v1/users/benefit`, { headers }))).status;
    };
    assert.equal(await ask(), 200);
    const list = await alice.send('/settings/tokens');
    assert.doesNotMatch(list.page, new RegExp(value));
    const id = /value="([^"]*)" aria-label="Revoke script"/.exec(list.page)?.[1] ?? '';
    assert.equal((await alice.send('/settings/tokens', [['delete', id]])).status, 303);
    assert.equal(await ask(), 401);
  });
});

describe('aging', () => {
  it('is not there unless it is asked for', async () => {
    const age = (sandbox: ReturnType<typeof createSandbox>) =>
      sandbox.fetch(
        new Request(`${ISSUER}/_sandbox/age`, {
          method: 'POST',
          body: JSON.stringify({ value: sandbox.target().personalAccessTokens.valid, seconds: 1 }),
        }),
      );
    assert.equal((await age(createSandbox())).status, 404);
    assert.equal((await age(createSandbox({ aging: true }))).status, 204);
    assert.equal(createSandbox().target().time, undefined);
  });
});
