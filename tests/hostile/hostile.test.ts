/** The quick part of `npm run hostile`: a fault of each kind, at a place where it would hurt. */
import { describe, it } from 'node:test';
import { assertHarmless, attack } from './attack.js';
import { type Fault, NETWORK_FAULTS, PAGE_FAULTS } from './faults.js';
import { PAGE } from './server.js';

const QUICK: readonly (readonly [place: string, fault: string])[] = [
  ['discovery', 'a reset in the middle'],
  ['discovery', 'JSON 10,000 levels deep'],
  ['jwks', 'members named __proto__'],
  ['token', '1 GB'],
  ['token', 'a gzip bomb'],
  [PAGE, 'a page of 1 GB'],
];

describe('a hostile server', () => {
  for (const [place, name] of QUICK) {
    it(`does no harm with ${name} at ${place}`, async () => {
      const faults: Readonly<Record<string, Fault>> = { ...NETWORK_FAULTS, ...PAGE_FAULTS };
      const fault = faults[name];
      if (fault === undefined) throw new Error(`there is no fault ${name}`);
      assertHarmless(await attack(place, fault));
    });
  }
});
