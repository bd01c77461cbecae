/** An authorization request: what it asks for, and whether a response answers it. */
import type { ClientRecord } from '../../../fixtures/sandbox/store/records.js';
import { isRefused, type ObservedExchange, scopesOf } from '../../watcher/exchange.js';
import { firstDifference } from '../compare.js';
import type { LessonContext } from '../lesson.js';

/** The endpoint takes POST too, and answers it with a redirect to the same request as GET. */
export const isRequest = ({ endpoint, method }: ObservedExchange): boolean =>
  endpoint === 'authorize' && method === 'GET';

/** @returns a parameter; null also when it has no value, which counts as omitted (RFC 6749 §3.1) */
export const parameter = ({ url }: ObservedExchange, name: string): string | null =>
  url.searchParams.get(name) || null;

export const scopesAsked = (exchange: ObservedExchange): readonly string[] =>
  scopesOf(parameter(exchange, 'scope'));

/** @returns the client that a request names, or null */
export function clientAsking(exchange: ObservedExchange, { store }: LessonContext): ClientRecord | null {
  const id = parameter(exchange, 'client_id');
  return store.clients.find(({ client_id }) => client_id === id) ?? null;
}

/** The server showed a page to the user, or answered with a code. */
const isAccepted = (exchange: ObservedExchange): boolean =>
  isRequest(exchange) && exchange.rule === null && !isRefused(exchange);

/** A response with a code: from the consent page or, where the user has allowed before, at once. */
export const hasCode = ({ endpoint, location }: ObservedExchange): boolean =>
  (endpoint === 'decision' || endpoint === 'authorize') && location?.searchParams.has('code') === true;

/** Accepted, or allowed already: the consent form has the request in its address. */
export const isUnderWay = (exchange: ObservedExchange): boolean => isAccepted(exchange) || hasCode(exchange);

/** Base64 in which the plus signs have become spaces, as in a query that was not encoded. */
export const hasLostPlus = (state: string): boolean =>
  state.includes(' ') && /^[A-Za-z0-9/ ]{14,}={1,2}$/.test(state);

/** A state that an attacker could guess. */
export const isGuessable = (state: string): boolean => state.length < 8;

/** The request has everything it should have, and the server accepted it. */
export function isGood(exchange: ObservedExchange, context: LessonContext): boolean {
  const state = parameter(exchange, 'state');
  const client = clientAsking(exchange, context);
  return (
    isAccepted(exchange) &&
    parameter(exchange, 'response_type') === 'code' &&
    client?.redirect_uris.includes(parameter(exchange, 'redirect_uri') ?? '') === true &&
    scopesAsked(exchange).includes('openid') &&
    state !== null &&
    !hasLostPlus(state) &&
    !isGuessable(state)
  );
}

/** Whether an answer goes to the redirect URI of the request. */
function leadsBack({ location }: ObservedExchange, redirectUri: string): boolean {
  if (location === null || !URL.canParse(redirectUri)) return false;
  const { origin, pathname } = new URL(redirectUri);
  return location.origin === origin && location.pathname === pathname;
}

/** Whether a response answers this request: at its redirect URI, with exactly its state. */
export function answers(exchange: ObservedExchange, request: ObservedExchange): boolean {
  return (
    leadsBack(exchange, parameter(request, 'redirect_uri') ?? '') &&
    (exchange.location?.searchParams.get('state') ?? null) === parameter(request, 'state')
  );
}

/** Whether an answer belongs to a good request of this lesson. */
export const answersGoodRequest = (exchange: ObservedExchange, context: LessonContext): boolean =>
  [...context.past, exchange].some((one) => isGood(one, context) && answers(exchange, one));

/** @returns the registered URI that is most like the one that was sent */
export function nearestUri({ redirect_uris }: ClientRecord, sent: string): string {
  const alike = (uri: string) => firstDifference(sent, uri) + firstDifference(reversed(sent), reversed(uri));
  return redirect_uris.reduce((best, uri) => (alike(uri) > alike(best) ? uri : best), redirect_uris[0] ?? '');
}

const reversed = (text: string): string => [...text].reverse().join('');
