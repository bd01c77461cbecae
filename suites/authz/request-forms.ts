/** The forms that a request may take: by POST, with response_mode, as a request object, with repetitions. */
import { capitalize, describeExchange, describeOutcome, hasTokens } from '../../fixtures/expect/describe.js';
import { findCode, findCodeInQuery, readCode, readOutcomeError } from '../../fixtures/flow/read-outcome.js';
import { readTokens } from '../../fixtures/flow/tokens.js';
import type { ParameterChanges, RedirectOutcome } from '../../fixtures/flow/types.js';
import { oidcCore, oidcDiscovery, responseTypes, rfc } from '../clauses.js';
import { type CheckContext, requirement } from '../requirement.js';
import { requireCode } from '../steps/codes.js';
import { continueToRedirect } from '../steps/continue-to-redirect.js';
import { exchangeFreshCode } from '../steps/exchange.js';
import { answerAfterLogin } from '../steps/session.js';
import { judgeState } from '../steps/state.js';
import { registeredAlike } from './clients.js';

/** A reserved name that nothing serves. */
export const UNREACHABLE_REQUEST_URI = 'https://request-object.example/ro';

export const post = requirement({
  id: 'authz-post',
  level: 'MUST',
  profile: 'oidc',
  clauses: [oidcCore('3.1.2.1')],
  needs: ['user', 'page', 'client'],
  statement: 'The authorization endpoint accepts the same request by POST.',
  how:
    "A signed-in user's request by GET gets a code. Then sends it as a form by POST, and goes through any " +
    'login or consent pages. Expects a code and the same state, also in a browser without a session if the ' +
    'password is known. If prompt=none without a session gets an error by GET, expects one by POST too, ' +
    'with the state and no code.' +
    ' Expects tokens with the nonce and only the requested scopes, and no code for prompt=login without credentials if GET gives none.',
  hint: 'Read the parameters from the form if the request is a POST, and continue as for GET.',
  async check(context) {
    const { flow, users, expect } = context;
    await flow.code({ note: 'the control request: by GET' });
    // In a browser of its own: a server that gets no cookie with the POST may begin a session in place of the old.
    const visit = await users.newPage('first');
    const first = await visit.openAuthorization({ method: 'POST', note: 'by POST' });
    const signedOut = await answerAfterLogin(users, { method: 'POST', note: 'by POST, without a session' });
    if (signedOut !== null && findCode(signedOut) === null) {
      const note = 'the control: by GET, without a session';
      const byGet = await answerAfterLogin(users, { note });
      if (byGet !== null) requireCode(byGet, 'A request by GET, without a session');
    }
    for (const [what, answer] of [
      ['an authorization request by POST', await continueToRedirect(visit, first)],
      ['an authorization request by POST, without a session,', signedOut],
    ] as const) {
      if (answer === null) continue;
      expect.issuedCode(expect.redirected(answer, what), `${capitalize(what)} gave no code.`);
      judgeState(expect, expect.redirected(answer, what));
    }
    await judgeRestOfPost(context);
    const silent = { as: 'nobody', params: { prompt: 'none' }, decide: 'stop' } as const;
    const control = await flow.authorize({ ...silent, note: 'the control: prompt=none by GET' });
    if (readOutcomeError(control) === null) return;
    const what = 'a request by POST with prompt=none';
    const refused = expect.redirected(await flow.authorize({ ...silent, method: 'POST', note: what }), what);
    expect.noCredential(refused, what);
    judgeState(expect, refused, `the answer to ${what}`);
  },
});

/** Each parameter counts by POST as it does by GET: nonce, scope and prompt show themselves. */
async function judgeRestOfPost({ flow, expect }: CheckContext): Promise<void> {
  const code = readCode(await flow.authorize({ method: 'POST', note: 'by POST, for its tokens' }));
  if (code !== null) {
    const exchange = await flow.exchangeCode(code, { note: 'the exchange of a code by POST' });
    if (!hasTokens(exchange)) {
      await exchangeFreshCode(flow, {});
      expect.that(
        false,
        'The code of a request by POST gives no tokens, and that of a request by GET does.',
        {
          expected: '200 with tokens',
          received: describeExchange(exchange),
          exchange,
        },
      );
    }
    const tokens = readTokens(code, exchange);
    const asked = (code.request.scope ?? '').split(' ');
    const more = tokens.scope
      .split(' ')
      .find((scope) => code.request.scope !== null && !asked.includes(scope));
    const message = `A request by POST for "${asked.join(' ')}" was granted ${more}, too.`;
    expect.none(more, message, 'the scopes that were asked for', exchange);
    const { nonce } = tokens.id_token === null ? code.request : flow.decodeIdToken(tokens).claims;
    expect.same(nonce, code.request.nonce, 'The ID Token of a request by POST has another nonce.', exchange);
  }
  const again = { params: { prompt: 'login' }, decide: 'stop' } as const;
  const byGet = await flow.authorize({ ...again, note: 'the control: prompt=login by GET' });
  if (findCode(byGet) !== null) return;
  const byPost = await flow.authorize({ ...again, method: 'POST', note: 'prompt=login by POST' });
  const expected = 'a login page or an error, as by GET';
  expect.noCode(byPost, 'A request by POST with prompt=login gave a code without credentials.', expected);
}

export const parameterDuplicate = requirement({
  id: 'authz-parameter-duplicate',
  level: 'SHOULD',
  levelReason:
    'The clause forbids clients to repeat a parameter, and lists repetition as a case of invalid_request.',
  profile: 'oauth',
  clauses: [rfc(6749, '3.1'), rfc(6749, '4.1.2.1')],
  needs: ['user', 'client'],
  statement: 'A repeated parameter makes the request invalid.',
  how:
    "A signed-in user's request gets a code. Then sends scope, state, response_type, client_id, nonce, " +
    'code_challenge and prompt twice, one at a time, with different values where two are allowed. Expects ' +
    'the error invalid_request (remarks on another) or an error page.' +
    ' The same for redirect_uri, code_challenge_method, max_age and, in profile polar, sub_type.',
  hint: 'Refuse a request that repeats a known parameter with invalid_request.',
  async check({ flow, target, expect, remark }) {
    const { client, request } = await flow.code({ note: 'the control request' });
    const more = client.scope.split(' ').find((scope) => !['openid', 'offline_access', ''].includes(scope));
    const twice = (text: string | null) => [`${text ?? ''}1`, `${text ?? ''}2`];
    const challenges = [flow.newPkce(), flow.newPkce()].map(({ code_challenge }) => code_challenge);
    const repetitions: ParameterChanges = {
      scope: ['openid', more === undefined ? 'openid' : `openid ${more}`],
      state: twice(request.state),
      response_type: ['code', 'code'],
      client_id: [client.client_id, client.client_id],
      nonce: twice(request.nonce),
      redirect_uri: [client.redirect_uri, client.redirect_uris.at(-1) ?? client.redirect_uri],
      code_challenge: challenges,
      code_challenge_method: ['S256', 'S256'],
      max_age: ['10000', '20000'],
      prompt: ['none', 'login'],
      ...(target.profile === 'polar' ? { sub_type: ['user', 'organization'] } : {}),
    };
    for (const [name, values] of Object.entries(repetitions)) {
      const what = `a request with ${name} twice`;
      const answer = await flow.authorize({ params: { [name]: values }, decide: 'stop', note: what });
      expect.authorizationRefused(answer, what);
      if (answer.kind === 'redirected' && readOutcomeError(answer) !== 'invalid_request') {
        remark(`${name} twice was refused with ${readOutcomeError(answer)}.`);
      }
    }
    await flow.code({ note: 'the control request again' });
  },
});

/** Where the code of a request with this response_mode is (OAuth 2.0 Form Post Response Mode, Multiple Response Types 2.1). */
const MODES = [
  ['query', 'query', 'in the query'],
  ['fragment', 'fragment', 'in the fragment'],
  ['form_post', 'form', 'in a form'],
] as const;

export const responseMode = requirement({
  id: 'authz-response-mode',
  level: 'MUST',
  levelReason: 'Listing a mode and refusing it turns clients away, and a code in an unexpected place leaks.',
  profile: 'oidc',
  clauses: [responseTypes('2.1'), rfc(6749, '4.1.2'), oidcDiscovery('3'), oidcCore('3.1.2.6')],
  needs: ['user', 'client'],
  statement: 'A listed response_mode works, and an unknown one never sends the code somewhere else.',
  how:
    'With no response_mode, the code is in the query. Expects the same with response_mode=query if ' +
    'response_modes_supported lists it or is left out. If it lists fragment or form_post, expects the ' +
    'code, and the error of prompt=none without a session, there and nowhere else. ' +
    'response_mode=no_such_mode gets an error or the code in the query, and no server error.' +
    ' Fragment and form_post also keep the state and a promised iss, and survive a consent page and a login page.',
  hint: "Refuse or ignore a response_mode that you don't know, and list the ones that work.",
  async check({ flow, users, expect, remark }) {
    await flow.code({ note: 'the control request' });
    const listed = flow.supportedValues('response_modes_supported') ?? ['query'];
    for (const way of MODES) {
      const [mode, part, place] = way;
      if (!listed.includes(mode)) continue;
      const what = `a request with response_mode=${mode}`;
      const answer = expect.redirected(
        await flow.authorize({ params: { response_mode: mode }, note: what }),
        what,
      );
      const places = (['query', 'fragment', 'form'] as const).filter((one) => answer[one].get('code'));
      expect.that(places.join() === part, `${capitalize(what)} gave no code ${place}, or one elsewhere.`, {
        expected: `a code ${place}, as response_modes_supported says`,
        received: describeOutcome(answer),
        exchange: answer,
      });
      judgeMembers({ flow, expect }, answer, part, `the answer to ${what}`);
      await judgeErrorMode({ flow, expect }, way);
      if (mode !== 'query') await judgeModeThroughPages({ flow, users, expect }, way);
    }
    const what = 'a request with an unknown response_mode';
    const answer = await flow.authorize({ params: { response_mode: 'no_such_mode' }, note: what });
    if (findCodeInQuery(answer) === null) expect.authorizationRefused(answer, what);
    remark(`An unknown response_mode ended at ${describeOutcome(answer)}.`);
  },
});

/** A response has the same members in every mode (RFC 6749 section 4.1.2, RFC 9207 section 2). */
function judgeMembers(
  { flow, expect }: Pick<CheckContext, 'flow' | 'expect'>,
  answer: RedirectOutcome,
  part: (typeof MODES)[number][1],
  what: string,
): void {
  const { issuer, authorization_response_iss_parameter_supported: promised } = flow.metadata();
  const { state } = answer.request;
  expect.same(answer[part].get('state'), state, `${capitalize(what)} has another state.`, answer);
  if (promised !== true) return;
  const iss = answer[part].get('iss');
  expect.same(iss, issuer, `The iss of ${what} is not the issuer, though the metadata promises it.`, answer);
}

/** The pages between carry response_mode as they carry the rest of the request. */
async function judgeModeThroughPages(
  { flow, users, expect }: Pick<CheckContext, 'flow' | 'users' | 'expect'>,
  [mode, part, place]: (typeof MODES)[number],
): Promise<void> {
  const params = { response_mode: mode };
  const client = await registeredAlike(flow);
  for (const [page, answer] of [
    [
      'a consent page',
      client && (await flow.authorize({ client, params, note: `${mode}, through consent` })),
    ],
    ['a login page', await answerAfterLogin(users, { params, note: `${mode}, through a login` })],
  ] as const) {
    if (answer?.kind !== 'redirected' || findCode(answer) === null) continue;
    expect.that(answer[part].get('code') !== null, `After ${page} response_mode=${mode} is lost.`, {
      expected: `a code ${place}`,
      received: describeOutcome(answer),
      exchange: answer,
    });
  }
}

/** An error goes where the code would (OpenID Connect Core 1.0 section 3.1.2.6); one that stays on a page isn't judged. */
async function judgeErrorMode(
  { flow, expect }: Pick<CheckContext, 'flow' | 'expect'>,
  [mode, part, place]: (typeof MODES)[number],
): Promise<void> {
  const what = `the error of a request with response_mode=${mode}`;
  const params = { response_mode: mode, prompt: 'none' };
  const answer = await flow.authorize({ as: 'nobody', params, note: `${what}, without a session` });
  if (answer.kind !== 'redirected') return;
  const places = (['query', 'fragment', 'form'] as const).filter((one) => answer[one].get('error'));
  // That there is an error at all is judged by authz-prompt-none-signed-out.
  if (places.length === 0) return;
  expect.that(places.join() === part, `${capitalize(what)} is not ${place}.`, {
    expected: `an error ${place}, where the code would be`,
    received: describeOutcome(answer),
    exchange: answer,
  });
  judgeMembers({ flow, expect }, answer, part, what);
}

export const requestObject = requirement({
  id: 'authz-request-object',
  level: 'MUST',
  levelReason:
    'Section 6.1 has MUST for the refusal. A server that ignores the request object answers a different ' +
    'request.',
  profile: 'oidc',
  clauses: [oidcCore('6.1'), oidcCore('6.2'), oidcCore('3.1.2.6')],
  needs: ['user', 'client'],
  statement: 'The server processes a request object or refuses it as unsupported, and never ignores it.',
  how:
    "A signed-in user's request gets a code. Then sends request with a JWT (alg none) that repeats the " +
    'parameters with another state. Expects an error, usually request_not_supported, or a code with the ' +
    "JWT's state. A code with the query's state is the failure. Then sends " +
    `request_uri=${UNREACHABLE_REQUEST_URI}, where there's nothing. Expects an error and no code.`,
  hint:
    'Unless you process them, answer request with request_not_supported and request_uri with ' +
    'request_uri_not_supported.',
  async check({ flow, expect, remark }) {
    const { request: sent, client } = await flow.code({ note: 'the control request' });
    const inside = `${sent.state ?? 'state'}-inside`;
    const request = makeUnsignedJwt({
      ...Object.fromEntries(sent.params),
      iss: client.client_id,
      aud: String(flow.metadata().issuer),
      state: inside,
    });
    const byValue = await flow.authorize({ params: { request }, note: 'a request object by value' });
    if (byValue.kind === 'redirected' && findCodeInQuery(byValue) !== null) {
      expect.that(byValue.query.get('state') === inside, 'The request object was ignored.', {
        expected: 'an error such as request_not_supported, or the state of the request object',
        received: 'a code with the state of the query',
      });
    } else expect.authorizationRefused(byValue, 'a request with a request object');
    const byReference = await flow.authorize({
      params: { request_uri: UNREACHABLE_REQUEST_URI },
      note: 'a request object by reference',
    });
    expect.authorizationRefused(byReference, 'a request with a request_uri that nothing serves');
    remark(
      `A request object ended at ${describeOutcome(byValue)}; a request_uri at ${describeOutcome(byReference)}.`,
    );
  },
});

/** A JWT without signature (RFC 7519 section 6). */
export function makeUnsignedJwt(claims: Readonly<Record<string, unknown>>): string {
  const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
  return `${part({ alg: 'none' })}.${part(claims)}.`;
}
