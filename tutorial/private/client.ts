/** Asks the tutorial that runs with a state file: its address and key are in the lock file. */

import { UsageError } from '../../fixtures/errors.js';
import { isObject } from '../../fixtures/parse-json.js';
import { type AppTestResult, readResult } from '../app-test/run.js';
import { NAMES, type Values } from '../lessons/values.js';
import { type Holder, type LockData, lockPath, readLock } from '../state/lock.js';
import { readTokens, type TokensToVerify } from '../verify/tokens.js';

export interface PrivateChannel {
  /** All values known now, secrets included. */
  values(): Promise<Values>;
  /** Reports that a goal of the current lesson was reached. @returns whether it has such a goal */
  reach(id: string): Promise<boolean>;
  /** Tests the learner's app. @param start the address that starts a sign-in; null for the usual one */
  testApp(start: string | null): Promise<AppTestResult>;
  /** ID Tokens to try a verifier on. A UsageError while there is no client to issue them to. */
  idTokens(): Promise<TokensToVerify>;
}

const LIMIT_MS = 5000;
const PROBE_MS = 2000;
/** An app is signed in to six times. */
const TEST_MS = 120_000;

/** @returns a way to ask the running tutorial; a UsageError says that none is running */
export function privateChannel(stateFile: string): PrivateChannel {
  const lock = readLock(lockPath(stateFile));
  if (lock === null || lock.page === null) throw noneRuns(stateFile);
  const call = (path: string, init: RequestInit = {}): Promise<Response> =>
    send(lock, path, init, LIMIT_MS).catch(() => {
      throw noneRuns(stateFile);
    });
  return {
    values: async () => {
      const response = await call('values');
      if (response.status !== 200) throw noneRuns(stateFile);
      return valuesOf(await response.json().catch(() => null));
    },
    reach: async (id) => {
      const response = await call('reach', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ id }),
      });
      if (response.status === 404) return false;
      if (response.status !== 204) throw noneRuns(stateFile);
      return true;
    },
    testApp: async (start) => {
      const response = await call('test-app', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ start }),
        signal: AbortSignal.timeout(TEST_MS),
      });
      const result = readResult(await response.json().catch(() => null));
      if (result === null) throw noneRuns(stateFile);
      return result;
    },
    idTokens: async () => {
      const response = await call('id-tokens');
      if (response.status === 404) {
        throw new UsageError('There is no client yet to issue ID Tokens to: start lesson 7 first.');
      }
      const tokens = readTokens(await response.json().catch(() => null));
      if (tokens === null) throw noneRuns(stateFile);
      return tokens;
    },
  };
}

/** Asks whether the tutorial of a lock is running: only that one accepts this key. */
export async function probe(lock: LockData): Promise<Holder> {
  try {
    const response = await send(lock, 'values', {}, PROBE_MS);
    await response.body?.cancel();
    return response.status === 200 ? 'answers' : 'gone';
  } catch (problem) {
    return problem instanceof Error && problem.name === 'TimeoutError' ? 'silent' : 'gone';
  }
}

function send(lock: LockData, path: string, init: RequestInit, limitMs: number): Promise<Response> {
  const headers = new Headers(init.headers);
  headers.set('authorization', `Bearer ${lock.key}`);
  return fetch(`${lock.page ?? ''}private/${path}`, {
    ...init,
    headers,
    redirect: 'error',
    signal: init.signal ?? AbortSignal.timeout(limitMs),
  });
}

function valuesOf(value: unknown): Values {
  if (!isObject(value)) return {};
  return Object.fromEntries(
    NAMES.flatMap((name) => (typeof value[name] === 'string' ? [[name, value[name]]] : [])),
  );
}

const noneRuns = (stateFile: string): UsageError =>
  new UsageError(
    `No tutorial is running with ${stateFile}. Start one in another terminal first: npx polar-conformance tutorial`,
  );
