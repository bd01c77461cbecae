/**
 * What used the processor: the CPU seconds of a process and everything that it started, by kind, read from /proc
 * (Linux).
 */
import { readdirSync, readFileSync } from 'node:fs';

export const KINDS = [
  'renderer',
  'browser',
  'gpu',
  'zygote and utility',
  'worker',
  'engine',
  'command',
] as const;
type Kind = (typeof KINDS)[number];

export interface Usage {
  /** CPU seconds by kind. */
  readonly seconds: Readonly<Record<Kind, number>>;
  readonly total: number;
  /** How many renderers were seen. */
  readonly renderers: number;
  /** How many browsers were seen. */
  readonly browsers: number;
  /** The most memory of the whole tree at one time, in MiB (resident pages, not proportional shares). */
  readonly peakMiB: number;
}

/** Kernel clock ticks per second; 100 on every Linux that Node runs on. */
const TICKS = 100;
const PAGE_KIB = 4;
const EVERY_MS = 40;

interface Seen {
  readonly kind: Kind;
  ticks: number;
}

interface Stat {
  readonly parent: number;
  readonly started: string;
  readonly ticks: number;
  readonly residentPages: number;
}

/**
 * Watches a process tree until `stop` is called. A process is read until it's gone, so its last 40 milliseconds are
 * missing.
 * @param root the process whose tree is watched; it counts as the command
 */
export class ProcessWatch {
  readonly #seen = new Map<string, Seen>();
  /** Children of a process that is gone are adopted by another one; they stay in the tree. */
  readonly #known = new Set<number>();
  readonly #timer: NodeJS.Timeout;
  #peakKiB = 0;

  constructor(private readonly root: number) {
    this.#known.add(root);
    this.#look();
    this.#timer = setInterval(() => this.#look(), EVERY_MS);
  }

  stop(): Usage {
    clearInterval(this.#timer);
    this.#look();
    const seconds: Record<Kind, number> = {
      renderer: 0,
      browser: 0,
      gpu: 0,
      'zygote and utility': 0,
      worker: 0,
      engine: 0,
      command: 0,
    };
    const count = (wanted: Kind) => [...this.#seen.values()].filter(({ kind }) => kind === wanted).length;
    for (const { kind, ticks } of this.#seen.values()) seconds[kind] += ticks / TICKS;
    return {
      seconds,
      total: Object.values(seconds).reduce((sum, one) => sum + one, 0),
      renderers: count('renderer'),
      browsers: count('browser'),
      peakMiB: Math.round(this.#peakKiB / 1024),
    };
  }

  #look(): void {
    const stats = new Map<number, Stat>();
    for (const name of readdirSync('/proc')) {
      if (!/^\d+$/.test(name)) continue;
      const stat = readStat(Number(name));
      if (stat !== null) stats.set(Number(name), stat);
    }
    for (let grown = true; grown; ) {
      grown = false;
      for (const [pid, { parent }] of stats) {
        if (this.#known.has(pid) || !this.#known.has(parent)) continue;
        this.#known.add(pid);
        grown = true;
      }
    }
    let resident = 0;
    for (const [pid, stat] of stats) {
      if (!this.#known.has(pid)) continue;
      resident += stat.residentPages * PAGE_KIB;
      const key = `${pid} ${stat.started}`;
      const seen = this.#seen.get(key);
      // A process that was just forked has its parent's command line until it has its own.
      const kind = pid === this.root ? 'command' : classifyProcess(commandLine(pid));
      this.#seen.set(key, { kind: kind ?? seen?.kind ?? 'engine', ticks: stat.ticks });
    }
    this.#peakKiB = Math.max(this.#peakKiB, resident);
  }
}

function readStat(pid: number): Stat | null {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The program's name is in parentheses and may contain spaces.
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
    return {
      parent: Number(fields[1]),
      ticks: Number(fields[11]) + Number(fields[12]),
      started: fields[19] ?? '',
      residentPages: Number(fields[21]),
    };
  } catch {
    return null;
  }
}

function commandLine(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
  } catch {
    return '';
  }
}

/** @returns null if the command line says nothing, or no longer does */
function classifyProcess(line: string): Kind | null {
  if (line === '') return null;
  const type = /--type=([\w-]+)/.exec(line)?.[1];
  if (type === 'renderer') return 'renderer';
  if (type === 'gpu-process') return 'gpu';
  if (type !== undefined) return 'zygote and utility';
  if (/--remote-debugging-(pipe|port)/.test(line)) return 'browser';
  if (/playwright.*(worker|process)\w*\.js|playwright.*\/common\/process/i.test(line)) return 'worker';
  return 'engine';
}
