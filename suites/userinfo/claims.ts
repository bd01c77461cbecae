/** The claims that userinfo gives: those that were asked for, each with its type. */
import type { Exchange } from '../../fixtures/evidence/exchange.js';
import type { TokenSet } from '../../fixtures/flow/types.js';
import type { Flow } from '../../fixtures/flow/verbs.js';
import { NotApplicable, NotTested } from '../../fixtures/verdict.js';
import { oidcCore, polarDocs } from '../clauses.js';
import { requirement } from '../requirement.js';
import { ownClientIfOpen } from '../steps/clients.js';
import { parseScopes } from '../steps/granted-scopes.js';
import { isMissing, isUnavailable, nullOn } from '../steps/signals.js';
import {
  CLAIMS_OF_SCOPES,
  claimsScope,
  findSurplusClaims,
  listClaimScopes,
} from '../steps/standard-claims.js';
import { demandClaims, freshUserinfo } from '../steps/userinfo.js';

interface ShownClaims {
  /** 'at userinfo' or 'in the ID Token'. */
  readonly where: string;
  readonly claims: Readonly<Record<string, unknown>>;
  readonly exchange: Exchange;
}

/** The claims of a grant, wherever they are shown. Blocked by userinfo-get. */
async function readShownClaims(flow: Flow, tokens: TokenSet): Promise<readonly ShownClaims[]> {
  const exchange = await freshUserinfo(flow, tokens.access_token, `userinfo of scope ${tokens.scope}`);
  const shown = [{ where: 'at userinfo', claims: demandClaims(exchange), exchange }];
  if (tokens.id_token === null) return shown;
  const { claims } = flow.decodeIdToken(tokens);
  return [...shown, { where: 'in the ID Token', claims, exchange: tokens.exchange }];
}

/** Userinfo of a grant with every scope for claims. Blocked by userinfo-get. */
async function fetchAllClaims(flow: Flow): Promise<Omit<ShownClaims, 'where'>> {
  const client = await flow.client();
  const scope = claimsScope(flow, client);
  const { access_token } = await flow.tokens({ client, scope });
  const exchange = await freshUserinfo(flow, access_token, `userinfo of a grant for ${scope}`);
  return { exchange, claims: demandClaims(exchange) };
}

export const claimTypes = requirement({
  id: 'userinfo-claim-types',
  level: 'MUST',
  levelReason: "No keyword: the type is part of the claim's definition.",
  profile: 'oidc',
  clauses: [oidcCore('5.1'), oidcCore('5.3.2')],
  needs: ['userinfo', 'user'],
  statement: 'Standard claims at userinfo have the right types and formats.',
  how:
    'Gets userinfo for openid and all of email, profile, address and phone that client and server have. ' +
    'Expects the claims that are there to fit the JSON Schema claims.json: email_verified is a boolean, ' +
    'updated_at is seconds, birthdate is a date or a year, locale is a language tag, URLs are absolute.',
  hint: 'Give each standard claim the type that section 5.1 defines.',
  async check({ flow, expect }) {
    const { claims, exchange } = await fetchAllClaims(flow);
    expect.matchesSchema('claims', claims, 'the set of standard claims at userinfo', exchange);
  },
});

export const claimEmpty = requirement({
  id: 'userinfo-claim-empty',
  level: 'SHOULD',
  profile: 'oidc',
  clauses: [oidcCore('5.3.2')],
  needs: ['userinfo', 'user'],
  statement: 'Userinfo leaves out a claim that has no value.',
  how:
    'Gets userinfo for openid and all of email, profile, address and phone that client and server have. ' +
    'Expects no member that is null or an empty string.',
  hint: 'Leave a claim out if the account has no value for it.',
  async check({ flow, expect }) {
    const { claims, exchange } = await fetchAllClaims(flow);
    const empty = Object.keys(claims).filter((name) => claims[name] === null || claims[name] === '');
    expect.none(
      empty.map((name) => `${name}: ${JSON.stringify(claims[name])}`),
      'Userinfo has claims that are null or empty.',
      'no such members',
      exchange,
    );
  },
});

export const claimsUnasked = requirement({
  id: 'userinfo-claims-unasked',
  level: 'SHOULD',
  levelReason: 'Section 5.4 says which scope asks for which claims. No keyword forbids others.',
  profile: 'oidc',
  clauses: [oidcCore('5.4')],
  needs: ['userinfo', 'user'],
  statement: "A grant shows no claims that belong to scopes it doesn't have.",
  how:
    'Gets grants for openid, and for openid with one of email, profile, address and phone. Expects neither ' +
    'userinfo nor the ID Token to have a claim of one of the other scopes. Not tested if the server grants ' +
    'all of them every time.',
  hint: 'Add a claim only if the scope that asks for it was granted.',
  async check({ flow, expect }) {
    const client = (await ownClientIfOpen(flow)) ?? (await flow.client());
    let withheld = 0;
    for (const scope of ['', ...listClaimScopes(flow, client)]) {
      const asked = `${flow.minimalScope} ${scope}`.trim();
      // A server may refuse what it doesn't have; openid alone it can't.
      const isOptional = (signal: unknown) => scope !== '' && isUnavailable(signal);
      const tokens = await nullOn(isOptional, () => flow.tokens({ client, scope: asked }));
      if (tokens === null) continue;
      const granted = parseScopes(tokens.scope);
      if ([...CLAIMS_OF_SCOPES.keys()].some((one) => !granted.has(one))) withheld += 1;
      for (const { where, claims, exchange } of await readShownClaims(flow, tokens)) {
        const surplus = findSurplusClaims(claims, granted);
        const message = `A grant for ${asked} shows claims ${where} that nobody requested.`;
        expect.none(surplus, message, 'no claims of scopes that were not granted', exchange);
      }
    }
    if (withheld === 0) throw new NotTested('The server grants all scopes for claims to every request.');
  },
});

export const noEmailWithoutScope = requirement({
  id: 'userinfo-no-email-without-scope',
  level: 'MUST',
  profile: 'polar',
  clauses: [polarDocs('Start the authorization flow'), oidcCore('5.4')],
  needs: ['userinfo', 'user'],
  statement: "Without the email scope, the server doesn't disclose the email address.",
  how:
    'With a token for openid only, expects email neither at userinfo nor in the ID Token. The same for a ' +
    'token of an organization, if the target file names one of the first user. With openid and ' +
    "email, it's in one of them; if it isn't, nothing was withheld, and the rule isn't applicable.",
  hint: 'Add a claim only if the access token has the scope that asks for it.',
  async check({ flow, target, expect }) {
    const client = (await ownClientIfOpen(flow)) ?? (await flow.client());
    const narrow = await flow.tokens({ client, scope: flow.minimalScope });
    if (parseScopes(narrow.scope).has('email'))
      throw new NotTested('The server granted email though openid alone was asked for.');
    const findEmail = async (tokens: TokenSet) =>
      (await readShownClaims(flow, tokens)).filter(({ claims }) => typeof claims.email === 'string');
    const [organization] = target.settings.users?.first?.organizations ?? [];
    const owned =
      organization === undefined
        ? null
        : await nullOn(isMissing, () =>
            flow.organizationTokens(organization.name, { client, scope: flow.minimalScope }),
          );
    for (const [whose, tokens] of [
      ['', narrow],
      [' to an organization', owned],
    ] as const) {
      if (tokens === null || parseScopes(tokens.scope).has('email')) continue;
      // Whether userinfo accepts the tokens of an organization is up to the server.
      const isOptional = (signal: unknown) => tokens === owned && isMissing(signal);
      const leaks = (await nullOn(isOptional, () => findEmail(tokens))) ?? [];
      const message = `The server discloses an email address${whose} without the scope email.`;
      const where = leaks.map((leak) => leak.where);
      expect.none(where, message, 'no email at userinfo and in the ID Token', leaks[0]?.exchange);
    }
    const wide = await flow.tokens({ client, scope: `${flow.minimalScope} email` });
    if ((await findEmail(wide)).length === 0)
      throw new NotApplicable('The server shows no email address even with the scope email.');
  },
});
