/** Steps that chapters share: what each gives, and whose fault it is when it fails. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { redirectOutcome } from '../../fixtures/browser/outcome.js';
import type { AuthorizationOutcome, AuthorizationRequest, PageKind } from '../../fixtures/flow/types.js';
import { Blocked, NoRefreshToken, NotApplicable, NotTested } from '../../fixtures/verdict.js';
import { requireCode } from '../../suites/steps/codes.js';
import { continueToRedirect, isDecision, isLogin } from '../../suites/steps/continue-to-redirect.js';
import {
  isBlockedBy,
  isNotTested,
  isUnavailable,
  isWithoutRefreshToken,
  nullOn,
} from '../../suites/steps/signals.js';

const CALLBACK = 'https://app.example/cb';

const request: AuthorizationRequest = {
  url: 'https://server.example/authorize',
  client: {
    client_id: 'c',
    client_secret: null,
    token_endpoint_auth_method: 'none',
    redirect_uri: CALLBACK,
    redirect_uris: [CALLBACK],
    scope: 'openid',
    registration: null,
  },
  params: new URLSearchParams(),
  state: null,
  nonce: null,
  redirect_uri: CALLBACK,
  scope: null,
  pkce: null,
};
const redirected = redirectOutcome(request, `${CALLBACK}?code=x`, []);

function stayed(kind: PageKind): AuthorizationOutcome {
  const page = { kind, url: 'https://server.example/p?x=1', status: 200, headers: {}, html: '', text: '' };
  return { kind: 'stayed', request, page, pages: [page] };
}

/** A user whose presses lead to these answers in turn. */
function userWho(answers: readonly AuthorizationOutcome[]) {
  const rest = [...answers];
  const did: string[] = [];
  const press = (what: string) => async () => {
    did.push(what);
    return rest.shift() ?? stayed('error');
  };
  return { did, signIn: press('sign in'), allow: press('allow') };
}

describe('continueToRedirect', () => {
  it('signs in and allows in the order in which pages ask for it', async () => {
    const user = userWho([stayed('consent'), stayed('organization'), redirected]);
    assert.equal(await continueToRedirect(user, stayed('login')), redirected);
    assert.deepEqual(user.did, ['sign in', 'allow', 'allow']);
  });

  it('stops at a login page if nobody is supposed to sign in', async () => {
    const user = userWho([stayed('login'), redirected]);
    const end = await continueToRedirect(user, stayed('consent'), { signIn: false });
    assert.ok(isLogin(end));
    assert.deepEqual(user.did, ['allow']);
  });

  it('stops at a page that asks for neither, and does not go on forever', async () => {
    assert.equal((await continueToRedirect(userWho([]), redirected)).kind, 'redirected');
    const lost = userWho([stayed('unknown'), redirected]);
    assert.equal((await continueToRedirect(lost, stayed('login'))).kind, 'stayed');
    const endless = userWho(Array.from({ length: 50 }, () => stayed('consent')));
    assert.ok(isDecision(await continueToRedirect(endless, stayed('consent'))));
    assert.ok(endless.did.length < 10);
  });
});

describe('requireCode', () => {
  it("returns the code, or names the step's owner if there is none", () => {
    assert.equal(requireCode(redirected, 'The request').value, 'x');
    assert.throws(
      () => requireCode(stayed('error'), 'Allowing', 'organizationTokens'),
      (error: unknown) =>
        error instanceof Blocked &&
        error.owner === 'org-token' &&
        error.message ===
          'Allowing ended at the error page (status 200) at https://server.example/p instead of a code.',
    );
  });
});

describe('nullOn', () => {
  it('turns the expected signal into null and rethrows any other', async () => {
    const work = (signal: Error) => () => Promise.reject(signal);
    assert.equal(await nullOn(isNotTested, () => 1), 1);
    assert.equal(await nullOn(isNotTested, work(new NotTested('No.'))), null);
    assert.equal(await nullOn(isUnavailable, work(new Blocked('registration', 'No.'))), null);
    assert.equal(await nullOn(isBlockedBy('refresh'), work(new Blocked('refresh', 'No.'))), null);
    assert.equal(await nullOn(isWithoutRefreshToken, work(new NoRefreshToken())), null);
    await assert.rejects(nullOn(isWithoutRefreshToken, work(new NotTested('No.'))), NotTested);
    await assert.rejects(nullOn(isBlockedBy('refresh'), work(new Blocked('tokens', 'No.'))), Blocked);
    await assert.rejects(nullOn(isNotTested, work(new NotApplicable('No.'))), NotApplicable);
  });
});
