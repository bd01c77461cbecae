/** Browsers run in their own process groups. This finds those whose profile is in our folder, and ends them. */
import { readdirSync, readFileSync } from 'node:fs';

/** Only Linux has /proc. On other systems, a browser ends when the pipe to its dead owner closes. */
export function killOrphanedProcesses(folder: string): void {
  for (const pid of listProcessIds()) {
    if (pid !== process.pid && readCommandLine(pid).includes(folder)) killProcess(pid);
  }
}

function listProcessIds(): readonly number[] {
  try {
    return readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .map(Number);
  } catch {
    return [];
  }
}

function readCommandLine(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
  } catch {
    return '';
  }
}

function killProcess(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It ended by itself in the meantime.
  }
}
