/** What the tutorial's page serves. */
import type { Fetch } from '../../fixtures/sandbox/listen.js';
import type { Tutorial } from '../../tutorial/tutorial.js';

/** @returns what answers at the page's address, the private routes left aside */
export function pageOf(_tutorial: Tutorial): Fetch {
  return () =>
    new Response('The tutorial is in the terminal that printed this address.\n', {
      headers: { 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-store' },
    });
}
