/** Refresh tokens that are almost those that were issued. */
import { rfc } from '../clauses.js';
import { requirement } from '../requirement.js';
import { ALTERATIONS } from '../steps/alterations.js';
import { refreshedTokens, tokensWithRefresh } from '../steps/tokens.js';

export const altered = requirement({
  id: 'refresh-token-altered',
  level: 'MUST',
  levelReason:
    'Values are case-sensitive (section 1.9), and anything but the issued token is an invalid grant ' +
    '(section 5.2).',
  profile: 'oauth',
  clauses: [rfc(6749, '5.2'), rfc(6749, '10.4'), rfc(6749, '1.9')],
  needs: ['client', 'user', 'refresh'],
  statement: 'A refresh token that differs from the issued one gets no tokens.',
  how:
    "Refreshes a grant (200). Then, each with a fresh grant: with a character changed near the token's " +
    'start and in its middle, with its letters in the other case, one character longer and one shorter. ' +
    'Expects no tokens and a status from 400 to 499.',
  hint:
    "Compare the whole token, byte for byte: check the column's collation, and anything that gets cut off " +
    'before.',
  serial: true,
  async check({ flow, expect, alter, learn }) {
    const client = await flow.disposableClient();
    await refreshedTokens(flow, await tokensWithRefresh(flow, { client }), 'the control: a refresh');
    for (const { what, apply } of ALTERATIONS) {
      const { refresh_token } = await tokensWithRefresh(flow, { client });
      const value = apply(refresh_token ?? '', { alter, learn });
      if (value === refresh_token) continue;
      const note = `a refresh token ${what}`;
      const exchange = await flow.refresh({ refresh_token: value, client }, { note });
      expect.noTokens(exchange, note);
      expect.clientError(exchange, `A refresh token ${what} was not refused with a client error.`);
    }
  },
});
