/** What the checks of this chapter share: the configured tokens, and the page on which new ones are made. */
import { randomBytes } from 'node:crypto';
import type { Exchange } from '../../fixtures/evidence/exchange.js';
import { whatCame } from '../../fixtures/judgement/describe.js';
import { demandNoLimit } from '../../fixtures/judgement/limit.js';
import { create, remove } from '../../fixtures/person/settings.js';
import type { Visit } from '../../fixtures/person/types.js';
import type { Target } from '../../fixtures/target/settings.js';
import { Blocked, NotTested } from '../../fixtures/verdict.js';
import type { CheckContext } from '../requirement.js';

type Which = 'valid' | 'limited' | 'expired';

/** A token of the target file. */
export function configured({ settings }: Pick<Target, 'settings'>, which: Which): string {
  const value = settings.personalAccessTokens?.[which];
  if (value === undefined) {
    throw new NotTested(
      `No ${which} personal access token is known: add personalAccessTokens.${which} to the target file.`,
    );
  }
  return value;
}

/** The answer to the valid token, which must be 200. Blocked by pat-accepted. */
export async function control({ flow, target }: CheckContext, note = 'the valid twin'): Promise<Exchange> {
  const exchange = await flow.api('user', configured(target, 'valid'), { note });
  demandNoLimit(exchange);
  if (exchange.status !== 200)
    throw new Blocked(
      exchange.status >= 500 ? 'apiRequest' : 'personalToken',
      `A valid personal access token was answered with ${whatCame(exchange)}.`,
    );
  return exchange;
}

export interface Made {
  readonly value: string;
  /** What the token is called. */
  readonly name: string;
  readonly url: string;
  readonly visit: Visit;
}

/** Makes a token on the settings page. */
export async function make({ flow, people, target, learn }: CheckContext): Promise<Made> {
  const path = target.settings.settings?.tokens ?? '';
  const url = new URL(path, flow.endpoint('authorization')).href;
  const visit = await people.visit('first');
  const before = await visit.goto(url);
  if (before.kind === 'login')
    throw new NotTested('The settings page asks the first person to sign in again.');
  const name = `conformance ${randomBytes(6).toString('hex')}`;
  const { news } = await create(visit, {
    fields: [{ label: /name|comment|description|note/i, value: name, required: true }],
    scopes: target.settings.endpoints?.user?.scope?.split(' ') ?? [],
  });
  const [value] = news.toSorted((one, other) => other.length - one.length);
  if (value === undefined)
    throw new NotTested('The settings page does not show the value of the token that it made.');
  // The longest is taken for the token; whatever else was shown with it may be one too.
  for (const word of news) learn(word, 'personal access token');
  return { value, name, url, visit };
}

/** Removes a token on the settings page. */
export async function withdraw({ visit, url, name }: Made): Promise<void> {
  await visit.goto(url);
  await remove(visit, name);
}
