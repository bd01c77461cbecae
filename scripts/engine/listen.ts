/** Whether a server still answers at all, once checks have met nothing but errors. */
import { setTimeout as sleep } from 'node:timers/promises';
import { Connections } from '../../fixtures/http/connections.js';
import type { Liveness } from '../../fixtures/http/liveness.js';
import { HTTP_TIMEOUT_MS } from '../../fixtures/http/timeouts.js';
import type { Target } from '../../fixtures/target/settings.js';
import { timeoutSignal } from '../../fixtures/time/deadline.js';

/** A server that restarts, or a network that is gone for a moment, is back by then. */
const PAUSES_MS = [1_000, 2_000, 3_000];

/** `back`: it refused to answer, and does again. */
export type Presence = 'there' | 'back' | 'gone';

/**
 * Asks the server for its metadata, and again for a few seconds as long as it refuses.
 * @param pauses milliseconds between the questions
 */
export async function listen(target: Target, pauses: readonly number[] = PAUSES_MS): Promise<Presence> {
  for (const [tries, pause] of [0, ...pauses].entries()) {
    await sleep(pause);
    const answer = await ask(target);
    if (answer === 'answered') return tries === 0 ? 'there' : 'back';
    // A server that takes the question and keeps silent for all of its time isn't about to start.
    if (answer === 'silent') return 'gone';
  }
  return 'gone';
}

/** The same; whoever answers other requests meanwhile isn't gone, however slow it is. */
export async function listenBeside(target: Target, liveness: Liveness): Promise<Presence> {
  const since = performance.now();
  const presence = await listen(target);
  return presence === 'gone' && liveness.lastAnsweredAt > since ? 'there' : presence;
}

async function ask({ discoveryUrl, settings }: Target): Promise<'answered' | 'silent' | 'refused'> {
  const connections = new Connections(settings.tls?.ca);
  const signal = timeoutSignal(HTTP_TIMEOUT_MS / 2);
  try {
    const { body } = await connections.request(discoveryUrl, {
      method: 'GET',
      headers: { 'user-agent': 'polar-conformance' },
      signal,
    });
    // Ending a body that nobody reads is an error of the stream, and no news here.
    body.on('error', () => undefined).destroy();
    return 'answered';
  } catch {
    return signal.aborted ? 'silent' : 'refused';
  } finally {
    await connections.close();
  }
}
