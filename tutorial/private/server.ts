/**
 * Routes of the page for the learner's own commands, such as `tutorial env`. They hand out secrets, so they require
 * the key that only the owner of the state file can read.
 */
import { createHash, timingSafeEqual } from 'node:crypto';
import { isObject } from '../../fixtures/parse-json.js';
import type { Tutorial } from '../tutorial.js';
import { isLocalHost } from './local-host.js';

const PREFIX = '/private/';

/** What these routes need from the tutorial. */
export type Served = Pick<
  Tutorial,
  'values' | 'reach' | 'testApp' | 'view' | 'addresses' | 'settled' | 'idTokensToVerify'
>;

/**
 * @param key the Bearer token that the Authorization header must have
 * @returns a function that answers requests under /private/, and gives null for all others
 */
export function privateRoutes(tutorial: Served, key: string): (request: Request) => Promise<Response> | null {
  return (request) => {
    const { pathname } = new URL(request.url);
    return pathname.startsWith(PREFIX) ? answer(tutorial, key, request, pathname) : null;
  };
}

async function answer(tutorial: Served, key: string, request: Request, path: string): Promise<Response> {
  if (!isLocalHost(request, tutorial.addresses.page))
    return refusal(403, 'This host name isn’t served here.');
  if (!isKey(request, key)) {
    return refusal(401, 'The key is missing or wrong.', { 'www-authenticate': 'Bearer' });
  }
  switch (`${request.method} ${path}`) {
    case 'GET /private/values':
      await tutorial.settled();
      return json(200, tutorial.values);
    case 'GET /private/id-tokens': {
      const tokens = await tutorial.idTokensToVerify();
      return tokens === null ? refusal(404, 'There is no client yet.') : json(200, tokens);
    }
    case 'POST /private/test-app':
      return test(tutorial, request);
    case 'POST /private/reach':
      return reach(tutorial, request);
    default:
      return refusal(404, 'There is no such private route.');
  }
}

async function test(tutorial: Served, request: Request): Promise<Response> {
  const sent: unknown = await request.json().catch(() => null);
  const start = isObject(sent) && typeof sent.start === 'string' ? sent.start : null;
  if (start !== null && !isOnThisMachine(start)) {
    const message = `${start} isn’t an http or https address on this machine.`;
    return json(200, { exitCode: 2, message, lines: [] });
  }
  return json(200, await tutorial.testApp(start));
}

function isOnThisMachine(address: string): boolean {
  if (!URL.canParse(address)) return false;
  const { protocol, hostname } = new URL(address);
  return /^https?:$/.test(protocol) && ['localhost', '127.0.0.1', '[::1]'].includes(hostname);
}

async function reach(tutorial: Served, request: Request): Promise<Response> {
  const sent: unknown = await request.json().catch(() => null);
  if (!isObject(sent) || typeof sent.id !== 'string')
    return refusal(400, 'Send {"id": "…"} as JSON, with the id of a goal.');
  const { id } = sent;
  await tutorial.settled();
  if (!tutorial.view().goals.some((goal) => goal.id === id)) {
    return refusal(404, `The current lesson has no goal ${id}.`);
  }
  tutorial.reach(id);
  return new Response(null, { status: 204, headers: { 'cache-control': 'no-store' } });
}

/** Compares hashes, which have equal lengths, in constant time. */
function isKey(request: Request, key: string): boolean {
  const sent = /^bearer +(\S+)$/i.exec(request.headers.get('authorization') ?? '')?.[1];
  return sent !== undefined && timingSafeEqual(hash(sent), hash(key));
}

const hash = (text: string): Buffer => createHash('sha256').update(text).digest();

const json = (status: number, value: unknown, headers: Readonly<Record<string, string>> = {}): Response =>
  Response.json(value, { status, headers: { 'cache-control': 'no-store', ...headers } });

const refusal = (status: number, error: string, headers: Readonly<Record<string, string>> = {}): Response =>
  json(status, { error }, headers);
