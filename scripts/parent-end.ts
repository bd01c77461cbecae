/** A command that serves a program ends with it, also when the program was killed and could send no signal. */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** How often it looks whether the program is still there. */
const CHECK_MS = 1000;

/** A process whose end, or whose parent's end, shows that the program is gone. */
interface Link {
  readonly pid: number;
  /** Its parent at the start. */
  readonly parent: number;
}

interface ProcessFacts {
  readonly parent: number;
  /** Its command line. */
  readonly args: string;
}

/**
 * Acts once, when the program that started this process is gone. Where npm or another package manager started it, the
 * program is the one that started the package manager.
 */
export function onParentEnd(act: () => void): void {
  const chain = listLinks();
  const timer = setInterval(() => {
    if (chain.every(({ pid, parent }) => findParent(pid) === parent)) return;
    clearInterval(timer);
    act();
  }, CHECK_MS);
  timer.unref();
}

/**
 * `npx` runs a shell that runs the command, as many programs do; other package managers run it themselves. An orphan gets
 * another parent, so each of them is a link: when one ends, the one below it shows that.
 */
function listLinks(): readonly Link[] {
  const links: Link[] = [{ pid: process.pid, parent: process.ppid }];
  let pid = process.ppid;
  for (const isBetween of [isShell, isPackageManager]) {
    const found = readProcess(pid);
    if (found === null || !isBetween(found)) continue;
    links.push({ pid, parent: found.parent });
    pid = found.parent;
  }
  return links;
}

const isPackageManager = ({ args }: ProcessFacts): boolean =>
  /^(?:\S*node(?:js)? )?(?:\S*[/\\])?(?:npm|npx|pnpm|pnpx|yarn|yarnpkg|bun|bunx)(?:[-.]\w+)*(?: |$)/.test(
    args,
  );

const isShell = ({ args }: ProcessFacts): boolean => /^(?:\S*\/)?(?:sh|ash|bash|dash|ksh|zsh) -c /.test(args);

const findParent = (pid: number): number | null =>
  pid === process.pid ? process.ppid : (readProcess(pid)?.parent ?? null);

/** @returns null for a process that is gone, and where this can't be found out */
function readProcess(pid: number): ProcessFacts | null {
  return process.platform === 'linux' ? readFromProc(pid) : readByPs(pid);
}

function readFromProc(pid: number): ProcessFacts | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    // The name of the command is in parentheses, and may have some itself.
    const [, parent] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const args = readFileSync(`/proc/${pid}/cmdline`, 'latin1').replaceAll('\0', ' ');
    return { parent: Number(parent), args };
  } catch {
    return null;
  }
}

function readByPs(pid: number): ProcessFacts | null {
  const { stdout } = spawnSync('ps', ['-o', 'ppid=,args=', '-p', String(pid)], { encoding: 'latin1' });
  const [, parent, args] = /^\s*(\d+)\s+(.*)/.exec(stdout ?? '') ?? [];
  return parent === undefined || args === undefined ? null : { parent: Number(parent), args };
}
