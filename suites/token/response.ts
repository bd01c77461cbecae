/** What a token response consists of, and how it is sent. */
import { quote } from '../../fixtures/expect/describe.js';
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
    "A code is posted with its redirect_uri, its verifier and the client's authentication. Expected: 200, " +
    'application/json, one object with an access_token that an Authorization header can carry and token_type ' +
    'Bearer in any letter case; the schema of token responses fits and a strict client library accepts it. ' +
    'A second exchange, with a parameter that no specification knows, gives the same, and so does one of a public ' +
    'client, where the server offers that, and one of a client that was registered just now, after its consent page.',
  hint: 'Look at how the token endpoint builds its answer to grant_type=authorization_code.',
  async check(context) {
    const { flow, expect, target } = context;
    const code = await flow.code();
    const plain = await flow.exchangeCode(code, { note: 'a valid code' });
    judgeTokenResponse(expect, plain, 'the token response');
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
    'A code for openid and one further scope is exchanged. Expected in the response: token_type Bearer, the ' +
    'strings access_token, refresh_token, scope and id_token, and expires_in as a positive whole number. ' +
    'Further members are allowed.',
  hint: 'Compare the response with the example in the documentation, member by member.',
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
  statement: "Tokens carry Polar's prefixes.",
  how:
    'A code is exchanged. Expected: the access token starts with polar_at_ and the refresh token, if there is ' +
    'one, with polar_rt_. What follows is open.',
  hint: 'Look at where tokens are generated; secret scanners find leaked tokens by these prefixes.',
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
  statement: 'The lifetime of the access token is announced.',
  how:
    'Codes are exchanged, one of a public client where that is offered, and a grant is refreshed where that is supported. Expected: all responses have ' +
    'expires_in. Its form is judged by token-expires-in-number.',
  hint: 'Put the lifetime of the access token, in seconds, into every token response.',
  async check({ flow, expect, remark }) {
    for (const { what, exchange } of await tokenResponses(flow, remark)) {
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
  profile: 'oauth',
  clauses: [rfc(6749, '5.1'), rfc(6749, 'A.14')],
  needs: ['client', 'user'],
  statement: 'expires_in, when present, is a whole number of seconds, as a JSON number.',
  how:
    'Codes are exchanged, one of a public client where that is offered, and a grant is refreshed where that is supported. Expected of expires_in in all ' +
    'responses, if present: a JSON number, whole and not negative.',
  hint: 'Write expires_in as a number, without quotation marks.',
  async check({ flow, expect, remark }) {
    for (const { what, exchange } of await tokenResponses(flow, remark)) {
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
      if (expires_in === 0) remark(`The expires_in in ${what} is 0: the token has expired as it arrives.`);
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
    'Codes for the scope openid are exchanged: of a request with nonce, of one without, of one that has another scope ' +
    'before openid and, where the server offers that, of a public client. Expected: id_token is a string of three ' +
    'non-empty base64url segments (five if encrypted).',
  hint: 'Look at the condition under which the token endpoint adds the ID Token.',
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
  statement: 'Responses with tokens, by exchange or refresh, are not stored by caches.',
  how:
    'Codes are exchanged, one of a public client where that is offered, and a grant is refreshed where that is supported. Expected: the Cache-Control of ' +
    'all responses has the directive no-store. Pragma is not demanded: HTTP gives it no meaning in a response.',
  hint: 'Send Cache-Control: no-store with every token response.',
  async check({ flow, expect, remark }) {
    for (const { what, exchange } of await tokenResponses(flow, remark)) {
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
