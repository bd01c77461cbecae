/** Tokens of another kind: good somewhere else, and not here. */
import { NotTested } from '../../fixtures/verdict.js';
import { oidcCore, polarDocs, rfc } from '../clauses.js';
import { type CheckContext, requirement } from '../requirement.js';
import {
  acceptedAtEachPlace,
  acceptedToken,
  expectBearerRefused,
  type ProtectedPlace,
} from '../steps/bearer-requests.js';
import { ownClientIfOpen } from '../steps/clients.js';
import { useFresh } from '../steps/fresh-tokens.js';

/** Each place refuses this value as a bearer token. */
async function judgeRefusedAtEachPlace(
  { flow, expect }: CheckContext,
  places: readonly ProtectedPlace[],
  what: string,
  value: string,
): Promise<void> {
  for (const { endpoint, where, control } of places) {
    const exchange = await flow.callApi(endpoint, value, { note: `${what}${where}` });
    expectBearerRefused(expect, exchange, { what: `${what} as a bearer token${where}`, control });
  }
}

export const refreshTokenRefused = requirement({
  id: 'api-refresh-token-refused',
  level: 'MUST',
  profile: 'oauth',
  clauses: [rfc(6749, '1.5'), rfc(6749, '7'), rfc(6750, '3.1')],
  needs: ['user', 'protected-endpoint', 'refresh'],
  statement: "A refresh token doesn't work as an access token.",
  how:
    "A response's access token gets 200. Then sends its refresh token as a bearer token, to the API and to " +
    'userinfo. Expects 4xx and no data. ' +
    "The same for a fresh code and for the client's registration access token, if it has one.",
  hint: 'Look up bearer tokens only among access tokens.',
  async check(context) {
    const { tokens, places } = await acceptedAtEachPlace(context, { offline: true });
    await judgeRefusedAtEachPlace(context, places, 'a refresh token', tokens.refresh_token ?? '');
    const code = await context.flow.code({ client: tokens.client });
    await judgeRefusedAtEachPlace(context, places, 'an authorization code', code.value);
    const registration = tokens.client.registration?.string('registration_access_token') ?? null;
    if (registration !== null)
      await judgeRefusedAtEachPlace(context, places, 'a registration access token', registration);
  },
});

export const idTokenRefused = requirement({
  id: 'api-id-token-refused',
  level: 'MUST',
  profile: 'oidc',
  clauses: [rfc(8725, '3.12'), rfc(6749, '7'), oidcCore('2')],
  needs: ['user', 'protected-endpoint'],
  statement: "An ID Token doesn't work as an access token.",
  how:
    "A response's access token gets 200. Then sends its ID Token as a bearer token, to the API and to " +
    'userinfo. Expects 4xx and no data.',
  hint:
    'Accept as an access token only what was issued as one. A JWT for another purpose has another typ or ' +
    'audience.',
  async check(context) {
    const { tokens, places } = await acceptedAtEachPlace(context);
    const { compact } = context.flow.decodeIdToken(tokens);
    await judgeRefusedAtEachPlace(context, places, 'an ID Token', compact);
  },
});

export const orgTokenUserEndpoint = requirement({
  id: 'api-org-token-user-endpoint',
  level: 'MUST',
  profile: 'polar',
  clauses: [polarDocs('User VS Organization access tokens')],
  needs: ['organization', 'user', 'page', 'api-user-endpoint'],
  statement: 'User-only endpoints refuse organization tokens.',
  how:
    "A user token with the user-only endpoint's scope gets 200. Then sends an organization token of the " +
    'same user, client and scope. Expects 401 or 403 and no data.',
  hint: 'At user-only endpoints, check whose token it is before you check what it may do.',
  async check({ flow, expect, target }) {
    const client = (await ownClientIfOpen(flow)) ?? (await flow.client());
    const { control } = await acceptedToken(flow, 'user', { client });
    const organization = target.settings.users?.first?.organizations?.[0];
    if (organization === undefined) throw new NotTested('No organization is known.');
    const scope = flow.apiScope(client, 'user');
    // Without a client of its own, a choice that the server remembers would count; so it's asked for again.
    const params = { prompt: 'consent' };
    const own = await flow.organizationTokens(organization.name, { client, scope, params });
    const missing = scope.split(' ').find((word) => !own.scope.split(' ').includes(word));
    if (missing !== undefined) {
      // The server may grant less than was asked for (RFC 6749 section 3.3).
      throw new NotTested(
        `The organization token was not granted the scope ${missing}, so its refusal would show nothing.`,
      );
    }
    // A server that stores tokens after it has answered would refuse this one for another reason.
    if (target.document?.userinfo_endpoint !== undefined)
      await useFresh(
        () => flow.callApi('userinfo', own.access_token),
        ({ status }) => status !== 401,
      );
    const exchange = await flow.callApi('user', own.access_token, { note: 'an organization token' });
    const what = 'an organization token at a user-only endpoint';
    expectBearerRefused(expect, exchange, { what, control, status: [401, 403] });
  },
});
