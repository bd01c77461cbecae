/** Who manages a client's record, and what a deletion does besides (RFC 7592). */
import { describeExchange } from '../../fixtures/expect/describe.js';
import { updateRegistration } from '../../fixtures/flow/client-management.js';
import { Blocked } from '../../fixtures/verdict.js';
import { rfc } from '../clauses.js';
import { requirement } from '../requirement.js';
import { hasClient } from '../steps/registration.js';
import {
  demandAcceptedAtUserinfo,
  expectEndedAtUserinfo,
  waitForUserinfoRefusal,
} from '../steps/userinfo.js';
import {
  demandOperationOffered,
  demandUpdated,
  isNotOffered,
  ManagedClient,
  uniqueName,
} from './managed-client.js';

export const manageOthers = requirement({
  id: 'client-manage-others',
  level: 'MUST',
  levelReason:
    'No keyword: section 1.3 ties the token to one client. Otherwise any client could take over any other.',
  profile: 'oauth',
  clauses: [rfc(7592, '2'), rfc(7592, '2.2'), rfc(7592, '2.3')],
  needs: ['registration', 'client-management'],
  statement: "A registration access token can't change or delete another client.",
  how:
    "Two clients read their own records. Then sends PUT and DELETE to the first one's " +
    "registration_client_uri with the second one's token. Expects a status from 400 to 499, and the first " +
    "one's record unchanged.",
  hint: 'Compare the token with the client that the path names, for every method.',
  async check({ flow, expect }) {
    const mine = await ManagedClient.register(flow, { client_name: uniqueName() });
    const other = await ManagedClient.register(flow, { client_name: uniqueName() });
    const before = await mine.record('the control: the record of the first client');
    await other.record('the control: the record of the second client');
    const access = { uri: mine.management.uri, token: other.management.token };
    const body = { ...flow.registrationBody(), client_id: mine.client.client_id, client_name: 'Taken over' };
    const put = await updateRegistration(flow, access, body, 'PUT with the token of another client');
    expect.clientError(put, "PUT at a client's record with the token of another client was not refused.");
    const headers = { authorization: `Bearer ${access.token}` };
    const note = 'DELETE with the token of another client';
    const deletion = await flow.send({ method: 'DELETE', url: access.uri, headers, note });
    expect.clientError(deletion, 'DELETE of a client with the token of another client was not refused.');
    const after = await mine.read('the record of the first client afterward');
    expect.that(hasClient(after), 'A client is gone after another client tried to delete it.', {
      expected: 'status 200 and the record',
      received: describeExchange(after),
      exchange: after,
    });
    expect.same(after.object().client_name, before.client_name, 'Another client changed the record.');
  },
});

export const updateId = requirement({
  id: 'client-update-id',
  level: 'MUST',
  profile: 'oauth',
  clauses: [rfc(7592, '2.2')],
  needs: ['registration', 'client-management'],
  statement: "An update can't change a client's client_id.",
  how:
    "Two clients. The first updates its record (200), then again with the second one's client_id in the " +
    "body. Expects a status from 400 to 499, or an answer with its own client_id; the second one's record " +
    'is unchanged.',
  hint: "Refuse an update whose client_id isn't the record's.",
  async check({ flow, expect }) {
    const mine = await ManagedClient.register(flow);
    const other = await ManagedClient.register(flow, { client_name: uniqueName() });
    const named = await other.record('the control: the record of the second client');
    const record = await mine.record('the record of the first client');
    demandUpdated(await mine.update(record, {}, 'the control request: the record as it is'));
    const client_id = other.client.client_id;
    const answer = await mine.update(
      record,
      { client_id, client_name: 'Taken over' },
      'with a foreign client_id',
    );
    if (hasClient(answer))
      expect.same(
        answer.object().client_id,
        mine.client.client_id,
        'An update gave a client another client_id.',
      );
    else expect.clientError(answer, 'An update with a foreign client_id was not refused as a client error.');
    const after = await other.record('the record of the second client afterward');
    expect.same(
      after.client_name,
      named.client_name,
      'An update with a foreign client_id changed that client.',
    );
  },
});

export const deleteTokens = requirement({
  id: 'client-delete-tokens',
  level: 'SHOULD',
  profile: 'oidc',
  clauses: [rfc(7592, '2.3')],
  needs: ['registration', 'client-management', 'user', 'userinfo'],
  statement: 'Deleting a client ends its tokens.',
  how:
    'A client gets tokens, which userinfo accepts, and deletes itself (204). Expects a status from 400 to ' +
    '499 at userinfo within 5 seconds. Not applicable if DELETE gets 403, 405 or 501.',
  hint: "End all of a client's grants, with their tokens, before you answer DELETE.",
  async check({ flow, expect, pause }) {
    const mine = await ManagedClient.register(flow);
    const tokens = await flow.tokens({ client: mine.client });
    await demandAcceptedAtUserinfo(flow, tokens);
    const deletion = await mine.delete('the client deletes itself');
    demandOperationOffered(deletion, 'delete themselves');
    if (deletion.status !== 204)
      throw new Blocked('clientDelete', `DELETE was answered with ${describeExchange(deletion)}.`);
    const after = await waitForUserinfoRefusal(flow, tokens.access_token, pause);
    expectEndedAtUserinfo(expect, after, 'An access token of a deleted client still works.');
  },
});

export const managementRefused = requirement({
  id: 'client-management-refused',
  level: 'SHOULD',
  profile: 'oauth',
  clauses: [rfc(6750, '3.1'), rfc(7592, '2')],
  needs: ['registration', 'client-management'],
  statement: "A client's record answers a missing or unknown token with 401 and a Bearer challenge.",
  how:
    'A client reads its record. Then sends GET, PUT and DELETE with no token and with a made-up one. ' +
    'Expects 401 and WWW-Authenticate with Bearer. client-read and client-manage-others judge that nothing ' +
    'is shown or changed.',
  hint: 'Answer a missing or unknown token with 401 and WWW-Authenticate: Bearer.',
  async check({ flow, expect, alter }) {
    const mine = await ManagedClient.register(flow);
    await mine.record('the control: with the right token');
    const { uri, token } = mine.management;
    const body = JSON.stringify({ ...flow.registrationBody(), client_id: mine.client.client_id });
    for (const [how, sent] of [
      ['without a token', null],
      ['with a made-up token', alter(token, 'random')],
    ] as const) {
      for (const method of ['GET', 'PUT', 'DELETE']) {
        const exchange = await flow.send({
          method,
          url: uri,
          headers: {
            accept: 'application/json',
            ...(sent === null ? {} : { authorization: `Bearer ${sent}` }),
            ...(method === 'PUT' ? { 'content-type': 'application/json' } : {}),
          },
          ...(method === 'PUT' ? { body } : {}),
          note: `${method} ${how}`,
        });
        if (exchange.status === 405 || exchange.status === 501) continue;
        expect.status(exchange, 401, `${method} at a client's record ${how}`);
        expect.bearerChallenge(
          exchange,
          `${method} at a client's record ${how} is refused without a Bearer challenge.`,
        );
      }
    }
  },
});

export const deletedRefused = requirement({
  id: 'client-deleted-refused',
  level: 'MUST',
  profile: 'oauth',
  clauses: [rfc(7592, '2.1'), rfc(7592, '2.2'), rfc(7592, '2.3')],
  needs: ['registration', 'client-management'],
  statement: "A deleted client's record gets 401.",
  how:
    'A client reads its record and deletes itself (204). With the same token it then reads, updates and ' +
    'deletes the record, and reads it once more. Expects 401 each time. Not applicable if the first DELETE ' +
    'gets 403, 405 or 501.',
  hint: "Answer 401, not 404, if the client doesn't exist.",
  async check({ flow, expect }) {
    const mine = await ManagedClient.register(flow);
    const record = await mine.record('the control: the record before the deletion');
    const deletion = await mine.delete('the client deletes itself');
    demandOperationOffered(deletion, 'delete themselves');
    if (deletion.status !== 204)
      throw new Blocked('clientDelete', `DELETE was answered with ${describeExchange(deletion)}.`);
    const read = () => mine.read('the record of the deleted client');
    expect.status(await read(), 401, 'a request for the record of a deleted client');
    const update = await mine.update(record, {}, 'an update of the deleted client');
    // A server that offers no updates says so whether or not there is such a client.
    if (!isNotOffered(update)) expect.status(update, 401, 'an update of a deleted client');
    expect.status(
      await read(),
      401,
      'a request for the record of a client that was updated after its deletion',
    );
    expect.status(await mine.delete('a second deletion'), 401, 'a second deletion of a client');
  },
});
