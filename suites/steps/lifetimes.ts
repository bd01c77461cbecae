/** How long what was issued lives, and when it is surely over. */
import type { TokenSet } from '../../fixtures/flow/types.js';
import type { Target } from '../../fixtures/target/settings.js';
import { NotTested } from '../../fixtures/verdict.js';

/** Seconds beyond a lifetime: whole-second clocks and the way there. */
export const LATE_SECONDS = 5;

/** Seconds: as the token response says, else the target file. NotTested where neither does. */
export function accessTokenLifetime({ exchange }: TokenSet, { settings }: Target): number {
  const stated = exchange.object().expires_in;
  const lifetime = typeof stated === 'number' ? stated : settings.lifetimes?.accessToken;
  if (lifetime !== undefined) return lifetime;
  throw new NotTested(
    'The lifetime is not known: the token response has no expires_in; add lifetimes.accessToken to the target file.',
  );
}
