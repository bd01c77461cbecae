/** What a protected endpoint says when it refuses, whatever the request accepts. */
import { NotTested } from '../../fixtures/verdict.js';
import { rfc } from '../clauses.js';
import { requirement } from '../requirement.js';
import { acceptedAtEachPlace } from '../steps/bearer-requests.js';
import { findChallengeFault, parseChallenges } from '../steps/challenges.js';

const ABOUT_A_TOKEN: readonly string[] = ['error', 'error_description', 'error_uri'];

export const challengeBare = requirement({
  id: 'api-challenge-bare',
  level: 'SHOULD',
  profile: 'oauth',
  clauses: [rfc(6750, '3.1')],
  needs: ['user', 'protected-endpoint'],
  statement: 'The challenge for a request with no token has no error code.',
  how:
    'A token gets 200. Then sends no Authorization header, at the API and at userinfo. Expects none of ' +
    'error, error_description and error_uri in the Bearer challenge. api-missing-token judges whether ' +
    'there is one.',
  hint: 'Name an error only if a token came: WWW-Authenticate: Bearer realm="…" is enough.',
  async check({ flow, target, expect }) {
    let judged = 0;
    for (const { endpoint, where } of (await acceptedAtEachPlace({ flow, target })).places) {
      const exchange = await flow.callApi(endpoint, null, { note: `without a token${where}` });
      const field = exchange.header('www-authenticate') ?? '';
      const challenges = parseChallenges(field);
      const bearer = 'fault' in challenges ? undefined : challenges.find(({ scheme }) => scheme === 'bearer');
      if (bearer === undefined) continue;
      judged += 1;
      const found = bearer.params.filter(([name]) => ABOUT_A_TOKEN.includes(name));
      expect.that(found.length === 0, `The challenge${where} names an error, but no token was sent.`, {
        expected: 'a Bearer challenge without error, error_description and error_uri',
        received: field,
        exchange,
      });
    }
    if (judged === 0)
      throw new NotTested('A request without a token got no Bearer challenge that could be read.');
  },
});

export const challengeGrammar = requirement({
  id: 'api-challenge-grammar',
  level: 'MUST',
  profile: 'oauth',
  clauses: [rfc(6750, '3'), rfc(9110, '11.6.1'), rfc(9110, '11.2')],
  needs: ['user', 'protected-endpoint'],
  statement: "The API's challenges are well-formed, and a Bearer challenge has a parameter.",
  how:
    'A token gets 200. Then sends no token, a random one, and only the word Bearer, at the API and at ' +
    "userinfo. Expects each WWW-Authenticate to follow HTTP's grammar, with each parameter once per " +
    'challenge and at least one after Bearer. ' +
    'In error, error_description, error_uri and scope, expects the characters that RFC 6750 allows.',
  hint: 'Send WWW-Authenticate: Bearer realm="…", error="…", with one comma between parameters.',
  async check({ flow, target, expect, alter }) {
    const { tokens, places } = await acceptedAtEachPlace({ flow, target });
    const attempts = [
      { what: 'a request without a token', token: null },
      { what: 'a random token', token: alter(tokens.access_token, 'random') },
      { what: 'the scheme alone', token: null, authorization: 'Bearer' },
    ];
    let judged = 0;
    for (const { endpoint, where } of places) {
      for (const { what, token, ...options } of attempts) {
        const exchange = await flow.callApi(endpoint, token, { ...options, note: `${what}${where}` });
        const field = exchange.header('www-authenticate');
        if (field === null) continue;
        judged += 1;
        const fault = findChallengeFault(field);
        expect.that(fault === null, `WWW-Authenticate in the answer to ${what}${where} ${fault}.`, {
          expected: 'a challenge such as Bearer realm="example", error="invalid_token"',
          received: field,
          exchange,
        });
      }
    }
    if (judged === 0) throw new NotTested('The API sent no WWW-Authenticate.');
  },
});

export const acceptAny = requirement({
  id: 'api-accept-any',
  level: 'MUST',
  profile: 'oauth',
  clauses: [rfc(6750, '3'), rfc(9110, '15.5.2')],
  needs: ['user', 'protected-endpoint'],
  statement: 'A request with no token gets a challenge whatever it accepts.',
  how:
    'With Accept: application/json, a request with no token gets 401. Then sends Accept: */*, and a ' +
    "browser's Accept, at the API and at userinfo. Expects 401 and a Bearer challenge, and no redirect to " +
    'a login page.',
  hint: 'Answer 401 from the API, and redirect to the login page only from pages.',
  async check({ flow, target, expect }) {
    let judged = 0;
    for (const { endpoint, where, control } of (await acceptedAtEachPlace({ flow, target })).places) {
      const plain = await flow.callApi(endpoint, null, {
        note: `the control: Accept: application/json${where}`,
      });
      if (plain.status !== 401) continue;
      judged += 1;
      const { url, method } = control.request;
      for (const accept of ['*/*', 'text/html,application/xhtml+xml,*/*;q=0.8']) {
        const what = `a request without a token and with Accept: ${accept}${where}`;
        const exchange = await flow.send({ method, url, headers: { accept }, note: what });
        expect.status(exchange, 401, what);
        if (plain.header('www-authenticate') !== null)
          expect.bearerChallenge(exchange, `There is no Bearer challenge in the answer to ${what}.`);
      }
    }
    if (judged === 0) throw new NotTested('A request without a token is not answered with 401.');
  },
});
