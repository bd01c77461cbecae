/** The pages of the server itself, each looked at once: error page, login page and, with a user, consent page. */
import type { AuthorizationOptions, PageSnapshot } from '../../fixtures/flow/types.js';
import { NotApplicable } from '../../fixtures/verdict.js';
import type { CheckContext } from '../requirement.js';
import { isUnavailable } from '../steps/signals.js';
import { sharedOrUnknownClient } from './raw-requests.js';

interface ServerPage {
  readonly what: 'error' | 'login' | 'consent';
  readonly page: PageSnapshot;
}

const REQUESTS: readonly (readonly [ServerPage['what'], AuthorizationOptions])[] = [
  ['error', { as: 'nobody', params: { client_id: 'no-such-client' }, note: 'an unknown client' }],
  ['login', { as: 'nobody', note: 'a browser without a session' }],
  ['consent', { as: 'first', params: { prompt: 'consent' }, note: 'asking for consent' }],
];

/** Pages that can't be had are left out, with a remark; so are those of another server, such as an identity provider. */
export async function serverPages(
  { flow, target }: Pick<CheckContext, 'flow' | 'target'>,
  remark: (text: string) => void,
): Promise<readonly ServerPage[]> {
  if (!('token_endpoint_auth_method' in (await sharedOrUnknownClient(flow)))) return [];
  const own = [target.issuer, flow.endpoint('authorization')].map((url) => new URL(url).origin);
  const pages: ServerPage[] = [];
  for (const [what, options] of REQUESTS) {
    try {
      const answer = await flow.authorize({ ...options, decide: 'stop' });
      if (answer.kind === 'redirected') remark(`There is no ${what} page: the request was answered at once.`);
      else if (!own.includes(new URL(answer.page.url).origin))
        remark(`The ${what} page is on another server.`);
      else if (!isKind(answer.page, what)) remark(`The request for a ${what} page ended at another page.`);
      else pages.push({ what, page: answer.page });
    } catch (signal) {
      if (!isUnavailable(signal) && !(signal instanceof NotApplicable)) throw signal;
      remark(`There is no ${what} page to look at: ${signal instanceof Error ? signal.message : ''}`);
    }
  }
  return pages;
}

function isKind({ kind }: PageSnapshot, what: ServerPage['what']): boolean {
  if (what === 'consent') return kind === 'consent' || kind === 'organization';
  // An error page that a user reads need not be understood as one.
  return what === 'error' ? kind === 'error' || kind === 'unknown' : kind === what;
}
