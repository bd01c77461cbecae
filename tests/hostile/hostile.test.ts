/**
 * The quick part of `npm run hostile`: faults that take a few seconds each. Pages that keep a browser busy are in
 * tests/fixtures/stuck-pages.test.ts.
 */
import { describe, it } from 'node:test';
import { assertHarmless, attack } from './attack.js';
import { findPair } from './matrix.js';

const QUICK: readonly (readonly [place: string, fault: string])[] = [
  ['discovery', 'a reset in the middle'],
  ['discovery', 'JSON 10,000 levels deep'],
  ['jwks', 'members named __proto__'],
  ['registration', 'garbage'],
  ['token', '1 GB'],
  ['token', 'a gzip bomb'],
  ['discovery', 'a length and chunks'],
  ['discovery', 'orders to the browser'],
  ['token', 'numbers beyond all bounds'],
  ['token', 'a kept connection that closes at its second request'],
  ['login page', 'a page without a form'],
  ['login page', 'a gzip bomb'],
  ['login page', 'alerts in a loop'],
];

describe('a hostile server', () => {
  for (const [where, what] of QUICK) {
    it(`does no harm with ${what} at ${where}`, async () => {
      const { place, fault } = findPair(where, what);
      assertHarmless(await attack(place, fault));
    });
  }
});
