/** A request as data: views write it as curl, PowerShell, fetch or plain HTTP. */
import { type Name, namesIn } from './values.js';

/** Any string may contain placeholders like `{CLIENT_ID}`. */
export interface Recipe {
  /** What this step is for, in a few words. */
  readonly note: string;
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  readonly url: string;
  /** Query parameters, in order; they are encoded when the URL is written. */
  readonly query?: Readonly<Record<string, string>>;
  readonly headers?: Readonly<Record<string, string>>;
  /** The fields of a form, in order. */
  readonly form?: Readonly<Record<string, string>>;
  /** Members of a JSON object. */
  readonly json?: Readonly<Record<string, string | readonly string[]>>;
  /** HTTP Basic: the client's id and secret. */
  readonly basic?: readonly [string, string];
  /** If the URL is to be opened in a browser: what to do there, such as signing in. */
  readonly browser?: string;
}

/** @returns the names of the values that the recipe needs */
export function namesOf(recipe: Recipe): readonly Name[] {
  return namesIn(JSON.stringify(recipe));
}
