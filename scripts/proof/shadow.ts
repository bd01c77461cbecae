/**
 * Defects tried in the shadow of a healthy sandbox: each is asked what it would have done, and its answer is thrown
 * away. A check that never gets another answer out of a defect can't judge a server with that defect differently, so
 * the matrix needn't judge it there.
 */
import { isDeepStrictEqual } from 'node:util';
import type { Defect, Deviation, Intercept, Wrap, WrapContext } from '../../fixtures/sandbox/deviation.js';
import { ENDPOINTS, type EndpointName } from '../../fixtures/sandbox/endpoint-names.js';
import { type RuleName, type Rules, strictRules } from '../../fixtures/sandbox/rules/index.js';

/** Milliseconds after which an answer that a defect holds back counts as another one. */
const PATIENCE_MS = 1_000;

/** Watches what defects would have done. */
export class Shadow {
  readonly #met = new Set<Defect>();
  readonly #pending = new Set<Promise<void>>();

  /** @param defects those to watch */
  constructor(private readonly defects: readonly Defect[]) {}

  /** For a healthy sandbox, which stays as it is. */
  readonly deviation: Deviation = {
    how: 'Answers as always, and asks defects what they would have answered.',
    replace: (strict) => this.#watchRules(strict),
    intercept: Object.fromEntries(ENDPOINTS.map((name) => [name, this.#watchRequests(name)])),
    wrap: Object.fromEntries(ENDPOINTS.map((name) => [name, this.#watchResponses(name)])),
  };

  /** @returns the defects that would have answered differently since the last call */
  async takeMet(): Promise<ReadonlySet<Defect>> {
    while (this.#pending.size > 0) await Promise.all(this.#pending);
    const met = new Set(this.#met);
    this.#met.clear();
    return met;
  }

  #watchRules(strict: Rules): Partial<Rules> {
    const watched: Record<string, unknown> = {};
    for (const defect of this.defects) {
      for (const [name, other] of Object.entries(defect.replace?.(strict) ?? {})) {
        if (!isRuleName(name)) continue;
        const inner: unknown = watched[name] ?? strict[name];
        watched[name] = (...sent: unknown[]): unknown => {
          const outcome = call(inner, sent);
          if (!this.#met.has(defect) && differs(() => call(other, sent), outcome)) this.#met.add(defect);
          return outcome;
        };
      }
    }
    return watched;
  }

  #watchRequests(name: EndpointName): Intercept {
    return (request, context) => {
      for (const defect of this.defects) {
        const intercept = defect.intercept?.[name];
        if (intercept === undefined || this.#met.has(defect)) continue;
        const copy = request.clone();
        this.#note(defect, async () => (await intercept(copy, readOnly(context))) !== null);
      }
      return null;
    };
  }

  #watchResponses(name: EndpointName): Wrap {
    return async (response, request, context) => {
      const [body, sent] = [await response.arrayBuffer(), await request.arrayBuffer()];
      const copyResponse = () => new Response(hasBody(response) ? body : null, response);
      const copyRequest = () =>
        new Request(request.url, {
          method: request.method,
          headers: request.headers,
          ...(sent.byteLength === 0 ? {} : { body: sent }),
        });
      for (const defect of this.defects) {
        const wrap = defect.wrap?.[name];
        if (wrap === undefined || this.#met.has(defect)) continue;
        this.#note(defect, async () => {
          const other = await wrap(copyResponse(), copyRequest(), readOnly(context));
          return !(await sameResponse(copyResponse(), other));
        });
      }
      return copyResponse();
    };
  }

  /** @param answersDifferently what goes wrong in it counts as a difference, and so does what takes its time */
  #note(defect: Defect, answersDifferently: () => Promise<boolean>): void {
    const noted = withinPatience(answersDifferently).then((met) => {
      if (met) this.#met.add(defect);
      this.#pending.delete(noted);
    });
    this.#pending.add(noted);
  }
}

/** @returns whether a defect does something that a shadow doesn't see: it remembers differently, or has company */
export function isBeyondShadow({ store, beside = [] }: Defect): boolean {
  return store !== undefined || beside.length > 0;
}

function isRuleName(name: string): name is RuleName {
  return Object.hasOwn(strictRules, name);
}

function call(rule: unknown, sent: readonly unknown[]): unknown {
  if (typeof rule !== 'function') throw new TypeError('a rule is a function');
  return Reflect.apply(rule, undefined, sent);
}

function differs(answer: () => unknown, outcome: unknown): boolean {
  try {
    return !isSame(answer(), outcome);
  } catch {
    return true;
  }
}

/** What can't be compared from outside, such as a Response, is never the same. */
function isSame(one: unknown, other: unknown): boolean {
  if (Object.is(one, other)) return true;
  if (one instanceof URLSearchParams && other instanceof URLSearchParams) {
    return one.toString() === other.toString();
  }
  return isPlain(one) && isPlain(other) && isDeepStrictEqual(one, other);
}

/** Whether all that it is can be seen: no function and no object with a private part anywhere in it. */
function isPlain(value: unknown): boolean {
  if (typeof value === 'function') return false;
  if (typeof value !== 'object' || value === null) return true;
  if (value instanceof Set || value instanceof Map) return [...value].every(isPlain);
  const prototype: unknown = Object.getPrototypeOf(value);
  const isKnown = Array.isArray(value) || prototype === Object.prototype || prototype === null;
  return isKnown && Object.values(value).every(isPlain);
}

async function withinPatience(answersDifferently: () => Promise<boolean>): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<true>((resolve) => {
    timer = setTimeout(() => resolve(true), PATIENCE_MS);
  });
  try {
    return await Promise.race([answersDifferently().catch(() => true), late]);
  } finally {
    clearTimeout(timer);
  }
}

/** A context in which a defect can look at everything. If it wants to change something, that's a difference. */
function readOnly(context: WrapContext): WrapContext {
  const refuse = () => Promise.reject(new Error('a defect in the shadow changes nothing'));
  const reading = ['get', 'list'];
  const table = (records: object) =>
    new Proxy(records, {
      get(inner, name) {
        if (!reading.includes(String(name))) return refuse;
        const verb: unknown = Reflect.get(inner, name);
        return typeof verb === 'function' ? verb.bind(inner) : verb;
      },
    });
  const store = new Proxy(context.store, {
    get(inner, name) {
      const records: unknown = Reflect.get(inner, name);
      return typeof records === 'object' && records !== null ? table(records) : records;
    },
  });
  return { ...context, store, fetch: refuse };
}

const hasBody = ({ status }: Response): boolean => ![204, 205, 304].includes(status);

async function sameResponse(one: Response, other: Response): Promise<boolean> {
  return (
    one.status === other.status &&
    isDeepStrictEqual([...one.headers], [...other.headers]) &&
    (await one.text()) === (await other.text())
  );
}
