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
    'Registers a client, reads its record, and PUTs it back without the members that only the server sets, ' +
    'with another client_name and redirect URI. Expects 200 with only the new values, also when the record ' +
    'is read again. A prompt=none request that was answered at the first redirect URI is answered at the ' +
    'new one, and no longer at the first. Then PUTs a client_secret that the client made up: it never ' +
    'authenticates, and no answer has it. Not applicable if the first PUT gets 403, 405 or 501.' +
    " The update also narrows the scope. Expects the answer's token to read the record, its secret to work as before, and the record to say what the answer says.",
  hint: "Replace each stored value with the one in the update, except the client's secret.",
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
      `The record after an update has a different ${name} from the answer to it.`,
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
  expect.same(name, client_name, `${what} has a different client_name from the update.`);
}

async function demandInForce({ flow, expect }: CheckContext, client: Client): Promise<void> {
  const there = await silentRequest(flow, client, flow.redirectUri(AFTER), 'the new redirect URI');
  expect.that(isAnsweredAt(there, flow.redirectUri(AFTER)), "An update's redirect URI does not work.", {
    expected: `an answer at ${flow.redirectUri(AFTER)}`,
    received: 'no answer there',
  });
  const gone = await silentRequest(flow, client, flow.redirectUri(BEFORE), 'the redirect URI from before');
  expect.that(
    !isAnsweredAt(gone, flow.redirectUri(BEFORE)),
    'A redirect URI that an update removed still works.',
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
  remark(`An update with a client_secret that the client chose: ${describeExchange(answer)}.`);
  expect.that(
    !hasClient(answer) || answer.string('client_secret') !== chosen,
    'The answer to an update has the secret that the client chose.',
    {
      expected: 'a refusal, or the secret that was issued',
      received: describeExchange(answer),
      exchange: answer,
    },
  );
  if (!told) {
    remark('A made-up code does not show whether a secret works, so the chosen one was not judged.');
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
    'An update let a client choose its own secret.',
    { expected: 'invalid_client, as before the update', received: describeExchange(after) },
  );
}

export const clientUpdateValidated = requirement({
  id: 'client-update-validated',
  level: 'MUST',
  profile: 'oauth',
  clauses: [rfc(7592, '2.2'), rfc(6749, '3.1.2'), polarDocs('Create an OAuth2 client')],
  needs: ['registration', 'client-management'],
  statement: 'An update has to follow the same redirect URI rules as a registration.',
  how:
    'Registers a client and PUTs its record back with another https redirect URI, which works. Then the ' +
    `same with a fragment, with the scheme javascript and, in profile polar, with ${EVIL}, each alone and ` +
    'next to a valid redirect URI. Expects a status from 400 to 499 and an unchanged record, or a record ' +
    'without that URI. Then a third https URI is accepted. Not applicable if the first PUT gets 403, 405 ' +
    'or 501.' +
    " Expects that a refused update doesn't change the name either.",
  hint: "Apply the rules for a registration's redirect URIs to an update's too.",
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
