/** What the lesson on attacks has to know about an exchange. */
import { COMPARES_HEADER, STATE_HEADER, type StateFound } from '../../samples/victim/index.js';
import type { ObservedExchange } from '../../watcher/exchange.js';
import type { LessonContext } from '../lesson.js';

const isState = (text: string | undefined): text is StateFound =>
  text === 'matched' || text === 'missing' || text === 'different';

/** What came to the victim's callback; null for everything else. */
export interface AtCallback {
  readonly code: string | null;
  readonly compares: boolean;
  readonly state: StateFound;
}

export function atCallback(
  { endpoint, url, answerHeaders }: ObservedExchange,
  { values }: LessonContext,
): AtCallback | null {
  const state = answerHeaders[STATE_HEADER];
  if (endpoint !== null || !isState(state)) return null;
  if (values.VICTIM_CALLBACK === undefined || new URL(values.VICTIM_CALLBACK).pathname !== url.pathname)
    return null;
  return { code: url.searchParams.get('code'), compares: answerHeaders[COMPARES_HEADER] === 'yes', state };
}

/** Whether the victim's app has answered. */
export const isAtVictim = ({ endpoint, answerHeaders }: ObservedExchange): boolean =>
  endpoint === null && answerHeaders[COMPARES_HEADER] !== undefined;

/** A code that reaches a browser that didn't start this sign-in. */
export const isInjection = ({ code, state }: AtCallback): boolean => code !== null && state !== 'matched';

/** Whether the attack worked: the browser is signed in through a sign-in that someone else started. */
export function isSignedInByOther(exchange: ObservedExchange, context: LessonContext): boolean {
  const seen = atCallback(exchange, context);
  return seen !== null && isInjection(seen) && !seen.compares && exchange.status === 200;
}

/** An unregistered redirect_uri and the registered ones; null for any other exchange. */
export function redirectIn(
  { endpoint, method, url }: ObservedExchange,
  { store }: LessonContext,
): { readonly sent: URL; readonly registered: readonly string[] } | null {
  const sent = url.searchParams.get('redirect_uri');
  const client = store.clients.find(({ client_id }) => client_id === url.searchParams.get('client_id'));
  if (endpoint !== 'authorize' || method !== 'GET' || sent === null || client === undefined) return null;
  if (!URL.canParse(sent) || client.redirect_uris.includes(sent)) return null;
  return { sent: new URL(sent), registered: client.redirect_uris };
}

export const isOnThisMachine = ({ hostname }: URL): boolean =>
  ['localhost', '127.0.0.1', '[::1]'].includes(hostname);
