/** A client deletes its record, and with it itself (RFC 7592 section 2.3). */
import { describeExchange } from '../../fixtures/expect/describe.js';
import { rfc } from '../clauses.js';
import { type CheckContext, requirement } from '../requirement.js';
import { supportsAuthMethod } from '../steps/clients.js';
import { exchangeUnknownCode } from '../steps/exchange.js';
import { hasClient } from '../steps/registration.js';
import { isMissing, nullOn } from '../steps/signals.js';
import { demandOperationOffered, isAnsweredAt, ManagedClient, silentRequest } from './managed-client.js';

export const clientDelete = requirement({
  id: 'client-delete',
  level: 'MUST',
  levelReason:
    'No keyword: section 2.3 says what a deletion does, "preventing the client_id from being used".',
  profile: 'oauth',
  clauses: [rfc(7592, '2.3')],
  needs: ['registration', 'client-management'],
  statement: "A deleted client can't be used anymore.",
  how:
    'Registers a client: a made-up code gets invalid_grant at the token endpoint, and a prompt=none ' +
    'request is answered at its redirect URI. Then the client deletes itself (204). Expects invalid_client ' +
    'for the same token request, no answer at the redirect URI, and a status from 400 to 499 for its ' +
    'record (client-deleted-refused judges 401). Then the same for a public client, if the server ' +
    "registers one. Leaves out a control that didn't work before. Not applicable if DELETE gets 403, 405 " +
    'or 501.',
  hint: "Remove the client's record before you answer DELETE, and look it up for every request.",
  async check(context) {
    const { flow } = context;
    await judgeDeleted(context, await ManagedClient.register(flow));
    if (!supportsAuthMethod(flow, 'none')) return;
    const open = await nullOn(isMissing, () =>
      ManagedClient.register(flow, { token_endpoint_auth_method: 'none' }),
    );
    if (open?.client.token_endpoint_auth_method === 'none') await judgeDeleted(context, open);
  },
});

async function judgeDeleted({ flow, expect, remark }: CheckContext, mine: ManagedClient): Promise<void> {
  const { client } = mine;
  const tokenBefore = await exchangeUnknownCode(flow, client, 'the control: a made-up code');
  const answerBefore = await silentRequest(flow, client, client.redirect_uri, 'the control: prompt=none');

  const deletion = await mine.delete('the client deletes itself');
  demandOperationOffered(deletion, 'delete themselves');
  expect.status(deletion, 204, "a client's request to be deleted");

  const token = await exchangeUnknownCode(flow, client, 'the made-up code of the deleted client');
  const wasKnown = tokenBefore.string('error') === 'invalid_grant';
  if (!wasKnown) remark(`Before, a made-up code was answered with ${describeExchange(tokenBefore)}.`);
  const still = token.string('error') === 'invalid_grant' || (token.status >= 200 && token.status < 300);
  expect.that(!still, 'A deleted client still authenticates at the token endpoint.', {
    expected: 'invalid_client',
    received: describeExchange(token),
  });
  if (wasKnown) {
    const refusal = { status: [400, 401], error: 'invalid_client' };
    expect.refused(token, { ...refusal, what: 'the token request of a deleted client' });
  }
  const what = 'an authorization request of a deleted client';
  const answer = await silentRequest(flow, client, client.redirect_uri, what);
  if (isAnsweredAt(answerBefore, client.redirect_uri)) {
    expect.that(
      !isAnsweredAt(answer, client.redirect_uri),
      'An authorization request of a deleted client is still answered at its redirect URI.',
      { expected: 'an error page', received: `an answer at ${client.redirect_uri}` },
    );
  } else remark('Before, a request with prompt=none was not answered at the redirect URI.');
  const read = await mine.read('the record of the deleted client');
  expect.that(!hasClient(read), 'The record of a deleted client can still be read.', {
    expected: 'status 401',
    received: describeExchange(read),
  });
  expect.clientError(read, 'A request for the record of a deleted client was not refused.');
}
