/** The pages of the server itself, each looked at once: error page, login page and, with a user, consent page. */
import type { AuthorizationOutcome, PageSnapshot } from '../../fixtures/flow/types.js';
import { Blocked, NotApplicable, NotTested } from '../../fixtures/verdict.js';
import type { CheckContext } from '../requirement.js';
import { sharedOrUnknownClient } from './raw-requests.js';

interface ServerPage {
  readonly what: 'error' | 'login' | 'consent';
  readonly page: PageSnapshot;
}

/** Pages that cannot be had are left out, with a remark; so are those of another server, such as an identity provider. */
export async function serverPages(
  { flow, target }: Pick<CheckContext, 'flow' | 'target' | 'users'>,
  remark: (text: string) => void,
): Promise<readonly ServerPage[]> {
  const known = 'token_endpoint_auth_method' in (await sharedOrUnknownClient(flow));
  const own = [target.issuer, flow.endpoint('authorization')].map((url) => new URL(url).origin);
  const pages: ServerPage[] = [];
  const look = async (what: ServerPage['what'], open: () => Promise<AuthorizationOutcome>) => {
    const answer = await answerOrReason(open);
    if (typeof answer === 'string') remark(`There is no ${what} page to look at: ${answer}`);
    else if (answer.kind === 'redirected')
      remark(`There is no ${what} page: the request was answered at once.`);
    else if (!own.includes(new URL(answer.page.url).origin)) remark(`The ${what} page is on another server.`);
    else if (!isKind(answer.page, what)) remark(`The request for a ${what} page ended at another page.`);
    else pages.push({ what, page: answer.page });
  };
  if (known) {
    const params = { client_id: 'no-such-client' };
    await look('error', () =>
      flow.authorize({ as: 'nobody', params, decide: 'stop', note: 'an unknown client' }),
    );
    await look('login', () =>
      flow.authorize({ as: 'nobody', decide: 'stop', note: 'a visitor without session' }),
    );
    await look('consent', () =>
      flow.authorize({
        as: 'first',
        params: { prompt: 'consent' },
        decide: 'stop',
        note: 'asking for consent',
      }),
    );
  }
  return pages;
}

function isKind({ kind }: PageSnapshot, what: ServerPage['what']): boolean {
  if (what === 'consent') return kind === 'consent' || kind === 'organization';
  // An error page that a user reads need not be understood as one.
  return what === 'error' ? kind === 'error' || kind === 'unknown' : kind === what;
}

async function answerOrReason(
  open: () => Promise<AuthorizationOutcome>,
): Promise<AuthorizationOutcome | string> {
  try {
    return await open();
  } catch (signal) {
    if (signal instanceof NotTested || signal instanceof Blocked || signal instanceof NotApplicable) {
      return signal.message;
    }
    throw signal;
  }
}
