/** The quick part of `npm run hostile`: faults of the network and of documents. Pages that keep a browser busy take minutes. */
import { describe, it } from 'node:test';
import { assertHarmless, attack } from './attack.js';
import { NETWORK_FAULTS } from './faults.js';

const QUICK: readonly (readonly [place: string, fault: string])[] = [
  ['discovery', 'a reset in the middle'],
  ['discovery', 'JSON 10,000 levels deep'],
  ['jwks', 'members named __proto__'],
  ['token', '1 GB'],
  ['token', 'a gzip bomb'],
];

describe('a hostile server', () => {
  for (const [place, name] of QUICK) {
    it(`does no harm with ${name} at ${place}`, async () => {
      const fault = NETWORK_FAULTS[name];
      if (fault === undefined) throw new Error(`there is no fault ${name}`);
      assertHarmless(await attack(place, fault));
    });
  }
});
