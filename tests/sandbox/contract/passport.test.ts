/** passport-openidconnect against the sandbox. */
import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { describe, it } from 'node:test';
import { CLIENT, provideSandbox, REDIRECT_URI, withDefect } from './provider.js';

/** What a strategy of Passport ends in. */
interface Outcome {
  readonly kind: 'redirect' | 'success' | 'fail' | 'error';
  readonly value: unknown;
}

interface Strategy {
  authenticate(request: object): void;
}

type StrategyClass = new (options: object, verify: (...sent: unknown[]) => void) => Strategy;

const isStrategyClass = (value: unknown): value is StrategyClass => typeof value === 'function';

describe('passport-openidconnect', () => {
  const provider = provideSandbox();
  const loaded: unknown = createRequire(import.meta.url)('passport-openidconnect');
  if (!isStrategyClass(loaded)) throw new Error('passport-openidconnect exports no strategy');
  const Strategy = loaded;

  function createStrategy(): Strategy {
    const { issuer } = provider;
    const options = {
      issuer,
      authorizationURL: `${issuer}/oauth2/authorize`,
      tokenURL: `${issuer}/v1/oauth2/token`,
      userInfoURL: `${issuer}/v1/oauth2/userinfo`,
      clientID: CLIENT.client_id,
      clientSecret: CLIENT.client_secret,
      callbackURL: REDIRECT_URI,
      scope: 'profile email',
    };
    return new Strategy(options, (_issuer: unknown, profile: unknown, done: unknown) => {
      if (typeof done === 'function') done(null, profile);
    });
  }

  /** Passport puts these functions on the strategy for each request. */
  const run = (strategy: Strategy, request: object): Promise<Outcome> =>
    new Promise((resolve) => {
      const ends = (['redirect', 'success', 'fail', 'error'] as const).map((kind) => [
        kind,
        (value: unknown) => resolve({ kind, value }),
      ]);
      Object.assign(Object.create(strategy), Object.fromEntries(ends)).authenticate(request);
    });

  async function signIn(allow = true): Promise<Outcome> {
    const strategy = createStrategy();
    const session = {};
    const started = await run(strategy, { query: {}, session });
    assert.equal(started.kind, 'redirect');
    const answer = await provider.sandbox.signIn({ url: String(started.value), allow });
    return run(strategy, { query: Object.fromEntries(new URL(answer).searchParams), session });
  }

  it('signs in, with the name of the user', async () => {
    const { kind, value } = await signIn();
    assert.equal(kind, 'success', String(value));
    assert.ok(typeof value === 'object' && value !== null && 'displayName' in value);
    assert.equal(value.displayName, 'Alice Example');
  });

  it('reports that the user denied', async () => {
    assert.equal((await signIn(false)).kind, 'fail');
  });

  it('refuses an ID Token of another issuer', async () => {
    const { kind } = await withDefect(provider.sandbox, 'idtoken-iss', () => signIn());
    assert.notEqual(kind, 'success');
  });
});
