/**
 * Puts one application behind two origins and a base path, as a reverse proxy without TLS does: the pages on one
 * port, everything else on another, each blind for the other's paths.
 */
import { type Fetch, listenOnLoopback } from '../../fixtures/sandbox/listen.js';

export interface ReverseProxy {
  /** Where the pages are, base path included. */
  readonly web: string;
  /** Where the rest is, base path included. */
  readonly api: string;
  close(): Promise<void>;
}

export interface ReverseProxyOptions {
  /** Before every path, like `/tenant`. */
  readonly base?: string;
  /** Paths that the application knows by another name: the public one first. */
  readonly renamed?: Readonly<Record<string, string>>;
}

const PAGES = /^\/(oauth2|settings)(\/|$)/;
/** Paths of the application in its markup; those to other places begin otherwise. */
const PATHS = /\b(action|href|src)="\/(?!\/)/g;

/** @param application gives what is behind, when both addresses are known */
export async function startReverseProxy(
  application: (places: { readonly web: string; readonly api: string }) => Fetch,
  { base = '', renamed = {} }: ReverseProxyOptions = {},
): Promise<ReverseProxy> {
  let behind: Fetch = () => new Response(null, { status: 503 });
  const pass = async (request: Request, mine: (path: string) => boolean): Promise<Response> => {
    const url = new URL(request.url);
    const inside = url.pathname.startsWith(`${base}/`) ? url.pathname.slice(base.length) : null;
    if (inside === null || !mine(inside)) return new Response('Not found', { status: 404 });
    url.pathname = renamed[inside] ?? inside;
    return rewriteResponse(await behind(rewriteRequest(request, url)), base);
  };
  const web = await listenOnLoopback((request) => pass(request, (path) => PAGES.test(path)), 0);
  const api = await listenOnLoopback((request) => pass(request, (path) => !PAGES.test(path)), 0);
  const places = {
    web: `http://localhost:${web.port}${base}`,
    api: `http://localhost:${api.port}${base}`,
  };
  behind = application(places);
  return {
    ...places,
    close: async () => {
      await Promise.all([web.close(), api.close()]);
    },
  };
}

function rewriteRequest(request: Request, url: URL): Request {
  const { method, headers, body } = request;
  return new Request(url, { method, headers, ...(body === null ? {} : { body, duplex: 'half' as const }) });
}

/** Redirects and markup get the base path before them. */
async function rewriteResponse(response: Response, base: string): Promise<Response> {
  const headers = new Headers(response.headers);
  const location = headers.get('location');
  if (location?.startsWith('/') === true) headers.set('location', `${base}${location}`);
  const isPage = (headers.get('content-type') ?? '').startsWith('text/html');
  const body = isPage ? (await response.text()).replace(PATHS, `$1="${base}/`) : response.body;
  return new Response(body, { status: response.status, headers });
}
