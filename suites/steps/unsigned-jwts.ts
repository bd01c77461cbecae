/** JWTs that nobody signed, where RFC 7523 section 3 demands a signature: anybody can make them. */
import { randomUUID } from 'node:crypto';
import { UnsecuredJWT } from 'jose';

/**
 * @param client_id the client that the JWT claims to come from
 * @param subject whom it claims to speak for
 * @param audience the URL of the token endpoint
 * @returns an assertion with alg none that is right in everything else
 */
export function makeUnsignedAssertion(client_id: string, subject: string, audience: string): string {
  return new UnsecuredJWT({ jti: randomUUID() })
    .setIssuer(client_id)
    .setSubject(subject)
    .setAudience(audience)
    .setIssuedAt()
    .setExpirationTime('5m')
    .encode();
}
