/** Single keys of a terminal, without Enter. However the program ends, the terminal gets its own manners back. */

/** As much of process.stdin as keys need. */
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
 * @param onKey each key, as a small letter or digit
 * @param onEnd Ctrl-C or Ctrl-D, which a raw terminal no longer turns into a signal
 */
export function openKeyboard(stream: KeyStream, onKey: (key: string) => void, onEnd: () => void): Keyboard {
  const raw = () => void stream.setRawMode(true);
  const restore = () => void stream.setRawMode(false);
  const read = (chunk: Buffer | string) => {
    const text = chunk.toString();
    // Arrows and the like come as several characters, none of which was meant.
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

/** As the terminal would have done it; SIGCONT makes it raw again. */
function suspend(restore: () => void): void {
  if (process.platform === 'win32') return;
  restore();
  process.kill(process.pid, 'SIGTSTP');
}
