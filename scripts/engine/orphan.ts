/** An engine whose command is gone must not leave browsers behind. */
import { readRun } from '../../suites/run-file.js';
import { removeFolder } from '../run/private-folder.js';

/** How long the engine may take to end in order when its command is gone. */
const PATIENCE_MS = 5_000;

/** Ends this process in order when the command that started it is gone, or is gone already. */
export function endWithCommand(): void {
  if (process.connected) process.once('disconnect', end);
  else end();
}

/** Nobody is left to end this process or to clean up after it. */
function end(): void {
  const run = readRun();
  if (run !== null) process.once('exit', () => removeFolder(run.folder));
  // An engine ends in order at this signal; where it does not listen yet, the signal alone must not end it.
  process.on('SIGINT', () => undefined);
  process.kill(process.pid, 'SIGINT');
  setTimeout(() => process.exit(), PATIENCE_MS);
}
