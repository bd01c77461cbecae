/** Signals before a command has taken them over: nothing was begun, so there is nothing to put in order. */
import type { Interruption } from './decide.js';

const EXIT_CODES: Readonly<Record<Interruption, number>> = { SIGINT: 130, SIGTERM: 143 };

const onInterrupt = () => process.exit(EXIT_CODES.SIGINT);
const onTerminate = () => process.exit(EXIT_CODES.SIGTERM);

process.on('SIGINT', onInterrupt);
process.on('SIGTERM', onTerminate);

/** From here on somebody else answers them. */
export function releaseEarlySignals(): void {
  process.off('SIGINT', onInterrupt);
  process.off('SIGTERM', onTerminate);
}
