/** A request that solves something, as data: views write it as curl, PowerShell, fetch or plain HTTP. */
import { type Name, namesIn } from './values.js';

/** Every text may hold placeholders like `{CLIENT_ID}`. */
export interface Recipe {
  /** What this step is for, in a few words. */
  readonly note: string;
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  readonly url: string;
  /** Parameters of the URL, in order; they are encoded when it is written. */
  readonly query?: Readonly<Record<string, string>>;
  readonly headers?: Readonly<Record<string, string>>;
  /** The fields of a form, in order. */
  readonly form?: Readonly<Record<string, string>>;
  /** Members of a JSON object. */
  readonly json?: Readonly<Record<string, string | readonly string[]>>;
  /** HTTP Basic: the client's id and secret. */
  readonly basic?: readonly [string, string];
  /** To be opened in a browser, and what to do there: a user signs in and decides. */
  readonly browser?: string;
}

/** @returns what must be known before the recipe can be followed */
export function namesOf(recipe: Recipe): readonly Name[] {
  return namesIn(JSON.stringify(recipe));
}
