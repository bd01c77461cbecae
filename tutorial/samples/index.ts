/** The sample apps of the lessons, under paths of the page's server, which listens on loopback only. */
import type { SandboxExchange } from '../../fixtures/sandbox/exchange.js';
import type { SigningKeys } from '../signing-keys.js';
import { attackerApp } from './attacker.js';
import { type NotesOptions, notesApp, notesMetadataAddress } from './notes.js';
import { operatorApp } from './operator.js';
import { victimApp } from './victim/index.js';

/** @returns the response, or null for a request that isn't for a sample app */
export type Samples = (request: Request) => Response | Promise<Response> | null;

export interface SampleAddresses {
  /** Doesn't end in a slash, like all of these. */
  readonly victim: string;
  readonly attacker: string;
  readonly operator: string;
  readonly notes: string;
}

export interface SampleOptions extends SampleAddresses {
  readonly issuer: string;
  /** The sandbox's keys, which the operator can rotate. */
  readonly keys: () => Promise<SigningKeys>;
  /** @returns what is known about an access token; null for one that doesn't work */
  readonly findToken: NotesOptions['findToken'];
  /** Called with what the sample apps received. */
  readonly notice: (exchange: SandboxExchange) => void;
}

const LOCAL_HOSTS: readonly string[] = ['localhost', '127.0.0.1', '[::1]'];

/** @param page where the page's server listens, with a slash at the end */
export const sampleAddresses = (page: string): SampleAddresses => ({
  victim: `${page}victim`,
  attacker: `${page}attacker`,
  operator: `${page}operator`,
  notes: `${page}notes`,
});

export function sampleApps(options: SampleOptions): Samples {
  const { issuer, victim, attacker, operator, notes, keys, findToken, notice } = options;
  const notesApi = notesApp({ issuer, address: notes, findToken, notice });
  const apps = [
    { path: new URL(victim).pathname, fetch: victimApp({ issuer, address: victim, notice }) },
    { path: new URL(attacker).pathname, fetch: attackerApp() },
    { path: new URL(operator).pathname, fetch: operatorApp({ address: operator, keys, notice }) },
    { path: new URL(notes).pathname, fetch: notesApi },
    { path: new URL(notesMetadataAddress(notes)).pathname, fetch: notesApi },
  ];
  return (request) => {
    const { hostname, pathname } = new URL(request.url);
    const app = apps.find(({ path }) => pathname === path || pathname.startsWith(`${path}/`));
    if (app === undefined) return null;
    // A name that someone else points at this machine.
    if (!LOCAL_HOSTS.includes(hostname)) {
      return new Response('This sample app is for this machine only: use its localhost address.\n', {
        status: 421,
      });
    }
    return app.fetch(request);
  };
}
