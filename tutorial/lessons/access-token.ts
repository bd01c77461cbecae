/** Which access token a call carries: several lessons ask. */
import type { AccessTokenRecord } from '../../fixtures/sandbox/store/records.js';
import { bearerOf, type Seen } from '../watcher/seen.js';
import type { Scene } from './lesson.js';

/** @returns the token as the sandbox remembers it; null for none, or one that was never issued */
export function accessTokenIn(exchange: Seen, { store }: Scene): AccessTokenRecord | null {
  const sent = bearerOf(exchange);
  return store.accessTokens.find(({ value }) => value === sent) ?? null;
}
