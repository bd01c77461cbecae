/** The sandbox's signing keys, which an operator can rotate while the tutorial runs. */
import type { JWK } from 'jose';
import { generateKeys } from '../fixtures/sandbox/index.js';

export class SigningKeys {
  /** With private members; the first one signs, the others only verify. */
  #published: readonly JWK[];

  private constructor(published: readonly JWK[]) {
    this.#published = published;
  }

  static async create(): Promise<SigningKeys> {
    return new SigningKeys(await newKeys());
  }

  /** As the sandbox reads it: at each request. */
  get published(): readonly JWK[] {
    return this.#published;
  }

  /** Signs with a new key from now on; the previous one stays published, for the tokens it signed. */
  async rotate(): Promise<void> {
    this.#published = [...(await newKeys()), ...this.#published.slice(0, 1)];
  }

  /** Back to one published key, the one that signs now. */
  retireOld(): void {
    this.#published = this.#published.slice(0, 1);
  }
}

let count = 0;

/** @returns one key, with a `kid` that tells the keys apart at a glance */
async function newKeys(): Promise<readonly JWK[]> {
  const { published } = await generateKeys();
  count += 1;
  return published.map((key) => ({ ...key, kid: `key-${count}` }));
}
