/** Finds out which protected resource the API is, and what it publishes about itself (RFC 9728). */
import type { Exchange } from '../../fixtures/evidence/exchange.js';
import { describeExchange } from '../../fixtures/expect/describe.js';
import type { ApiEndpoint } from '../../fixtures/flow/types.js';
import type { Flow } from '../../fixtures/flow/verbs.js';
import { isObject } from '../../fixtures/parse-json.js';
import { resourcePlace } from '../../fixtures/target/metadata-places.js';
import { NotApplicable, NotTested } from '../../fixtures/verdict.js';
import { type Challenge, parseChallenges } from '../steps/challenges.js';

/** An endpoint of the API, as it answers a request without a token. */
export interface Unauthenticated {
  readonly exchange: Exchange;
  /** The URL of the endpoint, which is its resource identifier if it has one of its own. */
  readonly url: string;
  readonly challenges: readonly Challenge[];
}

/** What was published, and where it was found. */
export interface ResourceDocument {
  readonly exchange: Exchange;
  readonly document: Readonly<Record<string, unknown>>;
}

export async function askWithoutToken(
  flow: Flow,
  endpoint: ApiEndpoint = 'protected',
): Promise<Unauthenticated> {
  const exchange = await flow.callApi(endpoint, null, { note: 'without a token' });
  const field = exchange.header('www-authenticate');
  const challenges = field === null ? [] : parseChallenges(field);
  return { exchange, url: exchange.request.url, challenges: 'fault' in challenges ? [] : challenges };
}

/** @returns the values of a parameter in all challenges */
export function challengeParameters(challenges: readonly Challenge[], name: string): readonly string[] {
  return challenges.flatMap(({ params }) => params.flatMap(([key, value]) => (key === name ? [value] : [])));
}

export function fetchResourceDocument(flow: Flow, url: string, note: string): Promise<Exchange> {
  return flow.send({ url, headers: { accept: 'application/json' }, note });
}

/** The places for this URL and for what is above it: an API may be one resource, whatever its endpoints are. */
function listPlaces(url: string): readonly string[] {
  const { origin, pathname } = new URL(url);
  const parts = pathname.split('/').filter((part) => part !== '');
  return parts
    .map((_, index) => `${origin}/${parts.slice(0, parts.length - index).join('/')}`)
    .concat(origin)
    .map(resourcePlace);
}

/** @returns what the API publishes about itself, found by its challenge, else by its URL; null if there is nothing */
export async function findResourceDocument(
  flow: Flow,
  endpoint: ApiEndpoint = 'protected',
): Promise<ResourceDocument | null> {
  const { url, challenges } = await askWithoutToken(flow, endpoint);
  const [named] = challengeParameters(challenges, 'resource_metadata');
  const places = [...(named !== undefined && URL.canParse(named) ? [named] : []), ...listPlaces(url)];
  for (const place of places) {
    const exchange = await fetchResourceDocument(flow, place, 'the metadata of the protected resource');
    const document = exchange.json();
    if (exchange.status === 200 && isObject(document)) return { exchange, document };
  }
  return null;
}

/** The same. NotApplicable if there is none, which agents-resource-metadata says. */
export async function readResourceDocument(
  flow: Flow,
  endpoint: ApiEndpoint = 'protected',
): Promise<ResourceDocument> {
  const found = await findResourceDocument(flow, endpoint);
  if (found !== null) return found;
  throw new NotApplicable('The API publishes no metadata of a protected resource.');
}

/**
 * @returns the identifier by which the authorization server knows this API
 * @throws NotTested if nothing says it
 */
export async function resourceIdentifier(flow: Flow, endpoint: ApiEndpoint = 'protected'): Promise<string> {
  const found = await findResourceDocument(flow, endpoint);
  const named = found?.document.resource ?? flow.supportedValues('protected_resources')?.[0];
  if (typeof named === 'string') return named;
  throw new NotTested(
    `The API's identifier is not known: the server publishes no resource metadata${found === null ? '' : ` with a resource (${describeExchange(found.exchange)})`}. Name it in metadata.protected_resources of the target file.`,
  );
}
