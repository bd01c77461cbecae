/** A code that comes again when some time has passed since it was used. */
import { hasTokens } from '../../fixtures/expect/describe.js';
import { Blocked } from '../../fixtures/verdict.js';
import { rfc } from '../clauses.js';
import { requirement } from '../requirement.js';
import { tokensWithRefreshIfAny } from '../steps/tokens.js';
import {
  demandAcceptedAtUserinfo,
  expectEndedAtUserinfo,
  waitForUserinfoRefusal,
} from '../steps/userinfo.js';

/** Seconds; a server that forgets used codes soon would take it again. */
const LATER = 31;

export const codeReuseLate = requirement({
  id: 'token-code-reuse-late',
  level: 'MUST',
  profile: 'oauth',
  clauses: [rfc(6749, '4.1.2'), rfc(6749, '10.5')],
  needs: ['client', 'user'],
  statement: 'A code that was used half a minute ago is refused.',
  how:
    'Exchanges a code, lets 31 seconds pass for it, and sends the same exchange again. Expects ' +
    "invalid_grant and no tokens. Not tested if the target can't make a code older and waiting isn't " +
    'allowed.',
  hint: 'Remember that a code was used for at least as long as it would have been valid.',
  serial: true,
  waits: true,
  async check({ flow, expect, time }) {
    const client = await flow.disposableClient();
    const tokens = await flow.tokens({ client });
    await time.advance(LATER, tokens.code.value, 'the code');
    const replay = await flow.exchangeCode(tokens.code, { note: 'the same exchange again' });
    expect.invalidGrant(replay, 'a code that was used half a minute ago');
  },
});

export const codeReplayLateRevokes = requirement({
  id: 'token-code-replay-late-revokes',
  level: 'SHOULD',
  profile: 'oauth',
  clauses: [rfc(6749, '4.1.2')],
  needs: ['client', 'user', 'userinfo'],
  statement: 'Replaying a code half a minute later still revokes its tokens.',
  how:
    'Exchanges a code, and userinfo accepts the access token. After 31 seconds, the same exchange is ' +
    "refused. Expects userinfo to refuse the access token within 5 seconds. Not tested if the target can't " +
    "make a code older and waiting isn't allowed.",
  hint: 'Keep the link from a used code to its grant for as long as the grant lives.',
  serial: true,
  waits: true,
  async check({ flow, expect, time, pause }) {
    const client = await flow.disposableClient();
    const tokens = await tokensWithRefreshIfAny(flow, { client });
    await demandAcceptedAtUserinfo(flow, tokens);
    await time.advance(LATER, tokens.code.value, 'the code');
    const replay = await flow.exchangeCode(tokens.code, { note: 'the same exchange again' });
    if (hasTokens(replay)) throw new Blocked('codeReuseLate', 'The code worked a second time.');
    const after = await waitForUserinfoRefusal(flow, tokens.access_token, pause);
    expectEndedAtUserinfo(
      expect,
      after,
      'The access token of a code that was replayed half a minute later still works.',
    );
  },
});
