/** The apps that lessons are played against, below paths of the page's own server: loopback only, like that. */
import type { SandboxExchange } from '../../fixtures/sandbox/exchange.js';
import { attackerApp } from './attacker.js';
import { victimApp } from './victim/index.js';

/** @returns the answer, or null for a request that is not for a sample */
export type Samples = (request: Request) => Response | Promise<Response> | null;

export interface SampleAddresses {
  /** Without slash at the end, as all of these. */
  readonly victim: string;
  readonly attacker: string;
}

export interface SampleOptions extends SampleAddresses {
  readonly issuer: string;
  /** Told of what the victim's app has received. */
  readonly notice: (exchange: SandboxExchange) => void;
}

const LOCAL_HOSTS: readonly string[] = ['localhost', '127.0.0.1', '[::1]'];

/** @param page where the page's server listens, with a slash at the end */
export const sampleAddresses = (page: string): SampleAddresses => ({
  victim: `${page}victim`,
  attacker: `${page}attacker`,
});

export function sampleApps({ issuer, victim, attacker, notice }: SampleOptions): Samples {
  const apps = [
    { path: new URL(victim).pathname, fetch: victimApp({ issuer, address: victim, notice }) },
    { path: new URL(attacker).pathname, fetch: attackerApp() },
  ];
  return (request) => {
    const { hostname, pathname } = new URL(request.url);
    const app = apps.find(({ path }) => pathname === path || pathname.startsWith(`${path}/`));
    if (app === undefined) return null;
    // A name of somebody else's that was made to point here.
    if (!LOCAL_HOSTS.includes(hostname)) {
      return new Response('This sample app is for this machine alone: use its address with localhost.\n', {
        status: 421,
      });
    }
    return app.fetch(request);
  };
}
