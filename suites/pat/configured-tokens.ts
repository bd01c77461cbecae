/** What the checks of this chapter share: the configured tokens, and the page on which new ones are made. */
import { randomBytes } from 'node:crypto';
import { type CreatedEntry, createEntry, removeEntry } from '../../fixtures/browser/settings-page.js';
import type { BrowserPage } from '../../fixtures/browser/types.js';
import type { Exchange } from '../../fixtures/evidence/exchange.js';
import { describeExchange } from '../../fixtures/expect/describe.js';
import { requireNotRateLimited } from '../../fixtures/expect/rate-limited.js';
import type { Target } from '../../fixtures/target/settings.js';
import { Blocked, NotTested } from '../../fixtures/verdict.js';
import type { CheckContext } from '../requirement.js';
import { openSettings } from '../steps/settings-visit.js';

type ConfiguredTokenName = 'valid' | 'limited' | 'expired';

/** A token of the target file. */
export function configuredToken({ settings }: Pick<Target, 'settings'>, which: ConfiguredTokenName): string {
  const value = settings.personalAccessTokens?.[which];
  if (value === undefined) {
    throw new NotTested(
      `No ${which} personal access token is known: add personalAccessTokens.${which} to the target file.`,
    );
  }
  return value;
}

/** The answer to the valid token, which must be 200. Blocked by pat-accepted. */
export async function sendControl(
  { flow, target }: CheckContext,
  note = 'the control request',
): Promise<Exchange> {
  const exchange = await flow.callApi('user', configuredToken(target, 'valid'), { note });
  requireNotRateLimited(exchange);
  if (exchange.status !== 200)
    throw new Blocked(
      exchange.status >= 500 ? 'apiRequest' : 'personalToken',
      `A valid personal access token was answered with ${describeExchange(exchange)}.`,
    );
  return exchange;
}

interface CreatedToken {
  readonly value: string;
  /** What the token is called. */
  readonly name: string;
  readonly url: string;
  readonly visit: BrowserPage;
  /** What came of the form. */
  readonly entry: CreatedEntry;
}

/** Makes a token on the settings page. @param onOpened called when the page is open, and before anything is made */
export async function createToken(
  context: CheckContext,
  onOpened: (visit: BrowserPage) => void = () => undefined,
): Promise<CreatedToken> {
  const { flow, target, learn } = context;
  const path = target.settings.settingsPages?.tokens ?? '';
  const url = new URL(path, flow.endpoint('authorization')).href;
  const visit = await openSettings(context, 'first', url);
  onOpened(visit);
  const name = `conformance ${randomBytes(6).toString('hex')}`;
  const entry = await createEntry(visit, {
    fields: [{ label: /name|comment|description|note/i, value: name, required: true }],
    scopes: target.settings.apiEndpoints?.user?.scope?.split(' ') ?? [],
  });
  const { newWords } = entry;
  const [value] = newWords.toSorted((one, other) => other.length - one.length);
  if (value === undefined)
    throw new NotTested('The settings page does not show the value of the token that it made.');
  // The longest is taken for the token; whatever else was shown with it may be one too.
  for (const word of newWords) learn(word, 'personal access token');
  return { value, name, url, visit, entry };
}

/** Removes a token on the settings page. */
export async function revokeOnPage({ visit, url, name }: CreatedToken): Promise<void> {
  await visit.goto(url);
  await removeEntry(visit, name);
}
