/**
 * Sends requests as a learner would, over real HTTP and through the real sign-in and consent forms. Seeds send the
 * tutorial's own header, so that the watcher doesn't take them for the learner; plays don't.
 */
import type { AppTestResult } from '../app-test/run.js';
import type { Recipe } from '../lessons/recipe.js';
import { filled, type Values } from '../lessons/values.js';
import type { VerifyResult } from '../verify/verify.js';
import { membersOf, OWN_HEADER, type OwnSender } from '../watcher/exchange.js';
import { Browser, type Decision } from './browser.js';

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: string;
  /** The members of a JSON object; empty when the body isn't one. */
  readonly json: Readonly<Record<string, unknown>>;
}

export interface LearnerOptions {
  /** @returns the values known now, after every earlier exchange was captured */
  readonly values: () => Promise<Values>;
  /** Saves values for later recipes. */
  readonly learn: (values: Values) => void;
  readonly own: boolean;
  /** Has ID Tokens verified by a command, as `tutorial verify-with` does. */
  readonly verify: (command: readonly string[]) => Promise<VerifyResult>;
  /** Tests an app, as `tutorial test-app` does. */
  readonly testApp: () => Promise<AppTestResult>;
  /** Who sends, if it is the tutorial itself. */
  readonly sender?: OwnSender;
}

/** What a play changes in a recipe; null leaves a field out. */
export interface Changes {
  readonly method?: string;
  readonly url?: string;
  readonly query?: Readonly<Record<string, string | null>>;
  readonly headers?: Readonly<Record<string, string | null>>;
  readonly form?: Readonly<Record<string, string | null>>;
  /** A literal body instead of form or JSON. */
  readonly body?: string;
  readonly basic?: readonly [string, string] | null;
}

const LIMIT_MS = 10_000;

export class Learner {
  constructor(private readonly options: LearnerOptions) {}

  values(): Promise<Values> {
    return this.options.values();
  }

  learn(values: Values): void {
    this.options.learn(values);
  }

  /** Another party in the lesson: its requests aren't classified, and its values aren't the learner's. */
  otherParty(): Learner {
    return new Learner({ ...this.options, own: true, sender: 'other-party' });
  }

  /** The header that tells the watcher that a request is the tutorial's own. */
  get #ownHeader(): Readonly<Record<string, string>> {
    const { own, sender = 'seed' } = this.options;
    return own ? { [OWN_HEADER]: sender } : {};
  }

  /** Sends a recipe with its placeholders filled in. */
  async send(recipe: Recipe, changes: Changes = {}): Promise<Answer> {
    const values = await this.values();
    const url = changes.url === undefined ? urlOf(recipe, changes, values) : filled(changes.url, values);
    const headers = new Headers();
    for (const [name, value] of changed(recipe.headers, changes.headers)) {
      headers.set(name, filled(value, values));
    }
    const basic = changes.basic === undefined ? recipe.basic : changes.basic;
    if (basic !== undefined && basic !== null) {
      const [id, secret] = basic.map((text) => encodeURIComponent(filled(text, values)));
      headers.set('authorization', `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}`);
    }
    const body = bodyOf(recipe, changes, values, headers);
    for (const [name, value] of Object.entries(this.#ownHeader)) headers.set(name, value);
    if (!headers.has('user-agent')) headers.set('user-agent', 'curl/8');
    const response = await fetch(url, {
      method: changes.method ?? recipe.method,
      headers,
      ...(body === null ? {} : { body }),
      redirect: 'manual',
      signal: AbortSignal.timeout(LIMIT_MS),
    });
    const text = await response.text();
    return { status: response.status, headers: response.headers, body: text, json: membersOf(text) ?? {} };
  }

  /** Sends several recipes, one after the other. */
  async sendAll(recipes: readonly Recipe[]): Promise<void> {
    for (const recipe of recipes) {
      if (recipe.browser === undefined) await this.send(recipe);
      else await this.open(recipe);
    }
  }

  /**
   * Opens a recipe's URL in a new browser, signs in as Alice and decides.
   * @returns the last URL: at the relying party, or one of the server's own pages
   */
  async open(
    recipe: Recipe,
    { query, decision = {}, url }: Pick<Changes, 'query' | 'url'> & { readonly decision?: Decision } = {},
  ): Promise<URL> {
    const values = await this.values();
    const start =
      url === undefined ? urlOf(recipe, query === undefined ? {} : { query }, values) : filled(url, values);
    const browser = new Browser(this.#ownHeader, LIMIT_MS, new URL(values.ISSUER ?? start).origin);
    const end = await browser.visit(start, decision);
    // Wait until the values in the redirect are captured.
    await this.values();
    return end;
  }

  /** Signs in as Alice and submits the form of a settings page. */
  async submit(page: string, fill: (fields: URLSearchParams) => void): Promise<void> {
    const url = filled(page, await this.values());
    const browser = new Browser(this.#ownHeader, LIMIT_MS, new URL(url).origin);
    await browser.submit(url, fill);
    await this.values();
  }

  /** Runs a verifier on ID Tokens. */
  verify(command: readonly string[]): Promise<VerifyResult> {
    return this.options.verify(command);
  }

  /** Has the tutorial test the app. */
  testApp(): Promise<AppTestResult> {
    return this.options.testApp();
  }

  /** Makes a code or token older, for mistakes that come from waiting. */
  async age(value: string, seconds: number): Promise<void> {
    const { ISSUER = '' } = await this.values();
    const response = await fetch(`${ISSUER}/_sandbox/age`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', [OWN_HEADER]: 'seed' },
      body: JSON.stringify({ value, seconds }),
      signal: AbortSignal.timeout(LIMIT_MS),
    });
    if (!response.ok) throw new Error(`The sandbox could not make it older: status ${response.status}.`);
  }
}

function urlOf(recipe: Recipe, changes: Changes, values: Values): string {
  const base = filled(recipe.url, values);
  const query = changed(recipe.query, changes.query);
  if (query.length === 0) return base;
  const params = new URLSearchParams(query.map(([name, value]) => [name, filled(value, values)]));
  return `${base}?${params}`;
}

function bodyOf(recipe: Recipe, changes: Changes, values: Values, headers: Headers): string | null {
  if (changes.body !== undefined) return filled(changes.body, values);
  if (recipe.json !== undefined) {
    if (!headers.has('content-type')) headers.set('content-type', 'application/json');
    return JSON.stringify(recipe.json, (_name, value: unknown) =>
      typeof value === 'string' ? filled(value, values) : value,
    );
  }
  if (recipe.form === undefined && changes.form === undefined) return null;
  if (!headers.has('content-type')) headers.set('content-type', 'application/x-www-form-urlencoded');
  const fields = changed(recipe.form, changes.form);
  return new URLSearchParams(fields.map(([name, value]) => [name, filled(value, values)])).toString();
}

function changed(
  given: Readonly<Record<string, string>> = {},
  changes: Readonly<Record<string, string | null>> = {},
): readonly (readonly [string, string])[] {
  return Object.entries({ ...given, ...changes }).flatMap(([name, value]) =>
    value === null ? [] : [[name, value] as const],
  );
}
