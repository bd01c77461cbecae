/** What a protected endpoint says when it refuses, whatever the request accepts. */
import { NotTested } from '../../fixtures/verdict.js';
import { rfc } from '../clauses.js';
import { requirement } from '../requirement.js';
import { acceptedToken } from '../steps/bearer-requests.js';
import { findChallengeFault, parseChallenges } from '../steps/challenges.js';

const ABOUT_A_TOKEN = ['error', 'error_description', 'error_uri'] as const;

export const challengeBare = requirement({
  id: 'api-challenge-bare',
  level: 'SHOULD',
  profile: 'oauth',
  clauses: [rfc(6750, '3.1')],
  needs: ['user', 'protected-endpoint'],
  statement: 'A request without any token is challenged without an error code.',
  how:
    'With a token 200. Without Authorization header: the Bearer challenge has none of error, error_description and ' +
    'error_uri. That there is a challenge is judged by api-missing-token.',
  hint: 'Name an error only where a token came: WWW-Authenticate: Bearer realm="…" is enough.',
  async check({ flow, expect }) {
    await acceptedToken(flow, 'protected');
    const exchange = await flow.callApi('protected', null, { note: 'without a token' });
    const field = exchange.header('www-authenticate');
    const challenges = field === null ? [] : parseChallenges(field);
    if ('fault' in challenges || !challenges.some(({ scheme }) => scheme === 'bearer'))
      throw new NotTested('a request without a token got no Bearer challenge that could be read');
    const names = challenges.flatMap(({ scheme, params }) =>
      scheme === 'bearer' ? params.map(([name]) => name) : [],
    );
    const found = ABOUT_A_TOKEN.filter((name) => names.includes(name));
    expect.that(found.length === 0, 'The challenge speaks of an error, though no token was sent.', {
      expected: 'a Bearer challenge without error, error_description and error_uri',
      received: field ?? '',
      exchange,
    });
  },
});

export const challengeGrammar = requirement({
  id: 'api-challenge-grammar',
  level: 'MUST',
  profile: 'oauth',
  clauses: [rfc(6750, '3'), rfc(9110, '11.6.1'), rfc(9110, '11.2')],
  needs: ['user', 'protected-endpoint'],
  statement: 'The challenges of the API are well-formed, and a Bearer challenge has a parameter.',
  how:
    'With a token 200. Without one, with a random one and with “Bearer” alone. Expected of each WWW-Authenticate: schemes ' +
    'and parameters by the grammar of HTTP, each parameter once in a challenge, and at least one after Bearer.',
  hint: 'Send WWW-Authenticate: Bearer realm="…", error="…", with one comma between parameters.',
  async check({ flow, expect, alter }) {
    const { tokens } = await acceptedToken(flow, 'protected');
    const attempts = [
      { what: 'a request without a token', token: null },
      { what: 'a random token', token: alter(tokens.access_token, 'random') },
      { what: 'the scheme alone', token: null, authorization: 'Bearer' },
    ];
    let judged = 0;
    for (const { what, token, ...options } of attempts) {
      const exchange = await flow.callApi('protected', token, { ...options, note: what });
      const field = exchange.header('www-authenticate');
      if (field === null) continue;
      judged += 1;
      const fault = findChallengeFault(field);
      expect.that(fault === null, `WWW-Authenticate in the answer to ${what} ${fault}.`, {
        expected: 'a challenge such as Bearer realm="example", error="invalid_token"',
        received: field,
        exchange,
      });
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
  statement: 'A request without a token is challenged whatever it accepts.',
  how:
    'With Accept: application/json a request without a token is answered with 401. The same with Accept: */* and with ' +
    'the Accept of a browser. Expected: 401 and a Bearer challenge, and no redirect to a login page.',
  hint: 'Answer 401 from the API, and leave redirects to login pages to the pages.',
  async check({ flow, expect }) {
    const { control } = await acceptedToken(flow, 'protected');
    const plain = await flow.callApi('protected', null, { note: 'the control: Accept: application/json' });
    if (plain.status !== 401)
      throw new NotTested(`a request without a token is answered with ${plain.status}`);
    const { url, method } = control.request;
    for (const accept of ['*/*', 'text/html,application/xhtml+xml,*/*;q=0.8']) {
      const note = `without a token, Accept: ${accept}`;
      const exchange = await flow.send({ method, url, headers: { accept }, note });
      const what = `a request without a token and with Accept: ${accept}`;
      expect.status(exchange, 401, what);
      if (plain.header('www-authenticate') !== null)
        expect.bearerChallenge(exchange, `There is no Bearer challenge in the answer to ${what}.`);
    }
  },
});
