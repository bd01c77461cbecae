/** A deviation of the sandbox that can be switched on for one sign-in: ID Tokens with a wrong nonce or signature. */
import { importJWK, type JWK } from 'jose';
import { changeJson, type Deviation } from '../../fixtures/sandbox/deviation.js';
import { decodeIdToken } from '../token/decode.js';
import { signer, withClaims } from '../verify/tokens.js';

export type IdTokenFaultKind = 'signature' | 'nonce';

export class IdTokenFault {
  /** null: ID Tokens are as they should be. */
  kind: IdTokenFaultKind | null = null;

  /** @param signingKey the private key that the sandbox signs with now */
  constructor(private readonly signingKey: () => Promise<JWK>) {}

  readonly deviation: Deviation = {
    how: 'While the tutorial tests an app, ID Tokens have a wrong nonce or signature.',
    wrap: {
      token: changeJson(async (body) => {
        const { kind } = this;
        if (kind === null || typeof body.id_token !== 'string') return body;
        return { ...body, id_token: await this.#change(body.id_token, kind) };
      }),
    },
    touches: 'id_token',
  };

  async #change(token: string, kind: IdTokenFaultKind): Promise<string> {
    const claims = decodeIdToken(token)?.claims ?? {};
    if (kind === 'signature') return withClaims(token, { ...claims, sub: `${claims.sub}-changed` });
    const key = await this.signingKey();
    return signer(key, await importJWK(key, 'RS256'))({ ...claims, nonce: 'a-nonce-that-nobody-sent' });
  }
}
