/** What the checks of the settings page share: its URL, its form, and the clients in its list. */
import { randomBytes } from 'node:crypto';
import type { SettingsForm } from '../../../fixtures/browser/settings-form.js';
import {
  type CreatedEntry,
  createEntry,
  readEntries,
  removeEntry,
} from '../../../fixtures/browser/settings-page.js';
import type { BrowserPage } from '../../../fixtures/browser/types.js';
import { NotTested } from '../../../fixtures/verdict.js';
import type { CheckContext } from '../../requirement.js';
import { openSettings } from '../../steps/settings-visit.js';

export const REDIRECT_URI = 'https://app.example.com/settings-callback';

/** The URL of the settings page. */
export function settingsUrl({ target, flow }: CheckContext): string {
  return new URL(target.settings.settingsPages?.clients ?? '', flow.endpoint('authorization')).href;
}

export function formFor(name: string, scopes: readonly string[], redirectUri = REDIRECT_URI): SettingsForm {
  return {
    fields: [
      { label: /application name|client name|app name|^\s*name/i, value: name, required: true },
      { label: /redirect/i, value: redirectUri, required: true },
      { label: /home ?page|website|client ur[il]/i, value: 'https://app.example.com/', required: false },
    ],
    choices: [{ label: /client type|^\s*type/i, option: /confidential/i }],
    scopes,
  };
}

/** A name that no other client has. */
export function freshName(): string {
  return `Settings check ${randomBytes(6).toString('hex')}`;
}

/** A visit to the settings page as a user who is signed in. */
export function settingsVisit(context: CheckContext, who: 'first' | 'second'): Promise<BrowserPage> {
  return openSettings(context, who, settingsUrl(context));
}

/** Whether the list names it. */
export async function isListed(context: CheckContext, visit: BrowserPage, name: string): Promise<boolean> {
  return (await visit.goto(settingsUrl(context))).html.includes(name);
}

/**
 * Makes a client that is in the list afterward.
 * @param visit shows the settings page as it came, before and after
 */
export async function createClient(context: CheckContext, visit: BrowserPage, name: string) {
  const made = await createEntry(visit, formFor(name, ['openid']));
  const list = await visit.goto(settingsUrl(context));
  learnSecrets(context, made, list.html);
  if (!list.html.includes(name))
    throw new NotTested('A client created on the settings page is not in its list afterward.');
  return made;
}

/**
 * What was shown when the client was made, and is not in the list, is its secret. Where the list shows several words,
 * the secret may be among them, so that none of them is shown.
 * @returns what else was shown: its id
 */
export function learnSecrets(
  { learn }: CheckContext,
  { newWords }: CreatedEntry,
  list: string,
): readonly string[] {
  for (const word of newWords) if (!list.includes(word)) learn(word, 'client_secret');
  const ids = newWords.filter((word) => list.includes(word));
  if (ids.length > 1) for (const word of ids) learn(word, 'client_id or client_secret');
  return ids;
}

/** Removes it if it is there. */
export async function removeClient(context: CheckContext, visit: BrowserPage, name: string): Promise<void> {
  if (!(await isListed(context, visit, name))) return;
  await removeEntry(visit, name);
}

/** Client ids and the like: long words with digits. */
function findClientIds(html: string): readonly string[] {
  const text = html.replaceAll(/name="[^"]*token"[^>]*>/g, '');
  return [...new Set(text.match(/[A-Za-z0-9_-]{20,}/g) ?? [])].filter((word) =>
    /^polar_ci_|^[0-9a-f-]{36}$/.test(word),
  );
}

/** The names of clients that other checks make, at the same time maybe. */
const OUR_NAMES = /Settings check [0-9a-f]{12}|Polar conformance suite/;

/** @returns the ids in the list, without those of clients that another check has named */
export async function listUnnamedIds(context: CheckContext, visit: BrowserPage): Promise<readonly string[]> {
  const { html } = await visit.goto(settingsUrl(context));
  const entries = (await readEntries(visit)).filter(({ isInnermost }) => isInnermost);
  const ours = new Set(
    entries
      .filter(({ html: entry }) => OUR_NAMES.test(entry))
      .flatMap(({ html: entry }) => findClientIds(entry)),
  );
  return findClientIds(html).filter((id) => !ours.has(id));
}

/** The id of the client of this name in the list that is shown: in the entry that names it. */
export async function findClientId(visit: BrowserPage, name: string): Promise<string | null> {
  const entry = (await readEntries(visit)).filter(({ text }) => text.includes(name)).at(-1);
  return entry === undefined ? null : (findClientIds(entry.html)[0] ?? null);
}
