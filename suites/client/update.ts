/** A client changes its own record, within the rules of registration (RFC 7592 section 2.2). */
import type { Exchange } from '../../fixtures/evidence/exchange.js';
import { describeExchange } from '../../fixtures/expect/describe.js';
import type { Client } from '../../fixtures/flow/types.js';
import { NotTested } from '../../fixtures/verdict.js';
import { polarDocs, rfc } from '../clauses.js';
import { type CheckContext, requirement } from '../requirement.js';
import { exchangeUnknownCode } from '../steps/exchange.js';
import { hasClient, returnedRedirectUris } from '../steps/registration.js';
import {
  demandUpdated,
  isAnsweredAt,
  ManagedClient,
  silentRequest,
  sortValues,
  uniqueName,
} from './managed-client.js';

const BEFORE = '/managed/before';
const AFTER = '/managed/after';
/** A public host, of a name that nobody can have. */
const EVIL = 'http://evil.example/cb';

export const clientUpdate = requirement({
  id: 'client-update',
  level: 'MUST',
  profile: 'oauth',
  clauses: [rfc(7592, '2.2')],
  needs: ['registration', 'client-management'],
  statement: "A full PUT replaces the client's metadata.",
  how:
    'A client is registered and its record read. The record, less what the server alone sets, is sent by PUT with ' +
    'another client_name, another redirect URI and a narrower scope. Expected: 200 with the new values alone, and what the answer ' +
    'says at the next reading, by its token; and its secret authenticates as the one before did. An authorization request with prompt=none, if it was answered at the first redirect URI, is answered at ' +
    'the new one, and at the first no longer. Then a PUT with a client_secret of our own choice: whatever the answer, ' +
    'that secret authenticates nothing. 403, 405 or 501 to the first PUT: not applicable.',
  hint: "Let each value of an update take the place of the stored one, and the client's secret stay out of it.",
  async check(context) {
    const { flow, expect, remark } = context;
    const mine = await ManagedClient.register(flow, { redirect_uris: [flow.redirectUri(BEFORE)] });
    const asked = await silentRequest(flow, mine.client, flow.redirectUri(BEFORE), 'before the update');
    const changes = { client_name: uniqueName(), redirect_uris: [flow.redirectUri(AFTER)] };
    const secretBefore = await exchangeUnknownCode(flow, mine.client, 'a made-up code before the update');
    const record = await mine.record('the record before the update');
    const narrower = narrowScope(record.scope);
    const answer = await mine.update(record, { ...changes, ...narrower }, 'another name and redirect URI');
    demandUpdated(answer);
    const secretAfter = await exchangeUnknownCode(flow, mine.client, 'a made-up code after the update');
    const isLost = !isUnauthenticated(secretBefore) && isUnauthenticated(secretAfter);
    expect.that(!isLost, 'After an update the secret that its answer returned is refused.', {
      expected: describeExchange(secretBefore),
      received: describeExchange(secretAfter),
      exchange: secretAfter,
    });
    judgeUpdated(context, answer, changes, 'The answer to an update');
    const read = await mine.read('the record after the update');
    expect.that(hasClient(read), 'After an update its client can no longer read its record.', {
      expected: 'the record, by the token of the answer or, if it has none, by the one before',
      received: describeExchange(read),
      exchange: read,
    });
    judgeUpdated(context, read, changes, 'The record after an update');
    judgeStored(context, answer, read);
    if (isAnsweredAt(asked, flow.redirectUri(BEFORE))) await demandInForce(context, mine.client);
    else remark('A request with prompt=none was not answered at the redirect URI before the update.');
    await demandSecretNotChosen(context, mine);
  },
});

const isUnauthenticated = (answer: Exchange): boolean => answer.string('error') === 'invalid_client';

/** @returns the scope less one value, where it has several */
function narrowScope(scope: unknown): { readonly scope?: string } {
  const words = typeof scope === 'string' ? scope.split(' ') : [];
  return words.length < 2 ? {} : { scope: words.slice(0, -1).join(' ') };
}

/** What the answer to an update says is what is stored. */
function judgeStored({ expect }: CheckContext, answer: Exchange, read: Exchange): void {
  const [told, stored] = [answer.object(), read.object()];
  for (const name of ['scope', 'grant_types', 'response_types', 'token_endpoint_auth_method']) {
    if (told[name] === undefined || stored[name] === undefined) continue;
    const [expected, received] = [told[name], stored[name]].map(sortValues);
    expect.that(
      expected === received,
      `The record after an update has another ${name} than the answer to it.`,
      {
        expected: `${name} ${expected}`,
        received: `${name} ${received}`,
        exchange: read,
      },
    );
  }
}

/** Values replace those before, and are not added to them (RFC 7592 section 2.2). */
function judgeUpdated(
  { flow, expect, remark }: CheckContext,
  answer: Exchange,
  { client_name, redirect_uris }: { readonly client_name: string; readonly redirect_uris: readonly string[] },
  what: string,
): void {
  expect.status(answer, 200, 'a full update of a client');
  const uris = returnedRedirectUris(answer);
  const name = answer.object().client_name ?? client_name;
  if (uris === null) remark(`${what} has no redirect_uris.`);
  expect.that(
    uris === null || !uris.includes(flow.redirectUri(BEFORE)),
    `${what} still has the redirect URI from before the update.`,
    { expected: JSON.stringify(redirect_uris), received: JSON.stringify(uris) },
  );
  expect.that(
    uris === null || sortValues(uris) === sortValues(redirect_uris),
    `${what} has other redirect URIs than the update.`,
    { expected: JSON.stringify(redirect_uris), received: JSON.stringify(uris) },
  );
  expect.same(name, client_name, `${what} has another client_name than the update.`);
}

async function demandInForce({ flow, expect }: CheckContext, client: Client): Promise<void> {
  const there = await silentRequest(flow, client, flow.redirectUri(AFTER), 'the new redirect URI');
  expect.that(
    isAnsweredAt(there, flow.redirectUri(AFTER)),
    'The redirect URI of an update is not in force.',
    { expected: `an answer at ${flow.redirectUri(AFTER)}`, received: 'no answer there' },
  );
  const gone = await silentRequest(flow, client, flow.redirectUri(BEFORE), 'the redirect URI from before');
  expect.that(
    !isAnsweredAt(gone, flow.redirectUri(BEFORE)),
    'A redirect URI that an update removed is still in force.',
    { expected: 'no answer there', received: `an answer at ${flow.redirectUri(BEFORE)}` },
  );
}

/** A client is not allowed to put a secret of its own choice in place of the issued one (RFC 7592 section 2.2). */
async function demandSecretNotChosen(context: CheckContext, mine: ManagedClient): Promise<void> {
  const { flow, expect, alter, remark } = context;
  const { client_secret: secret } = mine.client;
  if (secret === null) return;
  const chosen = alter(secret, 'random');
  const right = await exchangeUnknownCode(flow, mine.client, 'a made-up code with the issued secret');
  const wrong = await exchangeUnknownCode(flow, mine.client, 'the same with the secret to be chosen', chosen);
  const told = right.string('error') !== 'invalid_client' && wrong.string('error') === 'invalid_client';
  const record = await mine.record('the record before a secret is chosen');
  const answer = await mine.update(record, { client_secret: chosen }, 'an update with a chosen secret');
  remark(`An update with a client_secret of our own choice: ${describeExchange(answer)}.`);
  if (!told) {
    remark('A made-up code does not tell whether a secret is good, so whether the chosen one is stays open.');
    return;
  }
  const after = await exchangeUnknownCode(
    flow,
    mine.client,
    'the made-up code with the chosen secret',
    chosen,
  );
  expect.that(
    after.string('error') !== right.string('error'),
    'A client gave itself a secret of its own choice by an update.',
    { expected: 'invalid_client, as before the update', received: describeExchange(after) },
  );
}

export const clientUpdateValidated = requirement({
  id: 'client-update-validated',
  level: 'MUST',
  profile: 'oauth',
  clauses: [rfc(7592, '2.2'), rfc(6749, '3.1.2'), polarDocs('Create an OAuth2 client')],
  needs: ['registration', 'client-management'],
  statement: 'An update is held to the same redirect URI rules as the creation.',
  how:
    'A client is registered and its record sent back by PUT with another https redirect URI, which works. Then the same ' +
    `with a fragment, with the scheme javascript and, in profile polar, with ${EVIL}, each alone and beside a good ` +
    'redirect URI. Expected: a status from 400 to 499, and the record as it was; or a record without that URI. Afterward ' +
    'a third https URI is accepted. 403, 405 or 501 to the first PUT: not applicable.',
  hint: 'Put the redirect URIs of an update through the same rules as those of a registration.',
  async check(context) {
    const { flow, target } = context;
    const mine = await ManagedClient.register(flow, { redirect_uris: [flow.redirectUri(BEFORE)] });
    const record = await mine.record('the record before the updates');
    const good = flow.redirectUri(AFTER);
    demandUpdated(await mine.update(record, { redirect_uris: [good] }, 'the control request'));
    const bad = [`${good}#part`, 'javascript:alert(1)', ...(target.profile === 'polar' ? [EVIL] : [])];
    for (const uri of bad)
      for (const redirect_uris of [[uri], [good, uri]])
        await judgeUpdateRefused(context, mine, redirect_uris, uri);
    const last = { redirect_uris: [flow.redirectUri(`${AFTER}/again`)] };
    const again = await mine.update(await mine.record('the record'), last, 'the control request again');
    if (hasClient(again)) return;
    throw new NotTested(
      `The valid update, which worked before, then failed (${describeExchange(again)}); so the refusal may have another cause.`,
    );
  },
});

async function judgeUpdateRefused(
  { expect, remark }: CheckContext,
  mine: ManagedClient,
  redirect_uris: readonly string[],
  uri: string,
): Promise<void> {
  const sent = redirect_uris.join(' and ');
  const before = await mine.record('the record before the refusal');
  const answer = await mine.update(before, { redirect_uris, client_name: uniqueName() }, sent);
  const expected = 'a status from 400 to 499, such as 400';
  const received = describeExchange(answer);
  const isStored = hasClient(answer) && returnedRedirectUris(answer)?.includes(uri) !== false;
  expect.that(!isStored, `An update put ${uri} into the redirect URIs.`, {
    expected,
    received,
    exchange: answer,
  });
  if (!hasClient(answer))
    expect.clientError(answer, `An update with ${sent} was not refused as a client error.`);
  remark(`${sent}: ${received}.`);
  const after = await mine.record('the record after the refusal');
  const isUnharmed = hasClient(answer)
    ? !JSON.stringify(after).includes(uri)
    : sortValues(after.redirect_uris) === sortValues(before.redirect_uris);
  expect.that(isUnharmed, 'A refused update changed the redirect URIs.', {
    expected: JSON.stringify(before.redirect_uris),
    received: JSON.stringify(after.redirect_uris) ?? 'none',
  });
  if (hasClient(answer)) return;
  const { client_name: name } = after;
  expect.same(name, before.client_name, 'A refused update changed the name of the client.');
}
