/** prompt=none: no page, whatever is missing. */
import type { Redirected } from '../../fixtures/flow/types.js';
import type { Expect } from '../../fixtures/judgement/expect.js';
import { NotApplicable } from '../../fixtures/verdict.js';
import { requirement } from '../requirement.js';
import { oidcCore } from '../sources.js';
import { codeOf, credentialOf, errorOf, inWords } from './answers.js';
import { judgeState } from './response.js';

/** OpenID Connect Core 1.0 section 3.1.2.6, and invalid_request where no id_token_hint is sent (3.1.2.1). */
const USUAL = [
  'login_required',
  'interaction_required',
  'account_selection_required',
  'consent_required',
  'invalid_request',
];
const SILENT = { prompt: 'none' };

function judgeSilentError(
  expect: Expect,
  answer: Redirected,
  what: string,
  remark: (text: string) => void,
): void {
  const error = errorOf(answer);
  expect.that(credentialOf(answer) === null && error !== null, `${what} was not answered with an error.`, {
    expected: 'an error at the redirect URI, and no code',
    received: inWords(answer),
  });
  if (!USUAL.includes(error ?? '')) remark(`The error is ${error}, which is not one of the usual ones.`);
}

export const signedOut = requirement({
  id: 'authz-prompt-none-signed-out',
  level: 'MUST',
  profile: 'oidc',
  source: [oidcCore('3.1.2.1'), oidcCore('3.1.2.6')],
  needs: ['client'],
  statement: 'prompt=none without a session returns an error instead of a page.',
  how:
    'Without cookies and prompt the login page comes and the redirect URI receives nothing. With prompt=none the redirect ' +
    'URI receives an error (login_required as a rule; another is noted) with the state and without a code; a page that ' +
    'goes on by itself counts as a redirect, one that waits for a person does not.',
  next: 'When prompt is none and nobody is signed in, send login_required to the redirect URI.',
  async check({ flow, expect, remark }) {
    const page = await flow.authorize({ as: 'nobody', note: 'the valid twin: without prompt' });
    if (page.kind === 'redirected') {
      remark(
        `Without prompt an anonymous visitor ended at ${inWords(page)}; consent-login-first judges that.`,
      );
    }
    const answer = await flow.authorize({ as: 'nobody', params: SILENT, note: 'prompt=none' });
    const redirected = expect.answered(answer, 'a request with prompt=none and without a session');
    judgeSilentError(expect, redirected, 'A request with prompt=none and without a session', remark);
    judgeState(expect, redirected);
  },
});

export const noConsent = requirement({
  id: 'authz-prompt-none-no-consent',
  level: 'MUST',
  profile: 'oidc',
  source: [oidcCore('3.1.2.1'), oidcCore('3.1.2.4')],
  needs: ['person', 'registration'],
  statement: 'prompt=none without prior consent returns an error.',
  how:
    'A fresh client is shown a consent page for a request without prompt, which is left unanswered (no such page: not ' +
    'applicable, since a provider may hold consent by other means). A second fresh client, registered alike, sends ' +
    'prompt=none: the redirect URI receives an error and no code. After allowing it gets its code.',
  next: 'When prompt is none and the person has not allowed this client, send consent_required to the redirect URI.',
  async check({ flow, expect, remark }) {
    const asked = await flow.ownClient();
    const page = await flow.authorize({
      client: asked,
      decide: 'stop',
      note: 'a fresh client without prompt',
    });
    if (page.kind === 'redirected' || !['consent', 'organization'].includes(page.page.kind)) {
      throw new NotApplicable(
        `A fresh client is not shown a consent page: the request ended at ${inWords(page)}.`,
      );
    }
    const client = await flow.ownClient();
    const answer = await flow.authorize({
      client,
      params: SILENT,
      note: 'a second fresh client, prompt=none',
    });
    const what = 'a request with prompt=none of a client that nobody allowed';
    judgeSilentError(
      expect,
      expect.answered(answer, what),
      `${what.charAt(0).toUpperCase()}${what.slice(1)}`,
      remark,
    );
    await flow.code({ client, note: 'the same client after allowing' });
  },
});

export const silent = requirement({
  id: 'authz-prompt-none-silent',
  level: 'MUST',
  profile: 'oidc',
  source: [oidcCore('3.1.2.1'), oidcCore('3.1.2.3')],
  needs: ['person', 'client'],
  statement: 'prompt=none never shows a page to a signed-in user who has consented.',
  how:
    'After an allowed request the same is sent with prompt=none: the redirect URI is answered straight away, with a code ' +
    'or, on servers that remember neither session nor consent, with an error; which one is noted. prompt="none login" is ' +
    'answered with an error, by redirect or page, never with a code. The request without prompt still ends with a code.',
  next: 'Answer prompt=none at the redirect URI in every case, and refuse it together with other values.',
  async check({ flow, expect, remark }) {
    await flow.code({ note: 'the valid twin' });
    const answer = await flow.authorize({ params: SILENT, decide: 'stop', note: 'prompt=none' });
    const redirected = expect.answered(answer, 'a request with prompt=none after consent');
    expect.that(
      codeOf(redirected) !== null || errorOf(redirected) !== null,
      'A request with prompt=none was answered with neither code nor error.',
      { expected: 'a code or an error', received: inWords(redirected) },
    );
    remark(`prompt=none was answered at ${inWords(redirected)}.`);
    const both = await flow.authorize({
      params: { prompt: 'none login' },
      decide: 'stop',
      note: 'prompt=none with another value',
    });
    expect.authorizationRefused(both, 'a request with prompt="none login"');
    await flow.code({ note: 'the valid twin again' });
  },
});
