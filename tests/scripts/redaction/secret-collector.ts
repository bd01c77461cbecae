/** Sees every exchange of a sandbox and keeps what is secret in it, in a way that shares nothing with the suite's own. */
import type { SandboxExchange } from '../../../fixtures/sandbox/index.js';

const ISSUED = /polar_(cs|crt|ac|at_u|at_o|rt_u|rt_o|pat)_[A-Za-z0-9]{12,}/g;
const JWT = /eyJ[\w-]+\.[\w-]+\.([\w-]{20,})/g;
const KINDS: Readonly<Record<string, string>> = {
  cs: 'client secret',
  crt: 'registration access token',
  ac: 'code',
  at_u: 'access token',
  at_o: 'access token of an organization',
  rt_u: 'refresh token',
  rt_o: 'refresh token of an organization',
  pat: 'personal access token',
};
/** Form fields that are secret by their meaning. */
const FIELDS = ['code', 'code_verifier', 'password', 'client_secret', 'refresh_token', 'token', 'form_token'];

export class SecretCollector {
  /** What it is, by its value. */
  readonly secrets = new Map<string, string>();
  readonly #reading: Promise<void>[] = [];
  exchanges = 0;

  /** @param look is called while the run is under way */
  constructor(private readonly look: () => void = () => undefined) {}

  readonly see = (exchange: SandboxExchange): void => {
    this.exchanges += 1;
    if (this.exchanges % 20 === 1) this.look();
    this.#reading.push(this.#read(exchange));
  };

  learn(value: string, kind: string): void {
    if (value.length >= 12 && !this.secrets.has(value)) this.secrets.set(value, kind);
  }

  /** Resolves when everything that was seen so far has been read. */
  async settled(): Promise<void> {
    await Promise.all(this.#reading);
  }

  /** The kinds that were met. */
  kinds(): ReadonlySet<string> {
    return new Set(this.secrets.values());
  }

  async #read({ request, response }: SandboxExchange): Promise<void> {
    const answer = [...response.headers].map(([, value]) => value).join('\n') + (await response.text());
    for (const [whole, kind = ''] of answer.matchAll(ISSUED)) this.learn(whole, KINDS[kind] ?? kind);
    for (const [, signature = ''] of answer.matchAll(JWT)) this.learn(signature, 'signature of an ID Token');
    for (const cookie of response.headers.getSetCookie()) {
      this.learn(/^[^=]+=([^;]*)/.exec(cookie)?.[1] ?? '', 'session cookie');
    }
    for (const [, token = ''] of answer.matchAll(/name="form_token" value="([^"]+)"/g)) {
      this.learn(token, 'form token');
    }
    for (const [, value = ''] of (request.headers.get('cookie') ?? '').matchAll(/=([^;]+)/g)) {
      this.learn(value, 'session cookie');
    }
    const authorization = request.headers.get('authorization') ?? '';
    // Malformed headers have a token in quotes or as a parameter, or none of the usual length.
    const [, bearer] = /^bearer ([\w.~+/-]{20,}=*)$/i.exec(authorization) ?? [];
    if (bearer !== undefined && !bearer.startsWith('eyJ')) this.learn(bearer, 'bearer token');
    const type = request.headers.get('content-type') ?? '';
    if (!type.startsWith('application/x-www-form-urlencoded')) return;
    const form = new URLSearchParams(await request.text());
    for (const name of FIELDS) {
      for (const value of form.getAll(name)) if (!value.startsWith('eyJ')) this.learn(value, name);
    }
  }
}
