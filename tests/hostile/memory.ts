/** How much memory the processes of a command take while it runs. Only Linux tells. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';

const INTERVAL_MS = 500;

export interface Sizes {
  /** The largest process of ours, in MiB; 0 where the system doesn't tell. */
  readonly nodeMiB: number;
  /** All processes of the browser together, at their largest: what they share counts once. */
  readonly browserMiB: number;
}

export class MemoryWatch {
  #node = 0;
  #browser = 0;
  readonly #timer: NodeJS.Timeout;

  /** @param folder what the processes have in their command line or environment */
  constructor(private readonly folder: string) {
    this.#timer = setInterval(() => this.#look(), INTERVAL_MS);
  }

  end(): Sizes {
    clearInterval(this.#timer);
    return { nodeMiB: Math.round(this.#node), browserMiB: Math.round(this.#browser) };
  }

  #look(): void {
    let browser = 0;
    for (const pid of findFamily(this.folder)) {
      const status = read(pid, 'status');
      if (/chrom|headless/i.test(read(pid, 'cmdline'))) browser += sizeOf('RssAnon', status);
      else this.#node = Math.max(this.#node, sizeOf('VmRSS', status));
    }
    this.#browser = Math.max(this.#browser, browser);
  }
}

/** The processes that name the folder, and those that they started: a renderer names nothing. */
function findFamily(folder: string): readonly string[] {
  const all = processIds();
  const parents = new Map(all.map((pid) => [pid, /^PPid:\s+(\d+)/m.exec(read(pid, 'status'))?.[1] ?? '']));
  const family = new Set(
    all.filter((pid) => `${read(pid, 'cmdline')}${read(pid, 'environ')}`.includes(folder)),
  );
  const isRelated = (pid: string): boolean => {
    for (let one: string | undefined = pid; one !== undefined && one !== ''; one = parents.get(one)) {
      if (family.has(one)) return true;
    }
    return false;
  };
  return all.filter(isRelated);
}

function sizeOf(name: string, status: string): number {
  return Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(status)?.[1] ?? 0) / 1024;
}

function processIds(): readonly string[] {
  return existsSync('/proc') ? readdirSync('/proc').filter((name) => /^\d+$/.test(name)) : [];
}

function read(pid: string, name: string): string {
  try {
    return readFileSync(`/proc/${pid}/${name}`, 'utf8');
  } catch {
    return '';
  }
}
