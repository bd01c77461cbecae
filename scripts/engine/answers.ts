/** Finds out whether a server that left a request unanswered still answers at all. */
import { Connections } from '../../fixtures/http/connections.js';
import { HTTP_TIMEOUT_MS } from '../../fixtures/http/timeouts.js';
import type { Target } from '../../fixtures/target/settings.js';
import { timeoutSignal } from '../../fixtures/time/deadline.js';

/** @returns whether anything at all comes back from the server */
export async function answers({ discoveryUrl, settings }: Target): Promise<boolean> {
  const connections = new Connections(settings.tls?.ca);
  try {
    const { body } = await connections.request(discoveryUrl, {
      method: 'GET',
      headers: { 'user-agent': 'polar-conformance' },
      signal: timeoutSignal(HTTP_TIMEOUT_MS / 2),
    });
    // Ending a body that nobody reads is an error of the stream, and no news here.
    body.on('error', () => undefined).destroy();
    return true;
  } catch {
    return false;
  } finally {
    await connections.close();
  }
}
