/** Browsers run in process groups of their own; this finds those whose profile lies in our folder, and ends them. */
import { readdirSync, readFileSync } from 'node:fs';

/** Linux alone tells by /proc; elsewhere a browser ends when the pipe to its dead owner closes. */
export function endStrays(folder: string): void {
  for (const pid of processIds()) {
    if (pid !== process.pid && commandLine(pid).includes(folder)) end(pid);
  }
}

function processIds(): readonly number[] {
  try {
    return readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .map(Number);
  } catch {
    return [];
  }
}

function commandLine(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
  } catch {
    return '';
  }
}

function end(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It ended by itself meanwhile.
  }
}
