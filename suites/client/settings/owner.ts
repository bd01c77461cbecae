/** Who may see and change the clients of a person. */
import { remove, type SentForm } from '../../../fixtures/person/settings.js';
import type { Visit } from '../../../fixtures/person/types.js';
import { NotTested } from '../../../fixtures/verdict.js';
import { type CheckContext, requirement } from '../../requirement.js';
import { polarDocs } from '../../sources.js';
import { clear, freshName, idOf, listed, make, settingsUrl, settingsVisit } from './page.js';

const source = polarDocs('Create an OAuth2 client');

export const loginFirst = requirement({
  id: 'client-settings-login-first',
  level: 'MUST',
  profile: 'polar',
  source: [source],
  needs: ['client-settings', 'person', 'page'],
  statement: 'Clients are managed only by a person who is signed in.',
  how:
    'The first person makes a client on the settings page and removes one. A visitor without a session opens the page: a ' +
    'login page, or 401 or 403, and nothing of the client. The requests that made and removed are sent once more ' +
    'without the session, for other names: nothing is made and nothing removed.',
  next: 'Ask for the session before anything else, on the page and in every request that it sends.',
  async check(context) {
    const { people, expect } = context;
    const visit = await settingsVisit(context, 'first');
    const [kept, gone] = [freshName(), freshName()];
    const { sent } = await make(context, visit, kept);
    await make(context, visit, gone);
    const removal = await remove(visit, gone);

    const stranger = await people.visit('nobody');
    const shown = await stranger.goto(settingsUrl(context));
    const refused = shown.kind === 'login' || [401, 403].includes(shown.status);
    expect.that(refused && !shown.html.includes(kept), 'The list of clients is shown without a session.', {
      expected: 'a login page, or 401 or 403, and no client',
      received: `a ${shown.kind} page with status ${shown.status}`,
    });

    const forged = freshName();
    const ids = sent === null ? null : { from: kept, to: forged };
    if (sent !== null) await resend(context, sent, ids, 'the form that makes, without a session');
    const id = await idOf(context, visit, kept);
    const was = removal === null ? null : idIn(removal, id);
    if (removal !== null && id !== null && was !== null)
      await resend(context, removal, { from: was, to: id }, 'the form that removes, without a session');
    const after = await visit.goto(settingsUrl(context));
    expect.that(!after.html.includes(forged), 'A client was made without a session.', {
      expected: 'no client of that name',
      received: 'the client in the list of the first person',
    });
    expect.that(after.html.includes(kept), 'A client was removed without a session.', {
      expected: 'the client still in the list',
      received: 'a list without it',
    });
    await clear(context, visit, kept);
  },
});

export const ownerOnly = requirement({
  id: 'client-settings-owner-only',
  level: 'MUST',
  profile: 'polar',
  source: [source],
  needs: ['client-settings', 'person', 'second-person', 'page'],
  statement: 'A person sees and manages only the clients that are theirs.',
  how:
    'The first person makes a client on the settings page. The second person’s page does not show it. On that page the ' +
    'second person removes a client of their own, with the id of the first person’s client put in its place: the first ' +
    'person’s page still shows the client, until the first person removes it.',
  next: 'Compare the owner of the client with the signed-in person, in the list and in every change.',
  deadline: 60_000,
  async check(context) {
    const { expect } = context;
    const owner = await settingsVisit(context, 'first');
    const other = await settingsVisit(context, 'second');
    const [name, theirs] = [freshName(), freshName()];
    await make(context, owner, name);
    const id = await idOf(context, owner, name);
    expect.that(!(await listed(context, other, name)), 'A person sees the clients of another.', {
      expected: 'no client of another person',
      received: 'the client of the first person',
    });
    await make(context, other, theirs);
    const own = await idOf(context, other, theirs);
    if (id === null || own === null) throw new NotTested('The list does not show the ids of the clients.');
    await putInPlace(other, own, id);
    const sent = await remove(other, theirs);
    if (sent === null || !`${sent.url} ${sent.body}`.includes(id))
      throw new NotTested('Removing a client sends no request that names the client as the page does.');
    expect.that(await listed(context, owner, name), 'A person removed the client of another by its id.', {
      expected: 'the client still in the list of its owner',
      received: 'a list without it',
    });
    await clear(context, other, theirs);
    await remove(owner, name);
    if (await listed(context, owner, name))
      throw new NotTested('The owner could not remove the client either.');
  },
});

/** Puts another id wherever the page that is shown has this one in an attribute. */
async function putInPlace(visit: Visit, from: string, to: string): Promise<void> {
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
function idIn({ url, body }: SentForm, like: string | null): string | null {
  if (like === null) return null;
  const prefix = /^[a-z]+_[a-z]+_/.exec(like)?.[0];
  const words = `${url} ${body}`.match(/[A-Za-z0-9_-]{16,}/g) ?? [];
  return (
    words.find((word) => (prefix === undefined ? word.length === like.length : word.startsWith(prefix))) ??
    null
  );
}

/** Without any cookie. */
async function resend(
  { flow }: CheckContext,
  sent: SentForm,
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
