/** An engine whose command is gone must not leave browsers behind. */
import { removeFolder } from '../run/private-folder.js';

/** How long the engine may take to end cleanly when its command is gone. */
const PATIENCE_MS = 5_000;

/**
 * Ends this process cleanly when the command that started it is gone, now or later.
 * @param folder the run's private folder, which is removed then
 */
export function endWithCommand(folder: string): void {
  if (process.connected) process.once('disconnect', () => end(folder));
  else end(folder);
}

/** Nothing else is left to end this process or to clean up after it. */
function end(folder: string): void {
  process.once('exit', () => removeFolder(folder));
  // An engine ends cleanly at this signal. If it doesn't listen yet, the signal must not end it by itself.
  process.on('SIGINT', () => undefined);
  process.kill(process.pid, 'SIGINT');
  setTimeout(() => process.exit(), PATIENCE_MS);
}
