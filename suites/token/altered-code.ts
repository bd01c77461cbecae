/** Codes that are almost those that were issued. */
import { rfc } from '../clauses.js';
import { requirement } from '../requirement.js';
import { ALTERATIONS } from '../steps/alterations.js';
import { ownClientIfOpen } from '../steps/clients.js';
import { exchangeFreshCode } from '../steps/exchange.js';

export const codeAltered = requirement({
  id: 'token-code-altered',
  level: 'MUST',
  levelReason:
    'Values are case-sensitive (section 1.9), and anything but the issued code is an invalid grant ' +
    '(section 5.2).',
  profile: 'oauth',
  clauses: [rfc(6749, '5.2'), rfc(6749, '10.10'), rfc(6749, '1.9')],
  needs: ['client', 'user'],
  statement: 'A code that differs from the issued one gets no tokens.',
  how:
    'Exchanges a code (200). Then, each on a fresh code: with a character changed near its start and in ' +
    'its middle, with its letters in the other case, one character longer and one shorter. Expects no ' +
    'tokens and a status from 400 to 499.',
  hint:
    "Compare the whole code, byte for byte: check the column's collation, and anything that gets cut off " +
    'before.',
  async check({ flow, expect, alter, learn }) {
    const client = (await ownClientIfOpen(flow)) ?? (await flow.client());
    await exchangeFreshCode(flow, { client });
    for (const { what, apply } of ALTERATIONS) {
      const code = await flow.code({ client });
      const value = apply(code.value, { alter, learn });
      if (value === code.value) continue;
      const exchange = await flow.exchangeCode({ ...code, value }, { note: `a code ${what}` });
      expect.noTokens(exchange, `a code ${what}`);
      expect.clientError(exchange, `A code ${what} was not refused with a client error.`);
    }
  },
});
