/** What an authorization request asks for, and whether the answer fits it. */
import type { ClientRecord } from '../../../fixtures/sandbox/store/records.js';
import { isRefused } from '../../watcher/judge.js';
import { type Seen, scopesOf } from '../../watcher/seen.js';
import { firstDifference } from '../compare.js';
import type { Scene } from '../lesson.js';

/** The endpoint takes POST too, and answers it with a redirect to the same request as GET. */
export const isRequest = ({ endpoint, method }: Seen): boolean =>
  endpoint === 'authorize' && method === 'GET';

/** @returns a parameter; null also when it has no value, which counts as omitted (RFC 6749 §3.1) */
export const parameter = ({ url }: Seen, name: string): string | null => url.searchParams.get(name) || null;

export const scopesAsked = (exchange: Seen): readonly string[] => scopesOf(parameter(exchange, 'scope'));

/** @returns the client that a request names, or null */
export function clientAsking(exchange: Seen, { store }: Scene): ClientRecord | null {
  const id = parameter(exchange, 'client_id');
  return store.clients.find(({ client_id }) => client_id === id) ?? null;
}

/** The server put it before a user, or answered it with a code. */
export const isAccepted = (exchange: Seen): boolean =>
  isRequest(exchange) && exchange.rule === null && !isRefused(exchange);

/** An answer with a code: from the consent page or, where the user has allowed before, at once. */
export const hasCode = ({ endpoint, location }: Seen): boolean =>
  (endpoint === 'decision' || endpoint === 'authorize') && location?.searchParams.has('code') === true;

/** Accepted, or allowed already: the consent form has the request in its address. */
export const isUnderWay = (exchange: Seen): boolean => isAccepted(exchange) || hasCode(exchange);

/** Base64 in which the plus signs have become spaces, as in a query that was not encoded. */
export const hasLostPlus = (state: string): boolean =>
  state.includes(' ') && /^[A-Za-z0-9/ ]{14,}={1,2}$/.test(state);

/** All that a good request has, and the server accepted it. */
export function isGood(exchange: Seen, scene: Scene): boolean {
  const state = parameter(exchange, 'state');
  const client = clientAsking(exchange, scene);
  return (
    isAccepted(exchange) &&
    parameter(exchange, 'response_type') === 'code' &&
    client?.redirect_uris.includes(parameter(exchange, 'redirect_uri') ?? '') === true &&
    scopesAsked(exchange).includes('openid') &&
    state !== null &&
    !hasLostPlus(state)
  );
}

/** Whether an answer goes to the redirect URI of the request. */
export function leadsBack({ location }: Seen, redirectUri: string): boolean {
  if (location === null || !URL.canParse(redirectUri)) return false;
  const { origin, pathname } = new URL(redirectUri);
  return location.origin === origin && location.pathname === pathname;
}

/** Whether an answer goes back for this request: to its redirect URI, with the very state. */
export function answers(exchange: Seen, request: Seen): boolean {
  return (
    leadsBack(exchange, parameter(request, 'redirect_uri') ?? '') &&
    (exchange.location?.searchParams.get('state') ?? null) === parameter(request, 'state')
  );
}

/** Whether an answer belongs to a good request of this lesson. */
export const answersGoodRequest = (exchange: Seen, scene: Scene): boolean =>
  [...scene.past, exchange].some((one) => isGood(one, scene) && answers(exchange, one));

/** @returns the registered URI that is most like the one that was sent */
export function nearestUri({ redirect_uris }: ClientRecord, sent: string): string {
  const alike = (uri: string) => firstDifference(sent, uri) + firstDifference(reversed(sent), reversed(uri));
  return redirect_uris.reduce((best, uri) => (alike(uri) > alike(best) ? uri : best), redirect_uris[0] ?? '');
}

const reversed = (text: string): string => [...text].reverse().join('');
