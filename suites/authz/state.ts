/** state comes back exactly as it was sent, whatever the server shows in between. */
import { capitalize, describeOutcome, quote } from '../../fixtures/expect/describe.js';
import { MixedUp } from '../../fixtures/flow/mixed-up.js';
import { findCodeInQuery } from '../../fixtures/flow/read-outcome.js';
import { NotTested } from '../../fixtures/verdict.js';
import { rfc } from '../clauses.js';
import { type CheckContext, requirement } from '../requirement.js';
import { answerAfterLogin } from '../steps/session.js';
import { DIFFICULT_STATE, judgeState } from '../steps/state.js';
import { registeredAlike } from './clients.js';

/** Values that a careless comparison takes for none. */
export const LOOKS_EMPTY = ['0', 'null'];
/** Values that are not the same once they are read as a number, or trimmed. */
const LOOKS_UNTIDY = ['007', ' a '];

export const stateEcho = requirement({
  id: 'authz-state-echo',
  level: 'MUST',
  profile: 'oauth',
  clauses: [rfc(6749, '4.1.2'), rfc(6749, 'A.5')],
  needs: ['user', 'client'],
  statement: 'The state comes back exactly as it was sent.',
  how:
    'Sends a state of letters and digits, then 0, then null. Then sends reserved characters and a space ' +
    `(${DIFFICULT_STATE}, percent-encoded in the request). Expects the state once in the response's query ` +
    'and identical after form-decoding it once. Sends it through a consent page too, with a client that ' +
    'was just registered, and through a login page if the password is known.' +
    ' Also sends 007 and a state between spaces.',
  hint:
    'Decode the state once when it arrives, keep it unchanged through login and consent, and encode it ' +
    'once when you send it back.',
  deadline: 60_000,
  async check(context) {
    try {
      await judgeEcho(context);
    } catch (signal) {
      if (!(signal instanceof MixedUp)) throw signal;
      context.expect.that(false, 'The answer has the state of another request in the same session.', {
        expected: 'the state that was sent',
        received: 'the state that another check sent',
      });
    }
  },
});

async function judgeEcho(context: CheckContext): Promise<void> {
  const { flow, expect, remark } = context;
  const { outcome: plain } = await flow.code({ note: 'the control request: a plain state' });
  judgeState(expect, plain);
  for (const state of [...LOOKS_EMPTY, ...LOOKS_UNTIDY]) {
    const what = `a request with the state ${quote(state)}`;
    const answer = expect.redirected(await flow.authorize({ state, note: what }), what);
    judgeState(expect, answer, `the answer to ${what}`);
  }
  const answer = await flow.authorize({ state: DIFFICULT_STATE, note: 'a state of reserved characters' });
  if (answer.kind === 'stayed' && answer.page.status >= 400 && answer.page.status < 500) {
    throw new NotTested(
      'The state with reserved characters led to an error page, perhaps from a filter in front, so it could not come back.',
    );
  }
  const answered = expect.redirected(answer, 'a request whose state has reserved characters');
  judgeState(expect, answered);
  if (findCodeInQuery(answered) === null) {
    remark(`The state of reserved characters came back at ${describeOutcome(answered)}.`);
  }
  await judgeThroughPages(context);
}

/** Pages may carry the state in a form or an address of their own. */
async function judgeThroughPages({ flow, users, expect, remark }: CheckContext): Promise<void> {
  const client = await registeredAlike(flow);
  const state = DIFFICULT_STATE;
  const ways = [
    ['a consent page', client && (await flow.authorize({ client, state, note: 'through a consent page' }))],
    ['a login page', await answerAfterLogin(users, { state, note: 'through a login page' })],
  ] as const;
  for (const [page, answer] of ways) {
    const what = `the answer after ${page}`;
    if (answer?.kind === 'redirected') judgeState(expect, answer, what);
    else if (answer !== null) remark(`${capitalize(what)} did not come: ${describeOutcome(answer)}.`);
  }
}
