/** Whoever watches the sandbox learns which rule refused a request, its clause, and what it compared. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { SandboxExchange } from '../../fixtures/sandbox/index.js';
import {
  BODY,
  Browser,
  CALLBACK,
  exchange,
  ISSUER,
  proofKey,
  publicClient,
  refresh,
  registerClient,
  sandboxWith,
  sendRegistration,
  sendToken,
} from './browser.js';

function watchedSandbox(lifetimes: Readonly<Record<string, number>> = {}) {
  const seen: SandboxExchange[] = [];
  let now = Date.now();
  const sandbox = sandboxWith({ lifetimes, clock: () => now, onExchange: (one) => seen.push(one) });
  return {
    sandbox,
    wait: (seconds: number) => {
      now += seconds * 1000;
    },
    last: () => {
      const { rule, clause, reason, compared } = seen.at(-1) ?? assert.fail('nothing was reported');
      return { rule, clause, reason, compared };
    },
  };
}

describe('a refused request', () => {
  it('from a client that uses the wrong authentication method names both methods', async () => {
    const { sandbox, last } = watchedSandbox();
    const { client_id, client_secret } = await registerClient(sandbox);
    const authorization = `Basic ${Buffer.from(`${client_id}:${client_secret}`).toString('base64')}`;
    const response = await sendToken(sandbox, { grant_type: 'refresh_token' }, { authorization });
    assert.equal(response.status, 401);
    assert.deepEqual(last(), {
      rule: 'authMethodMatches',
      clause: 'RFC 7591 §2; OpenID Connect Core 1.0 §9',
      reason: 'The client is registered for client_secret_post, and used client_secret_basic.',
      compared: { sent: 'client_secret_basic', expected: 'client_secret_post' },
    });
  });

  it('with a wrong secret names the rule of secrets', async () => {
    const { sandbox, last } = watchedSandbox();
    const client = await registerClient(sandbox);
    await exchange(sandbox, { ...client, client_secret: 'wrong' }, 'code');
    assert.equal(last().rule, 'secretMatches');
  });

  it('with another redirect_uri shows the one sent and the registered one', async () => {
    const { sandbox, last } = watchedSandbox();
    const client = await registerClient(sandbox);
    const page = await new Browser(sandbox).ask(client, { redirect_uri: `${CALLBACK}/` });
    const html = await page.text();
    assert.ok(html.includes(`<code>${CALLBACK}/</code>`) && html.includes(`<code>${CALLBACK}</code>`));
    assert.deepEqual(last().compared, { sent: `${CALLBACK}/`, expected: CALLBACK, nearest: CALLBACK });
    assert.equal(last().rule, 'redirectUriMatches');
  });

  it('with an unknown, used or expired code names each', async () => {
    const { sandbox, last, wait } = watchedSandbox();
    const client = await registerClient(sandbox);
    await exchange(sandbox, client, 'unknown');
    assert.equal(last().rule, 'knownCode');
    const browser = new Browser(sandbox);
    const code = await browser.code(client);
    await exchange(sandbox, client, code);
    assert.equal(last().rule, null);
    await exchange(sandbox, client, code);
    assert.equal(last().rule, 'codeUnused');
    const late = await browser.code(client);
    wait(301);
    await exchange(sandbox, client, late);
    assert.deepEqual(last().compared, { sent: 'a code that is 301 s old', expected: 'at most 300 s' });
    assert.equal(last().rule, 'codeFresh');
  });

  it('with a replaced refresh token, and then with the newest, names two rules', async () => {
    const { sandbox, last } = watchedSandbox();
    const client = await registerClient(sandbox);
    const code = await new Browser(sandbox).code(client);
    const first = JSON.parse(await (await exchange(sandbox, client, code)).text());
    const second = JSON.parse(await (await refresh(sandbox, client, first.refresh_token)).text());
    await refresh(sandbox, client, first.refresh_token);
    assert.equal(last().rule, 'refreshUnused');
    await refresh(sandbox, client, second.refresh_token);
    assert.equal(last().rule, 'liveGrant');
  });

  it('with the wrong verifier shows both challenges', async () => {
    const { sandbox, last } = watchedSandbox();
    const client = await publicClient(sandbox);
    const { challenge } = proofKey();
    const other = proofKey();
    const code = await new Browser(sandbox).code(client, challenge);
    await exchange(sandbox, client, code, { code_verifier: other.verifier });
    assert.equal(last().rule, 'verifierMatches');
    assert.deepEqual(last().compared, {
      sent: `a verifier whose challenge is ${String(other.challenge.code_challenge)}`,
      expected: challenge.code_challenge,
    });
  });

  it('to the API distinguishes missing, unknown, expired and revoked tokens', async () => {
    const { sandbox, last, wait } = watchedSandbox({ accessToken: 60 });
    const call = (headers: Readonly<Record<string, string>>) =>
      sandbox.fetch(new Request(`${ISSUER}/v1/oauth2/userinfo`, { headers }));
    await call({});
    assert.equal(last().rule, 'bearerToken');
    await call({ authorization: 'Bearer nonsense' });
    assert.equal(last().rule, 'knownAccessToken');
    const client = await registerClient(sandbox);
    const code = await new Browser(sandbox).code(client);
    const { access_token } = JSON.parse(await (await exchange(sandbox, client, code)).text());
    wait(61);
    await call({ authorization: `Bearer ${access_token}` });
    assert.equal(last().rule, 'accessTokenFresh');
    await exchange(sandbox, client, code);
    await call({ authorization: `Bearer ${access_token}` });
    assert.equal(last().rule, 'bearerTokenUnrevoked');
  });

  it('to register names the wrong member', async () => {
    const { sandbox, last } = watchedSandbox();
    await sendRegistration(sandbox, { ...BODY, redirect_uris: ['http://app.example.com/cb'] });
    assert.equal(last().rule, 'redirectUriSecure');
    assert.equal(last().compared?.sent, 'http://app.example.com/cb');
    await sendRegistration(sandbox, '[]');
    assert.equal(last().rule, 'metadataIsObject');
  });

  it("with a body that's too large states the limit", async () => {
    const { sandbox, last } = watchedSandbox();
    await sendToken(sandbox, { filler: 'x'.repeat(70_000) });
    assert.deepEqual([last().rule, last().compared?.expected], ['bodyLimit', 'at most 65536 bytes']);
  });
});

describe('an exchange', () => {
  it("is reported with both bodies, including a deviation's changes", async () => {
    const seen: SandboxExchange[] = [];
    const sandbox = sandboxWith({
      deviations: [
        { how: 'The answer is a teapot.', wrap: { token: () => new Response('?', { status: 418 }) } },
      ],
      onExchange: (one) => seen.push(one),
    });
    await sendToken(sandbox, { grant_type: 'code' });
    assert.equal(seen[0]?.response.status, 418);
    assert.equal(await seen[0]?.response.text(), '?');
    assert.equal(await seen[0]?.request.text(), 'grant_type=code');
  });
});
