/** Lifetimes of tokens. */
import type { TokenSet } from '../../fixtures/flow/types.js';
import type { Target } from '../../fixtures/target/settings.js';
import { NotTested } from '../../fixtures/verdict.js';

/** Seconds after a lifetime when it is certainly over: clocks count whole seconds, and a request takes time. */
export const LATE_SECONDS = 5;

/** @returns seconds, from the token response or else from the target file. NotTested if neither has them */
export function accessTokenLifetime({ exchange }: TokenSet, { settings }: Target): number {
  const stated = exchange.object().expires_in;
  const lifetime = typeof stated === 'number' ? stated : settings.lifetimes?.accessToken;
  if (lifetime !== undefined) return lifetime;
  throw new NotTested(
    'The lifetime is not known: the token response has no expires_in; add lifetimes.accessToken to the target file.',
  );
}
