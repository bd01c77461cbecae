/** Reads single keys from the terminal. However the program ends, the terminal's mode is restored. */

/** The part of process.stdin that this needs. */
export interface KeyStream {
  setRawMode(on: boolean): unknown;
  on(event: 'data', listener: (chunk: Buffer | string) => void): unknown;
  off(event: 'data', listener: (chunk: Buffer | string) => void): unknown;
  resume(): unknown;
  pause(): unknown;
}

const CTRL_C = '\u0003';
const CTRL_D = '\u0004';
const CTRL_Z = '\u001a';
const ESCAPE = '\u001b';

export interface Keyboard {
  close(): void;
}

/**
 * @param onKey called with each key, in lowercase
 * @param onEnd called for Ctrl-C and Ctrl-D, which a terminal in raw mode doesn't turn into a signal
 */
export function openKeyboard(stream: KeyStream, onKey: (key: string) => void, onEnd: () => void): Keyboard {
  const raw = () => void stream.setRawMode(true);
  const restore = () => void stream.setRawMode(false);
  const read = (chunk: Buffer | string) => {
    const text = chunk.toString();
    // Arrow keys and the like send several characters, none of them a command.
    if (text.startsWith(ESCAPE)) return;
    for (const key of text) {
      if (key === CTRL_C || key === CTRL_D) onEnd();
      else if (key === CTRL_Z) suspend(restore);
      else onKey(key.toLowerCase());
    }
  };
  raw();
  stream.on('data', read);
  stream.resume();
  process.on('SIGCONT', raw);
  process.once('exit', restore);
  return {
    close: () => {
      stream.off('data', read);
      process.off('SIGCONT', raw);
      process.off('exit', restore);
      restore();
      stream.pause();
    },
  };
}

/** Suspends the process as the terminal would have; SIGCONT turns raw mode on again. */
function suspend(restore: () => void): void {
  if (process.platform === 'win32') return;
  restore();
  process.kill(process.pid, 'SIGTSTP');
}
