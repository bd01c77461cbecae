/** Part C of the tutorial: every goal, exercise and mistake played; defects noticed; other right ways accepted. */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import * as oauth from 'oauth4webapi';
import { findDefect } from '../../fixtures/sandbox/defects/index.js';
import type { Deviation } from '../../fixtures/sandbox/deviation.js';
import { findEntry } from '../../suites/catalog.js';
import { type Played, playAll } from '../../tutorial/auto/auto.js';
import { idToken } from '../../tutorial/lessons/id-token/index.js';
import type { Lesson } from '../../tutorial/lessons/lesson.js';
import { misspellingOf } from '../../tutorial/lessons/public/challenge.js';
import { publicClient } from '../../tutorial/lessons/public/index.js';
import { authorizePublic, redeemPublic, registerPublic } from '../../tutorial/lessons/public/recipes.js';
import { refresh } from '../../tutorial/lessons/refresh.js';
import { authorize, exchangeCode, registerConfidential } from '../../tutorial/lessons/steps.js';
import { Tutorial } from '../../tutorial/tutorial.js';
import type { Feedback } from '../../tutorial/watcher/feedback.js';

const LESSONS = [idToken, refresh, publicClient];

async function withTutorial<T>(
  options: { readonly lessons: readonly Lesson[]; readonly deviations?: readonly Deviation[] },
  use: (tutorial: Tutorial) => Promise<T>,
): Promise<T> {
  const tutorial = await Tutorial.open(options);
  try {
    return await use(tutorial);
  } finally {
    await tutorial.close();
  }
}

test('everything is verified as played, and no message shows a secret', async () => {
  await withTutorial({ lessons: LESSONS }, async (tutorial) => {
    const secrets = new Set<string>();
    const printed: Feedback[] = [];
    tutorial.onEvent((event) => {
      const { CODE_VERIFIER, CLIENT_SECRET, CODE, ACCESS_TOKEN, REFRESH_TOKEN, ID_TOKEN } = tutorial.values;
      for (const value of [CODE_VERIFIER, CLIENT_SECRET, CODE, ACCESS_TOKEN, REFRESH_TOKEN, ID_TOKEN]) {
        if (value !== undefined) secrets.add(value);
      }
      if (event.kind === 'exchange') printed.push(event.feedback);
    });
    const played: Played[] = [];
    const ok = await playAll(tutorial, { mistakes: true }, (one) => played.push(one));
    assert.deepEqual(
      played.filter((one) => !one.ok),
      [],
    );
    assert.ok(ok);
    const parts = LESSONS.flatMap(({ goals, exercises, mistakes }) => [...goals, ...exercises, ...mistakes]);
    assert.equal(played.length, parts.length);
    assert.deepEqual(
      parts.filter(({ requirement }) => findEntry(requirement) === undefined),
      [],
    );
    const text = JSON.stringify([printed, played]);
    assert.ok(secrets.size > 10);
    assert.deepEqual(
      [...secrets].filter((secret) => text.includes(secret)),
      [],
    );
    assert.match(text, /Your verifier gives [\w-]{43}; you sent [0-9a-f]{64}\./);
  });
});

const neverRotates: Deviation = {
  how: 'Refresh tokens stay the same.',
  replace: () => ({ refreshRotates: () => false }),
};

for (const [name, deviation, lesson, exercise] of [
  ['never rotates', neverRotates, refresh, 'replaced'],
  ['refresh-reuse-revokes', findDefect('refresh-reuse-revokes'), refresh, 'family'],
  ['pkce-verifier-wrong', findDefect('pkce-verifier-wrong'), publicClient, 'wrong-verifier'],
  ['pkce-public-required', findDefect('pkce-public-required'), publicClient, 'no-challenge'],
  ['discovery-jwks', findDefect('discovery-jwks'), idToken, 'verifier'],
] as const) {
  test(`a broken server is noticed: ${name}`, async () => {
    assert.ok(deviation);
    await withTutorial({ lessons: [lesson], deviations: [deviation] }, async (tutorial) => {
      const failed: Played[] = [];
      await playAll(tutorial, { mistakes: false }, (one) => {
        if (!one.ok) failed.push(one);
      });
      assert.equal(failed[0]?.id, exercise);
      assert.match(
        failed[0]?.message ?? '',
        lesson === idToken ? /no applicable key/ : /accepted what it must refuse/,
      );
    });
  });
}

test('lesson 8 by HTTP Basic, in another order, with a narrower scope and a parameter more', async () => {
  await withTutorial({ lessons: [refresh] }, async (tutorial) => {
    const learner = tutorial.learner(false);
    const wrong: string[] = [];
    tutorial.onEvent((event) => {
      if (event.kind === 'exchange' && event.verdict.kind === 'mistake') wrong.push(event.verdict.mistake.id);
    });
    await learner.send({
      ...registerConfidential,
      json: { ...registerConfidential.json, token_endpoint_auth_method: 'client_secret_basic' },
    });
    await learner.open(authorize);
    const basic = { basic: ['{CLIENT_ID}', '{CLIENT_SECRET}'] } as const;
    await learner.send(exchangeCode, { ...basic, form: { client_id: null, client_secret: null } });
    const { TOKEN_ENDPOINT = '', ISSUER = '', REFRESH_TOKEN = '' } = await learner.values();
    const form = {
      scope: 'openid',
      resource: ISSUER,
      refresh_token: REFRESH_TOKEN,
      grant_type: 'refresh_token',
    };
    const recipe = { note: 'refresh', method: 'POST', url: TOKEN_ENDPOINT, ...basic } as const;

    // The right request at the wrong place.
    await learner.send({ ...recipe, url: `${ISSUER}/v1/oauth2/tokens`, form });
    assert.deepEqual(tutorial.progress(refresh.id).reached, []);

    assert.equal((await learner.send({ ...recipe, form })).status, 200);
    await tutorial.settled();
    assert.deepEqual(tutorial.progress(refresh.id).reached, ['refreshed']);
    await learner.send({ ...recipe, form });
    await tutorial.settled();
    assert.deepEqual(tutorial.progress(refresh.id).reached, ['refreshed', 'replaced']);
    assert.deepEqual(wrong, []);
  });
});

test('the lesson on public clients by an app with oauth4webapi; a wrong verifier with a used code is only near', async () => {
  await withTutorial({ lessons: [publicClient] }, async (tutorial) => {
    const learner = tutorial.learner(false);
    const kinds: string[] = [];
    tutorial.onEvent((event) => {
      if (event.kind === 'exchange') kinds.push(event.verdict.kind);
    });
    await learner.send({
      ...registerPublic,
      json: { ...registerPublic.json, client_uri: 'https://app.example' },
    });
    const { ISSUER = '', REDIRECT_URI = '', PUBLIC_CLIENT_ID = '' } = await learner.values();
    const insecure = { [oauth.allowInsecureRequests]: true };
    const issuer = new URL(ISSUER);
    const server = await oauth.processDiscoveryResponse(
      issuer,
      await oauth.discoveryRequest(issuer, insecure),
    );
    const client = { client_id: PUBLIC_CLIENT_ID };
    const verifier = oauth.generateRandomCodeVerifier();
    const start = new URL(server.authorization_endpoint ?? '');
    start.search = new URLSearchParams({
      code_challenge_method: 'S256',
      code_challenge: await oauth.calculatePKCECodeChallenge(verifier),
      scope: 'openid',
      client_id: PUBLIC_CLIENT_ID,
      redirect_uri: REDIRECT_URI,
      response_type: 'code',
      nonce: 'a-nonce',
      state: 'a-state',
    }).toString();
    const end = await learner.open(authorizePublic, { url: start.href });
    const callback = oauth.validateAuthResponse(server, client, end, 'a-state');
    const response = await oauth.authorizationCodeGrantRequest(
      server,
      client,
      oauth.None(),
      callback,
      REDIRECT_URI,
      verifier,
      insecure,
    );
    const tokens = await oauth.processAuthorizationCodeResponse(server, client, response, {
      expectedNonce: 'a-nonce',
    });
    assert.ok(tokens.access_token);
    await tutorial.settled();
    assert.deepEqual(tutorial.progress(publicClient.id).reached, ['registered', 'challenged', 'redeemed']);
    assert.ok(!kinds.includes('mistake'));

    await learner.send(redeemPublic, { form: { code_verifier: `${verifier}x` } });
    await tutorial.settled();
    assert.equal(kinds.at(-1), 'near-miss');
    assert.equal(tutorial.progress(publicClient.id).reached.length, 3);
  });
});

test('a challenge is recognized by its form', () => {
  const hash = createHash('sha256').update('a verifier').digest();
  const expected = hash.toString('base64url');
  const hex = hash.toString('hex');
  const written: readonly (readonly [string, string | undefined])[] = [
    [expected, undefined],
    [hex, 'hex'],
    [hex.toUpperCase(), 'hex'],
    // sha256sum | base64
    [Buffer.from(`${hex}\n`).toString('base64'), 'hex'],
    [`${expected}=`, 'base64'],
    // A + that nobody encoded.
    [hash.toString('base64').replaceAll('+', ' '), 'base64'],
    [`${expected}\n`, 'newline'],
    ['far-too-short', undefined],
    [`${expected}${expected}`, undefined],
  ];
  for (const [challenge, how] of written) {
    const found = misspellingOf(challenge);
    assert.equal(found?.how, how, challenge);
    assert.equal(found?.expected, how === undefined ? undefined : expected, challenge);
  }
});

test('the same mistakes with a public client, made in other ways', async () => {
  await withTutorial({ lessons: [publicClient] }, async (tutorial) => {
    const learner = tutorial.learner(false);
    const found: (string | null)[] = [];
    tutorial.onEvent((event) => {
      if (event.kind !== 'exchange') return;
      const { verdict } = event;
      found.push(verdict.kind === 'mistake' ? verdict.mistake.id : null);
    });
    const made = async (sending: Promise<unknown>): Promise<string | null> => {
      await sending;
      await tutorial.settled();
      return found.at(-1) ?? null;
    };
    await learner.open(authorize);
    await learner.send(registerPublic);
    const { CODE_VERIFIER = '', CODE_CHALLENGE = '' } = await learner.values();
    const ask = (query: Record<string, string | null>) => made(learner.send(authorizePublic, { query }));
    assert.equal(await ask({ code_challenge_method: null }), 'plain');
    assert.equal(await ask({ code_challenge: `${CODE_CHALLENGE}\n` }), 'newline');
    const hex = Buffer.from(CODE_CHALLENGE, 'base64url').toString('hex');
    assert.equal(await ask({ code_challenge: Buffer.from(`${hex}\n`).toString('base64') }), 'challenge-hex');
    // Nothing of these is a mistake that is known: the server's own words have to do.
    assert.equal(await ask({ code_challenge: 'short' }), null);
    assert.equal(await ask({ response_type: 'token' }), null);

    await learner.open(authorizePublic);
    const redeem = (form: Record<string, string | null>, basic?: readonly [string, string]) =>
      made(learner.send(redeemPublic, { form, ...(basic === undefined ? {} : { basic }) }));
    assert.equal(await redeem({}, ['{PUBLIC_CLIENT_ID}', '']), 'secret-sent');
    assert.equal(await redeem({ code_verifier: `${CODE_VERIFIER}\n` }), 'newline');
    assert.equal(await redeem({ code_verifier: 'x'.repeat(129) }), 'verifier-length');
    assert.equal(await redeem({ code_verifier: '' }), 'verifier-missing');
    assert.equal(await redeem({ redirect_uri: 'http://localhost/elsewhere' }), null);
    assert.deepEqual(tutorial.progress(publicClient.id).reached, ['registered', 'challenged']);
    assert.equal(await redeem({}), null);
    assert.equal(tutorial.progress(publicClient.id).reached.length, 3);
  });
});
