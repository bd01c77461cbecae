/** Which access token a call carries. */
import type { AccessTokenRecord } from '../../fixtures/sandbox/store/records.js';
import { bearerOf, type ObservedExchange } from '../watcher/exchange.js';
import type { LessonContext } from './lesson.js';

/** @returns the sandbox's record of the token; null for no token, or one that was never issued */
export function accessTokenIn(
  exchange: ObservedExchange,
  { store }: LessonContext,
): AccessTokenRecord | null {
  const sent = bearerOf(exchange);
  return store.accessTokens.find(({ value }) => value === sent) ?? null;
}
