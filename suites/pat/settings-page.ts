/** Tokens that a user makes and revokes on the settings page. */
import { describeExchange } from '../../fixtures/expect/describe.js';
import { Blocked, NotTested } from '../../fixtures/verdict.js';
import { polarDocs, rfc } from '../clauses.js';
import { requirement } from '../requirement.js';
import { useFresh } from '../steps/fresh-tokens.js';
import { waitUntil } from '../steps/wait-until.js';
import { createToken, revokeOnPage } from './configured-tokens.js';

/** A list may show the beginning of a value, to tell tokens apart. */
const SHOWN_PREFIX = 12;

export const revoked = requirement({
  id: 'pat-revoked',
  level: 'MUST',
  profile: 'polar',
  clauses: [polarDocs('Make authenticated requests'), rfc(6750, '3.1')],
  needs: ['pat', 'api-user-endpoint', 'pat-management', 'user', 'page'],
  statement: 'A deleted personal access token stops working.',
  how:
    'Creates a token on the settings page; it gets 200 at the user endpoint. Revokes it there. Expects a ' +
    'status from 400 to 499 within five seconds.',
  hint: 'Delete the token, or mark it, in the place where requests look it up.',
  async check(context) {
    const { flow, expect, pause } = context;
    const made = await createToken(context);
    const before = await useFresh(() => flow.callApi('user', made.value, { note: 'the new token' }));
    if (before.status !== 200)
      throw new Blocked(
        before.status >= 500 ? 'apiRequest' : 'personalToken',
        `A new personal access token was answered with ${describeExchange(before)}.`,
      );
    await revokeOnPage(made);
    const after = await waitUntil(
      () => flow.callApi('user', made.value, { note: 'after it was revoked' }),
      ({ status }) => status !== 200,
      pause,
    );
    expect.clientError(after, 'A personal access token that was revoked still works.');
  },
});

export const shownOnce = requirement({
  id: 'pat-shown-once',
  level: 'SHOULD',
  profile: 'polar',
  clauses: [polarDocs('Which one should I use?')],
  needs: ['pat-management', 'user', 'page'],
  statement: "A personal access token's value is shown only when it's created.",
  how:
    'Creates a token on the settings page. Expects the list, and whatever the page loads for it from its ' +
    'own origin, to name the token and to have no more of its value than the first twelve characters.',
  hint: 'Store a hash of the token, and show its value only on the page right after its creation.',
  async check(context) {
    const { expect } = context;
    const made = await createToken(context);
    const bodies: Promise<string>[] = [];
    made.visit.page.on('response', (response) => {
      if (/json|html|javascript|text/.test(response.headers()['content-type'] ?? ''))
        bodies.push(response.text().catch(() => ''));
    });
    const list = await made.visit.goto(made.url);
    const texts = [list.html, ...(await Promise.all(bodies))];
    try {
      if (!texts.some((text) => text.includes(made.name)))
        throw new NotTested('The list does not name the new token, so it may be another list.');
      const rest = made.value.slice(SHOWN_PREFIX);
      expect.that(
        !texts.some((text) => text.includes(rest)),
        "The list of tokens shows a token's whole value.",
        {
          expected: 'the name of the token, and at most the beginning of its value',
          received: 'the whole value',
        },
      );
    } finally {
      await revokeOnPage(made);
    }
  },
});
