/**
 * One tutorial per state file. The lock says where it is running, so that a second one can name it and `tutorial env`
 * can ask it. A tutorial that was killed leaves its lock behind; then nothing answers at its address.
 */
import { randomBytes } from 'node:crypto';
import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import { writeAtomically } from '../../fixtures/output/write-file.js';
import { isObject } from '../../fixtures/parse-json.js';

export interface LockData {
  /** Where the page is; null until it listens. */
  readonly page: string | null;
  /** The key of the page's private routes. */
  readonly key: string;
  readonly pid: number;
}

export interface Lock {
  readonly key: string;
  /** Records where the page is, once it listens. */
  announce(page: string): void;
  /** Removes the lock, if it is still our own. */
  release(): void;
}

/** Who holds a lock: a tutorial that answers, one that isn't answering now, or nobody. */
export type Holder = 'answers' | 'silent' | 'gone';

/** Asks at a lock's address who holds it. */
export type Probe = (lock: LockData) => Promise<Holder>;

export const lockPath = (stateFile: string): string => `${stateFile}.lock`;

/** Starting takes far less. If nothing answers by then, the process id belongs to another program. */
const START_MS = 5000;
const LOOK_EVERY_MS = 100;

/**
 * @param patience milliseconds to wait for a starting tutorial to answer
 * @returns the lock, or the data of the running tutorial's lock
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

/** @returns the lock's data, or null if there is no valid lock */
export function readLock(path: string): LockData | null {
  const text = textOf(path);
  return text === null ? null : parsed(text);
}

/** @returns null if nobody holds it */
async function holderOf(path: string, probe: Probe, patience: number): Promise<LockData | null> {
  const until = performance.now() + patience;
  for (;;) {
    const lock = readLock(path);
    if (lock === null) return null;
    const holder = lock.page === null ? 'gone' : await probe(lock);
    if (holder === 'answers') return lock;
    if (!isAlive(lock.pid)) return null;
    // Perhaps suspended: it still has its port.
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

/** @returns false if there already is one */
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

/** A hard link appears atomically; some file systems don't support them. */
function place(draft: string, path: string, text: string): void {
  try {
    linkSync(draft, path);
  } catch (problem) {
    if (!['EPERM', 'ENOTSUP', 'ENOSYS'].some((code) => isCode(problem, code))) throw problem;
    writeFileSync(path, text, { mode: 0o600, flag: 'wx' });
  }
}

/** Two processes may find the same stale lock: one that moves a newer lock aside by mistake puts it back. */
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
