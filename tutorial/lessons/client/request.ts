/** A registration request, as the learner sent it and as the sandbox accepted it. */
import type { ClientRecord } from '../../../fixtures/sandbox/store/records.js';
import type { Learner } from '../../learner/learner.js';
import type { ObservedExchange } from '../../watcher/exchange.js';
import type { LessonContext } from '../lesson.js';
import type { Recipe } from '../recipe.js';
import { registerConfidential } from '../steps.js';

export const isRegistration = ({ endpoint, method }: ObservedExchange): boolean =>
  endpoint === 'register' && method === 'POST';

/** @returns the redirect URIs that were sent as a list; entries that aren't strings are left out */
export function redirectUrisOf({ sentJson }: ObservedExchange): readonly string[] {
  const list: unknown = sentJson?.redirect_uris;
  return Array.isArray(list) ? list.filter((uri) => typeof uri === 'string') : [];
}

/** @returns the client that this exchange created, or null */
export function clientMadeBy(exchange: ObservedExchange, { store }: LessonContext): ClientRecord | null {
  if (!isRegistration(exchange) || exchange.status !== 201) return null;
  return store.clients.find(({ client_id }) => client_id === exchange.json?.client_id) ?? null;
}

export const urlOf = (uri: string): URL | null => (URL.canParse(uri) ? new URL(uri) : null);

/** A loopback IP literal (RFC 8252 §7.3). */
export const isLoopbackNumber = (url: URL): boolean =>
  url.hostname.startsWith('127.') || url.hostname === '[::1]';

/** http on a host that others can reach. */
export function isPlainHttp(uri: string): boolean {
  const url = urlOf(uri);
  return url?.protocol === 'http:' && url.hostname !== 'localhost' && !isLoopbackNumber(url);
}

type Members = Readonly<Record<string, string | readonly string[] | null>>;

/** The registration with some members changed; null leaves one out. */
export function registration(changes: Members): Recipe {
  const members = { ...registerConfidential.json, ...changes };
  const json = Object.fromEntries(
    Object.entries(members).flatMap(([name, value]) => (value === null ? [] : [[name, value]])),
  );
  return { ...registerConfidential, json };
}

/** Registers with some members changed. */
export async function register(learner: Learner, changes: Members): Promise<void> {
  await learner.send(registration(changes));
}
