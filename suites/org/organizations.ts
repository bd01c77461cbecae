/** What the checks of this chapter share: the first user's organizations, and what the API shows of them. */
import type { Exchange } from '../../fixtures/evidence/exchange.js';
import { describeExchange } from '../../fixtures/expect/describe.js';
import { requireNotRateLimited } from '../../fixtures/expect/rate-limited.js';
import type { AuthorizationOptions, Client, TokenSet } from '../../fixtures/flow/types.js';
import type { Flow } from '../../fixtures/flow/verbs.js';
import type { Step } from '../../fixtures/owners.js';
import { isObject } from '../../fixtures/parse-json.js';
import type { OrganizationSettings, Target } from '../../fixtures/target/settings.js';
import { Blocked, NotTested } from '../../fixtures/verdict.js';
import { ownClientIfOpen } from '../steps/clients.js';
import { useFresh } from '../steps/fresh-tokens.js';

/** Two organizations of the first user. */
export function twoOrganizations({
  settings,
}: Target): readonly [OrganizationSettings, OrganizationSettings] {
  const [one, other] = settings.users?.first?.organizations ?? [];
  if (one === undefined || other === undefined)
    throw new NotTested('Two organizations of the first user are needed: add them to the target file.');
  return [one, other];
}

/** An organization of the second user alone. */
export function foreignOrganization({ settings }: Target): OrganizationSettings {
  const own = (settings.users?.first?.organizations ?? []).map(({ id }) => id);
  const foreign = settings.users?.second?.organizations?.find(({ id }) => !own.includes(id));
  if (foreign === undefined) {
    throw new NotTested(
      'No organization is known that only the second user belongs to: add users.second.organizations to the target file.',
    );
  }
  return foreign;
}

/** The options of an authorization for an organization. */
export function organizationRequest(
  flow: Flow,
  client: Client,
  organization: OrganizationSettings | null,
  options: AuthorizationOptions = {},
): AuthorizationOptions {
  return {
    client,
    scope: flow.apiScope(client, 'organization'),
    ...(organization === null ? {} : { organization: organization.name }),
    ...options,
    params: { sub_type: 'organization', ...options.params },
  };
}

/** The user's own tokens, with the scope of the organization endpoint. */
export async function userTokens(flow: Flow, client: Client): Promise<TokenSet> {
  return flow.tokens({ client, scope: flow.apiScope(client, 'organization'), note: 'as a user' });
}

/** Whether the endpoint showed this organization: a list may be empty, and what is not reached may be refused. */
export function showsOrganization(exchange: Exchange, { id, name }: OrganizationSettings): boolean {
  requireNotRateLimited(exchange);
  if (exchange.status >= 500)
    throw new NotTested(`The organization endpoint answered ${exchange.status}, which says nothing.`);
  if (exchange.status < 200 || exchange.status > 299) return false;
  const body = exchange.json();
  const items = isObject(body) && Array.isArray(body.items) ? body.items : body;
  const text = JSON.stringify(items) ?? '';
  return text.includes(id) || text.includes(`"${name}"`);
}

/** The control: what must be visible is visible. Blocked by the owner of `step` otherwise. */
export function demandOrganizationShown(
  exchange: Exchange,
  organization: OrganizationSettings,
  what: string,
  step: Step,
): void {
  if (!showsOrganization(exchange, organization))
    throw new Blocked(step, `${what} does not show ${organization.name}: ${describeExchange(exchange)}.`);
}

/** @returns the answer of the organization endpoint to a fresh token, as soon as it shows this organization */
export function fetchOrganization(
  flow: Flow,
  access_token: string,
  organization: OrganizationSettings,
  note: string,
): Promise<Exchange> {
  return useFresh(
    () => flow.callApi('organization', access_token, { organization: organization.id, note }),
    (answer) => answer.status === 429 || answer.status >= 500 || showsOrganization(answer, organization),
  );
}

/**
 * Who asks for tokens of an organization: a client of the check's own, so that a choice which the server remembers for
 * another check changes nothing here. With closed registration, the shared client, which asks for the choice again.
 */
export async function whoAsks(
  flow: Flow,
): Promise<Required<Pick<AuthorizationOptions, 'client' | 'params'>>> {
  const own = await ownClientIfOpen(flow);
  return own === null
    ? { client: await flow.client(), params: { prompt: 'consent' } }
    : { client: own, params: {} };
}

/** A client that nobody has allowed anything yet; with closed registration, the shared one. */
export async function organizationClient(flow: Flow): Promise<Client> {
  return (await ownClientIfOpen(flow)) ?? (await flow.client());
}
