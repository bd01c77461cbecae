/** The forms that a request may take: by POST, with hints, with response_mode, as a request object, with repetitions. */
import { capitalize, describeOutcome } from '../../fixtures/expect/describe.js';
import { findCodeInQuery, readOutcomeError } from '../../fixtures/flow/read-outcome.js';
import type { AuthorizationOutcome, ParameterChanges } from '../../fixtures/flow/types.js';
import { oidcCore, oidcDiscovery, responseTypes, rfc } from '../clauses.js';
import { requirement } from '../requirement.js';
import { continueToRedirect } from '../steps/continue-to-redirect.js';
import { usernameIfKnown } from '../steps/login.js';
import { judgeState } from './state.js';

/** A reserved name that nothing serves. */
export const UNREACHABLE_REQUEST_URI = 'https://request-object.example/ro';

export const post = requirement({
  id: 'authz-post',
  level: 'MUST',
  profile: 'oidc',
  clauses: [oidcCore('3.1.2.1')],
  needs: ['user', 'page', 'client'],
  statement: 'The authorization endpoint takes the same request by POST.',
  how:
    'A signed-in user’s request by GET ends with a code. The same as a form by POST ends with a code and the same state; ' +
    'a login page, a consent page and a change to GET on the way are carried through.',
  hint: 'Read the parameters of the form when the request comes by POST, and go on as with GET.',
  async check({ flow, users, expect }) {
    await flow.code({ note: 'the control request: by GET' });
    const what = 'an authorization request by POST';
    // In a browser of its own: a server that gets no cookie with the POST may begin a session in place of the old.
    const visit = await users.newPage('first');
    const now = await continueToRedirect(
      visit,
      await visit.openAuthorization({ method: 'POST', note: 'by POST' }),
    );
    const answer = expect.redirected(now, what);
    expect.issuedCode(answer, 'An authorization request by POST gave no code.');
    judgeState(expect, answer);
  },
});

export const parameterDuplicate = requirement({
  id: 'authz-parameter-duplicate',
  level: 'SHOULD',
  // The clause forbids the client to repeat, and lists repetition among what invalid_request is for.
  profile: 'oauth',
  clauses: [rfc(6749, '3.1'), rfc(6749, '4.1.2.1')],
  needs: ['user', 'client'],
  statement: 'A repeated parameter is an invalid request.',
  how:
    'A signed-in user’s request ends with a code. Then scope, state, response_type and client_id are sent twice in turn, ' +
    'scope and state with different values: the request ends with the error invalid_request (another is noted) or on an ' +
    'error page; use of one of the values is a warning.',
  hint: 'Refuse a request that has a known parameter more than once with invalid_request.',
  async check({ flow, expect, remark }) {
    const { client, request } = await flow.code({ note: 'the control request' });
    const more = client.scope.split(' ').find((scope) => !['openid', 'offline_access', ''].includes(scope));
    const state = request.state ?? 'state';
    const repetitions: ParameterChanges = {
      scope: ['openid', more === undefined ? 'openid' : `openid ${more}`],
      state: [`${state}1`, `${state}2`],
      response_type: ['code', 'code'],
      client_id: [client.client_id, client.client_id],
    };
    for (const [name, values] of Object.entries(repetitions)) {
      const what = `a request with ${name} twice`;
      const answer = await flow.authorize({ params: { [name]: values }, note: what });
      expect.authorizationRefused(answer, what);
      if (answer.kind === 'redirected' && readOutcomeError(answer) !== 'invalid_request') {
        remark(`${name} twice was refused with ${readOutcomeError(answer)}.`);
      }
    }
    await flow.code({ note: 'the control request again' });
  },
});

export const hintsAccepted = requirement({
  id: 'authz-hints-accepted',
  level: 'MUST',
  profile: 'oidc',
  clauses: [oidcCore('15.1'), oidcCore('3.1.2.1'), rfc(6749, '3.1')],
  needs: ['user', 'client'],
  statement:
    'Requests that use display, ui_locales, claims_locales, acr_values or login_hint do not fail for it.',
  how:
    'A signed-in user’s request ends with a code. So it does with display=page, popup and touch, ui_locales="en-GB en", ' +
    'claims_locales=fr, both with languages that hardly any server has (tlh x-none), acr_values="1 2" and the user’s own ' +
    'name as login_hint, one at a time, and then with all of them; pages that come are carried through. What the server ' +
    'does with the hint is open.',
  hint: 'Accept these parameters, and ignore what the server has no use for.',
  deadline: 60_000,
  async check({ flow, users, expect, remark }) {
    await flow.code({ note: 'the control request' });
    const hints: [string, string][] = [
      ['display', 'page'],
      ['display', 'popup'],
      ['display', 'touch'],
      ['ui_locales', 'en-GB en'],
      ['ui_locales', 'tlh x-none'],
      ['claims_locales', 'fr'],
      ['claims_locales', 'tlh x-none'],
      ['acr_values', '1 2'],
    ];
    const username = await usernameIfKnown(users);
    if (username !== null) hints.push(['login_hint', username]);
    else remark('login_hint was left out, since the name of the user is not known.');
    for (const [name, value] of hints) {
      // The name of a user is the tester's own, and no matter of the report.
      const what = `a request with ${name}${name === 'login_hint' ? '' : `=${value}`}`;
      const answer = expect.redirected(await flow.authorize({ params: { [name]: value }, note: what }), what);
      expect.issuedCode(answer, `${capitalize(what)} failed.`, 'a code, as without the hint');
    }
    const all = await flow.authorize({ params: Object.fromEntries(hints), note: 'all hints at once' });
    expect.issuedCode(all, 'A request with all these hints failed.', 'a code, as without the hints');
  },
});

export const responseMode = requirement({
  id: 'authz-response-mode',
  level: 'MUST',
  profile: 'oidc',
  clauses: [responseTypes('2.1'), rfc(6749, '4.1.2'), oidcDiscovery('3')],
  needs: ['user', 'client'],
  statement:
    'response_mode=query, where advertised, gives the default encoding, and an unknown mode never loses the code elsewhere.',
  how:
    'Without response_mode the code is in the query. If response_modes_supported is absent (the default then is query and ' +
    'fragment) or lists query, so it is with response_mode=query. response_mode=no_such_mode gives an error, by redirect ' +
    'or page, or the code in the query; never a code in a fragment or a form, and no server error.',
  hint: 'Refuse a response_mode that the server does not know, or ignore it; the code belongs into the query.',
  async check({ flow, expect, remark }) {
    await flow.code({ note: 'the control request' });
    const modes = flow.supportedValues('response_modes_supported');
    if (modes === undefined || modes.includes('query')) {
      const what = 'a request with response_mode=query';
      const answer = expect.redirected(
        await flow.authorize({ params: { response_mode: 'query' }, note: what }),
        what,
      );
      expect.issuedCode(answer, `${capitalize(what)} gave no code in the query.`, 'a code in the query');
    } else remark('The document does not list the response mode query, so only an unknown one was tried.');
    const what = 'a request with an unknown response_mode';
    const answer = await flow.authorize({ params: { response_mode: 'no_such_mode' }, note: what });
    if (findCodeInQuery(answer) === null) expectNoCredential(answer);
    remark(`An unknown response_mode ended at ${describeOutcome(answer)}.`);

    function expectNoCredential(unknown: AuthorizationOutcome): void {
      expect.noCredential(unknown, what, 'an error, or the code in the query');
      expect.authorizationRefused(unknown, what);
    }
  },
});

export const requestObject = requirement({
  id: 'authz-request-object',
  level: 'MUST',
  profile: 'oidc',
  clauses: [oidcCore('6.1'), oidcCore('6.2'), oidcCore('3.1.2.6')],
  needs: ['user', 'client'],
  statement:
    'A request object, by value or by reference, is processed or refused as unsupported, never ignored.',
  how:
    'A signed-in user’s request ends with a code. Then request=<a JWT with alg none that repeats the parameters with ' +
    'another state>: an error (request_not_supported as a rule, another is noted) by redirect or page, or a code with the ' +
    `state of the JWT; a code with the state of the query is the failure. Then request_uri=${UNREACHABLE_REQUEST_URI}, a reserved name ` +
    'that nothing serves: an error, never a code.',
  hint: 'Answer request with request_not_supported and request_uri with request_uri_not_supported, unless they are processed.',
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
