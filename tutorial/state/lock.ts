/**
 * One tutorial for one state file. The lock says where the running one is, so that a second can name it and
 * `tutorial env` can ask it. A tutorial that was killed leaves its lock: then nobody answers at its address.
 */
import { randomBytes } from 'node:crypto';
import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import { isObject } from '../../fixtures/evidence/exchange.js';
import { writeAtomically } from '../../scripts/report/files.js';

export interface LockData {
  /** Where the page is; null until it listens. */
  readonly page: string | null;
  /** Opens the private routes of the page. */
  readonly key: string;
  readonly pid: number;
}

export interface Lock {
  readonly key: string;
  /** Says where the page is, once it listens. */
  announce(page: string): void;
  /** Removes the lock, if it is still ours. */
  release(): void;
}

/** Who holds a lock: a tutorial that answers, one that does not just now, or nobody any more. */
export type Holder = 'answers' | 'silent' | 'gone';

/** Asks at the address of a lock. */
export type Probe = (lock: LockData) => Promise<Holder>;

export const lockPath = (stateFile: string): string => `${stateFile}.lock`;

/** A start takes far less. A pid of a living process at whose address nobody answers has been given anew. */
const START_MS = 5000;
const LOOK_EVERY_MS = 100;

/**
 * @param patience milliseconds in which a tutorial that is starting may begin to answer
 * @returns the lock, or what the running tutorial has said of itself
 */
export async function takeLock(
  stateFile: string,
  probe: Probe,
  patience = START_MS,
): Promise<{ readonly lock: Lock } | { readonly heldBy: LockData }> {
  const path = lockPath(stateFile);
  const mine: LockData = { page: null, key: randomBytes(32).toString('base64url'), pid: process.pid };
  for (;;) {
    if (create(path, mine)) return { lock: lockAt(path, mine) };
    const text = textOf(path);
    if (text === null) continue;
    const holder = await holderOf(path, probe, patience);
    if (holder !== null) return { heldBy: holder };
    removeStale(path, text);
  }
}

/** @returns what the lock says, or null where there is none that makes sense */
export function readLock(path: string): LockData | null {
  const text = textOf(path);
  return text === null ? null : parsed(text);
}

/** @returns null when nobody holds it */
async function holderOf(path: string, probe: Probe, patience: number): Promise<LockData | null> {
  const until = performance.now() + patience;
  for (;;) {
    const lock = readLock(path);
    if (lock === null) return null;
    const holder = lock.page === null ? 'gone' : await probe(lock);
    if (holder === 'answers') return lock;
    if (!isAlive(lock.pid)) return null;
    // Suspended, perhaps: it still has its port.
    if (holder === 'silent') return lock;
    if (performance.now() >= until) return null;
    await wait(LOOK_EVERY_MS);
  }
}

function lockAt(path: string, mine: LockData): Lock {
  return {
    key: mine.key,
    announce: (page) => writeAtomically(path, textFor({ ...mine, page }), 0o600),
    release: () => {
      if (readLock(path)?.key === mine.key) rmSync(path, { force: true });
    },
  };
}

/** @returns false when there is one already */
function create(path: string, lock: LockData): boolean {
  const draft = `${path}.${randomBytes(4).toString('hex')}.tmp`;
  try {
    writeFileSync(draft, textFor(lock), { mode: 0o600 });
    place(draft, path, textFor(lock));
    return true;
  } catch (problem) {
    if (isCode(problem, 'EEXIST')) return false;
    throw problem;
  } finally {
    rmSync(draft, { force: true });
  }
}

/** A link appears whole or not at all; some file systems have none. */
function place(draft: string, path: string, text: string): void {
  try {
    linkSync(draft, path);
  } catch (problem) {
    if (!['EPERM', 'ENOTSUP', 'ENOSYS'].some((code) => isCode(problem, code))) throw problem;
    writeFileSync(path, text, { mode: 0o600, flag: 'wx' });
  }
}

/** Two may find the same stale lock: whoever moves away a newer one by mistake puts it back. */
function removeStale(path: string, judged: string): void {
  const aside = `${path}.${randomBytes(4).toString('hex')}.old`;
  try {
    renameSync(path, aside);
  } catch (problem) {
    if (isCode(problem, 'ENOENT')) return;
    throw problem;
  }
  try {
    if (textOf(aside) !== judged && parsed(textOf(aside) ?? '') !== null) linkSync(aside, path);
  } catch (problem) {
    if (!isCode(problem, 'EEXIST')) throw problem;
  } finally {
    rmSync(aside, { force: true });
  }
}

const textFor = (lock: LockData): string => `${JSON.stringify(lock)}\n`;

function textOf(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch (problem) {
    if (isCode(problem, 'ENOENT')) return null;
    throw problem;
  }
}

function parsed(text: string): LockData | null {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return null;
  }
  if (!isObject(value)) return null;
  const { page, key, pid } = value;
  if (typeof key !== 'string' || typeof pid !== 'number' || !Number.isInteger(pid) || pid <= 0) return null;
  if (page !== null && (typeof page !== 'string' || !isOurs(page))) return null;
  return { page, key, pid };
}

/** The key must never be sent to another machine, whatever the file says. */
const isOurs = (page: string): boolean => /^http:\/\/localhost:\d{1,5}\/$/.test(page);

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (problem) {
    return isCode(problem, 'EPERM');
  }
}

const isCode = (problem: unknown, code: string): boolean =>
  problem instanceof Error && 'code' in problem && problem.code === code;
