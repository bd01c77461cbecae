/** What a token response consists of, and how it is sent. */
import { quote } from '../../fixtures/expect/describe.js';
import { findRepeatedMember } from '../../fixtures/parse-json.js';
import { oidcCore, polarDocs, rfc } from '../clauses.js';
import { requirement } from '../requirement.js';
import { ownClientIfOpen, publicClientIfOffered } from '../steps/clients.js';
import { expectNoStore } from '../steps/no-store.js';
import { isNotTested, nullOn } from '../steps/signals.js';
import { findTokenResponseError } from '../steps/strict-client.js';
import { judgeTokenResponse } from '../steps/token-response.js';
import { tokenResponses } from '../steps/tokens.js';

export const exchange = requirement({
  id: 'token-exchange',
  level: 'MUST',
  profile: 'oauth',
  clauses: [rfc(6749, '4.1.4'), rfc(6749, '5.1'), rfc(6749, '3.2'), rfc(6750, '2.1'), oidcCore('3.1.3.3')],
  needs: ['client', 'user'],
  statement: 'A valid code is exchanged for a well-formed Bearer token response.',
  how:
    "Posts a code with its redirect_uri, its verifier and the client's authentication. Expects 200, " +
    'application/json, and an object with an access_token that fits into an Authorization header and ' +
    'token_type Bearer in any letter case, each member once. It fits the token schema, and a strict client ' +
    'library accepts it. The same for a second exchange with an unknown parameter, for a public client if the server ' +
    'offers that, and for a client that was just registered, after its consent page.',
  hint: 'Look at how the token endpoint builds its answer to grant_type=authorization_code.',
  async check(context) {
    const { flow, expect, target } = context;
    const code = await flow.code();
    const plain = await flow.exchangeCode(code, { note: 'a valid code' });
    judgeTokenResponse(expect, plain, 'the token response');
    const repeated = findRepeatedMember(plain.response.body);
    expect.none(repeated, 'The token response has a member twice.', 'each member once', plain);
    const refusal = await findTokenResponseError(plain, target.issuer, code.client.client_id);
    expect.none(
      refusal,
      'A strict OAuth client refuses the token response.',
      'a response that oauth4webapi accepts',
    );
    const further = await flow.exchangeCode(await flow.code(), {
      params: { x_unknown: '1' },
      note: 'a valid code and an unknown parameter',
    });
    judgeTokenResponse(expect, further, 'the token response to a request with an unknown parameter');
    const others = [
      [await ownClientIfOpen(flow), 'a client whose user has just allowed it'],
      [await publicClientIfOffered(context), 'a public client'],
    ] as const;
    for (const [client, whom] of others) {
      if (client === null) continue;
      const answer = await flow.exchangeCode(await flow.code({ client }), { note: whom });
      judgeTokenResponse(expect, answer, `the token response to ${whom}`);
    }
  },
});

export const responseMembers = requirement({
  id: 'token-response-members',
  level: 'MUST',
  profile: 'polar',
  clauses: [polarDocs('Exchange the authorization code')],
  needs: ['client', 'user', 'refresh'],
  statement: 'The response has all members that Polar documents.',
  how:
    'Exchanges a code for openid and one more scope. Expects token_type Bearer, the strings access_token, ' +
    'refresh_token, scope and id_token, and expires_in as a positive whole number. More members are ' +
    'allowed.',
  hint: "Compare the response with the documentation's example, member by member.",
  async check({ flow, expect }) {
    const scope = flow.widerScope(await flow.client());
    const body = (await flow.tokens({ scope })).exchange.object();
    for (const member of ['token_type', 'access_token', 'refresh_token', 'scope', 'id_token']) {
      expect.string(body[member], member, 'the token response');
    }
    expect.that(String(body.token_type).toLowerCase() === 'bearer', 'The token_type is not Bearer.', {
      expected: 'Bearer',
      received: String(body.token_type),
    });
    const { expires_in } = body;
    expect.that(
      typeof expires_in === 'number' && Number.isInteger(expires_in) && expires_in > 0,
      expires_in === undefined
        ? 'The token response lacks expires_in.'
        : 'The expires_in in the token response is not a positive whole number.',
      { expected: 'expires_in, a positive whole number', received: quote(expires_in) },
    );
  },
});

export const prefixes = requirement({
  id: 'token-prefixes',
  level: 'SHOULD',
  profile: 'polar',
  clauses: [polarDocs('Exchange the authorization code')],
  needs: ['client', 'user'],
  statement: "Tokens have Polar's prefixes.",
  how:
    'Exchanges a code. Expects the access token to start with polar_at_ and the refresh token, if there is ' +
    'one, with polar_rt_.',
  hint: 'Look at where tokens are generated. Secret scanners find leaked tokens by these prefixes.',
  async check({ flow, expect }) {
    const { access_token, refresh_token } = await flow.tokens();
    expect.that(access_token.startsWith('polar_at_'), 'The access token does not start with polar_at_.', {
      expected: 'polar_at_…',
      received: 'another beginning',
    });
    expect.that(
      refresh_token === null || refresh_token.startsWith('polar_rt_'),
      'The refresh token does not start with polar_rt_.',
      { expected: 'polar_rt_…', received: 'another beginning' },
    );
  },
});

export const expiresIn = requirement({
  id: 'token-expires-in',
  level: 'SHOULD',
  profile: 'oauth',
  clauses: [rfc(6749, '5.1')],
  needs: ['client', 'user'],
  statement: 'The token response says how long the access token lives.',
  how:
    'Exchanges a code and, if possible, refreshes the grant. Expects expires_in in both responses. ' +
    'token-expires-in-number judges its form. ' +
    'The same for the exchanges of a public client and for an organization.',
  hint: "Put the access token's lifetime, in seconds, into every token response.",
  async check(context) {
    const { expect } = context;
    for (const { what, exchange } of await tokenResponses(context)) {
      expect.that('expires_in' in exchange.object(), `There is no expires_in in ${what}.`, {
        expected: 'expires_in',
        received: 'no expires_in',
        exchange,
      });
    }
  },
});

export const expiresInNumber = requirement({
  id: 'token-expires-in-number',
  level: 'MUST',
  levelReason: 'No keyword: section 5.1 has numbers as JSON numbers, and appendix A.14 has digits only.',
  profile: 'oauth',
  clauses: [rfc(6749, '5.1'), rfc(6749, 'A.14')],
  needs: ['client', 'user'],
  statement: 'expires_in, if present, is a whole number of seconds, as a JSON number.',
  how:
    'Exchanges a code and, if possible, refreshes the grant. Expects expires_in in both responses, if ' +
    'present, to be a JSON number, whole and not negative. ' +
    'The same for the exchanges of a public client and for an organization.',
  hint: 'Write expires_in as a number, with no quotation marks.',
  async check(context) {
    const { expect, remark } = context;
    for (const { what, exchange } of await tokenResponses(context)) {
      const { expires_in } = exchange.object();
      if (expires_in === undefined) {
        remark(`There is no expires_in in ${what}.`);
        continue;
      }
      expect.that(
        typeof expires_in === 'number' && Number.isInteger(expires_in) && expires_in >= 0,
        typeof expires_in === 'number'
          ? `The expires_in in ${what} is not a whole number of seconds.`
          : `The expires_in in ${what} is not a JSON number.`,
        { expected: 'a JSON number such as 3600', received: `expires_in ${quote(expires_in)}`, exchange },
      );
      // Appendix A.14 is one or more digits, so zero is a number like any other.
      if (expires_in === 0) remark(`The expires_in in ${what} is 0: the token has expired when it arrives.`);
    }
  },
});

export const idToken = requirement({
  id: 'token-id-token',
  level: 'MUST',
  profile: 'oidc',
  clauses: [oidcCore('3.1.3.3')],
  needs: ['client', 'user'],
  statement: 'An exchange for a grant with openid returns an ID Token.',
  how:
    'Exchanges codes for the scope openid: with a nonce, with none, with another scope before openid, and ' +
    'of a public client if the server offers that. Expects id_token to be a string of three base64url ' +
    "segments that aren't empty (five if it's encrypted).",
  hint: 'Look at the condition for adding the ID Token at the token endpoint.',
  async check(context) {
    const { flow, expect, remark } = context;
    const client = await publicClientIfOffered(context);
    const wide = await nullOn(isNotTested, async () => flow.widerScope(await flow.client()));
    const scope = wide?.split(' ').reverse().join(' ') ?? null;
    const cases = [
      { options: {}, which: 'a request with nonce' },
      { options: { nonce: null }, which: 'a request without nonce' },
      ...(scope === null ? [] : [{ options: { scope }, which: `a request for ${scope}` }]),
      ...(client === null ? [] : [{ options: { client }, which: 'a request of a public client' }]),
    ];
    for (const { options, which } of cases) {
      const { exchange } = await flow.tokens({ scope: flow.minimalScope, ...options });
      const value = expect.string(
        exchange.object().id_token,
        'id_token',
        `the token response to ${which}`,
        exchange,
      );
      const { length } = value.split('.');
      expect.that(isCompactToken(value), `The id_token in the response to ${which} is not a compact JWT.`, {
        expected: 'three base64url segments joined by dots',
        received: `a string of ${length} segments`,
        exchange,
      });
      if (length === 5) remark('The ID Token is encrypted.');
    }
  },
});

export const noStore = requirement({
  id: 'token-no-store',
  level: 'MUST',
  profile: 'oauth',
  clauses: [rfc(6749, '5.1'), oidcCore('3.1.3.3')],
  needs: ['client', 'user'],
  statement: "Caches don't store token responses.",
  how:
    'Exchanges a code and, if possible, refreshes the grant. Expects no-store in the Cache-Control of both ' +
    "responses. Pragma isn't required: HTTP gives it no meaning in a response. " +
    'The same for the exchanges of a public client and for an organization.',
  hint: 'Send Cache-Control: no-store with every token response.',
  async check(context) {
    const { expect } = context;
    for (const { what, exchange } of await tokenResponses(context)) {
      expectNoStore(expect, exchange, what);
    }
  },
});

function isCompactToken(value: string): boolean {
  const segments = value.split('.');
  if (!segments.every((segment) => /^[A-Za-z0-9_-]*$/.test(segment))) return false;
  if (segments.length === 3) return segments.every((segment) => segment !== '');
  // Of an encrypted token the second segment, the encrypted key, may be empty (RFC 7516 section 3.1).
  return segments.length === 5 && segments.every((segment, place) => segment !== '' || place === 1);
}
