/** A token response as a strict OAuth client reads it: the library that applications use, not our own reading. */
import { processGenericTokenEndpointResponse } from 'oauth4webapi';
import type { Exchange } from '../../fixtures/evidence/exchange.js';

/**
 * Hands the response to oauth4webapi (RFC 6749 section 5.1). The ID Token is taken out before, as the
 * chapter idtoken judges it.
 * @returns why the client refuses the response, or null when it accepts it
 */
export async function findTokenResponseError(
  exchange: Exchange,
  issuer: string,
  client_id: string,
): Promise<string | null> {
  const { id_token: _, ...members } = exchange.object();
  const response = new Response(JSON.stringify(members), {
    status: exchange.status,
    headers: { 'content-type': exchange.header('content-type') ?? '' },
  });
  try {
    await processGenericTokenEndpointResponse({ issuer }, { client_id }, response);
    return null;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
