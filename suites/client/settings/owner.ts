/** Who may see and change the clients of a user. */
import { removeEntry, type SubmittedForm } from '../../../fixtures/browser/settings-page.js';
import type { BrowserPage } from '../../../fixtures/browser/types.js';
import { NotTested } from '../../../fixtures/verdict.js';
import { polarDocs } from '../../clauses.js';
import { type CheckContext, requirement } from '../../requirement.js';
import {
  createClient,
  findClientId,
  freshName,
  isListed,
  removeClient,
  settingsUrl,
  settingsVisit,
} from './settings-page.js';

const source = polarDocs('Create an OAuth2 client');

export const settingsLoginFirst = requirement({
  id: 'client-settings-login-first',
  level: 'MUST',
  profile: 'polar',
  clauses: [source],
  needs: ['client-settings', 'user', 'page'],
  statement: 'Only a signed-in user can manage clients.',
  how:
    'The first user creates a client on the settings page and removes another. A visitor with no session ' +
    'opens the page: expects a login page, 401 or 403, and nothing about the client. Then repeats the ' +
    'create and remove requests without the session: nothing is created or removed.',
  hint: 'Check the session first, on the page and in every request that it sends.',
  async check(context) {
    const { users, expect } = context;
    const visit = await settingsVisit(context, 'first');
    const [kept, gone] = [freshName(), freshName()];
    const { submitted } = await createClient(context, visit, kept);
    await createClient(context, visit, gone);
    const id = await findClientId(visit, kept);
    const removal = await removeEntry(visit, gone);

    const stranger = await users.newPage('nobody');
    const shown = await stranger.goto(settingsUrl(context));
    const refused = shown.kind === 'login' || [401, 403].includes(shown.status);
    expect.that(refused && !shown.html.includes(kept), 'The list of clients is shown without a session.', {
      expected: 'a login page, or 401 or 403, and no client',
      received: `a ${shown.kind} page with status ${shown.status}`,
    });

    const forged = freshName();
    const ids = submitted === null ? null : { from: kept, to: forged };
    if (submitted !== null) await sendAgain(context, submitted, ids, 'the create form, without a session');
    const was = removal === null ? null : findId(removal, id);
    if (removal !== null && id !== null && was !== null)
      await sendAgain(context, removal, { from: was, to: id }, 'the remove form, without a session');
    const after = await visit.goto(settingsUrl(context));
    expect.that(!after.html.includes(forged), 'A visitor without a session created a client.', {
      expected: 'no client of that name',
      received: 'the client in the list of the first user',
    });
    expect.that(after.html.includes(kept), 'A visitor without a session removed a client.', {
      expected: 'the client still in the list',
      received: 'a list without it',
    });
    await removeEntry(visit, kept);
  },
});

export const settingsOwnerOnly = requirement({
  id: 'client-settings-owner-only',
  level: 'MUST',
  profile: 'polar',
  clauses: [source],
  needs: ['client-settings', 'user', 'second-user', 'page'],
  statement: 'Users see and manage only their own clients.',
  how:
    "The first user creates a client on the settings page. The second user's page doesn't show it. There, " +
    "the second user removes a client of their own, but with the first one's id in its place. Expects the " +
    "first user's page to still show the client.",
  hint: "Compare the client's owner with the signed-in user, in the list and in every change.",
  deadline: 60_000,
  async check(context) {
    const { expect } = context;
    const owner = await settingsVisit(context, 'first');
    const other = await settingsVisit(context, 'second');
    const [name, theirs] = [freshName(), freshName()];
    await createClient(context, owner, name);
    const id = await findClientId(owner, name);
    expect.that(!(await isListed(context, other, name)), "A user sees another user's clients.", {
      expected: 'no client of another user',
      received: 'the client of the first user',
    });
    await createClient(context, other, theirs);
    const own = await findClientId(other, theirs);
    if (id === null || own === null) throw new NotTested('The list does not show the ids of the clients.');
    await replaceInPage(other, own, id);
    const sent = await removeEntry(other, theirs);
    if (sent === null || !`${sent.url} ${sent.body}`.includes(id))
      throw new NotTested('Removing a client sends no request that names the client as the page does.');
    expect.that(await isListed(context, owner, name), "A user removed another user's client by its id.", {
      expected: 'the client still in the list of its owner',
      received: 'a list without it',
    });
    await removeClient(context, other, theirs);
    await removeEntry(owner, name);
    if (await isListed(context, owner, name))
      throw new NotTested('The owner could not remove the client either.');
  },
});

/** Puts another id wherever the page that is shown has this one in an attribute. */
async function replaceInPage(visit: BrowserPage, from: string, to: string): Promise<void> {
  await visit.page.evaluate(
    ([was, is]) => {
      for (const element of document.querySelectorAll('*')) {
        for (const { name, value } of [...element.attributes]) {
          if (was !== undefined && is !== undefined && value.includes(was))
            element.setAttribute(name, value.replaceAll(was, is));
        }
      }
    },
    [from, to],
  );
}

/** The id that a removal names, of the same form as `like`. */
function findId({ url, body }: SubmittedForm, like: string | null): string | null {
  if (like === null) return null;
  const prefix = /^[a-z]+_[a-z]+_/.exec(like)?.[0];
  const words = `${url} ${body}`.match(/[A-Za-z0-9_-]{16,}/g) ?? [];
  return (
    words.find((word) => (prefix === undefined ? word.length === like.length : word.startsWith(prefix))) ??
    null
  );
}

/** Without any cookie. */
async function sendAgain(
  { flow }: CheckContext,
  sent: SubmittedForm,
  swap: { readonly from: string; readonly to: string } | null,
  note: string,
): Promise<void> {
  const encoded = (text: string) => new URLSearchParams({ x: text }).toString().slice(2);
  const body =
    swap === null
      ? sent.body
      : sent.body.replaceAll(swap.from, swap.to).replaceAll(encoded(swap.from), encoded(swap.to));
  const url = swap === null ? sent.url : sent.url.replaceAll(swap.from, swap.to);
  await flow.send({ method: sent.method, url, headers: { 'content-type': sent.contentType }, body, note });
}
