/** An engine whose command is gone must not leave browsers behind. */
import { readRun } from '../../suites/run-file.js';
import { removeFolder } from '../run/private-folder.js';

/** How long the engine may take to end cleanly when its command is gone. */
const PATIENCE_MS = 5_000;

/** Ends this process cleanly when the command that started it is gone, now or later. */
export function endWithCommand(): void {
  if (process.connected) process.once('disconnect', end);
  else end();
}

/** Nothing else is left to end this process or to clean up after it. */
function end(): void {
  const run = readRun();
  if (run !== null) process.once('exit', () => removeFolder(run.folder));
  // An engine ends cleanly at this signal. If it doesn't listen yet, the signal must not end it by itself.
  process.on('SIGINT', () => undefined);
  process.kill(process.pid, 'SIGINT');
  setTimeout(() => process.exit(), PATIENCE_MS);
}
