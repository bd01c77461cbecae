/** A minimal browser for the sandbox's pages: cookies, redirects, sign-in and consent forms. */

export interface Decision {
  readonly answer?: 'allow' | 'deny';
  /** The id of the organization to choose; by default the first, and none for an empty string. */
  readonly organization?: string | null;
  /** Stops before the last redirect is followed, so that the relying party doesn't get it. */
  readonly stop?: boolean;
}

const ALICE = { username: 'alice@example.com', password: 'alice-in-the-sandbox' };
const STEPS = 12;

export class Browser {
  /** By origin, then by name. */
  readonly #cookies = new Map<string, Map<string, string>>();

  /** @param server the origin of the authorization server */
  constructor(
    private readonly headers: Readonly<Record<string, string>>,
    private readonly limitMs: number,
    private readonly server: string,
  ) {}

  /**
   * Follows redirects and submits forms until it leaves the server or there is no form left.
   * @param start a URL at the server, or at an app that redirects there
   * @returns where it ended
   */
  async visit(start: string, decision: Decision): Promise<URL> {
    let wasThere = false;
    let url = new URL(start);
    let fields: URLSearchParams | null = null;
    for (let step = 0; step < STEPS; step += 1) {
      wasThere ||= url.origin === this.server;
      if (wasThere && url.origin !== this.server) {
        if (decision.stop !== true) await this.#call(url);
        return url;
      }
      const response: Response = await this.#send(url, fields);
      const location = response.headers.get('location');
      if (location !== null) {
        url = new URL(location, url);
        fields = null;
        continue;
      }
      // A page that rejected the last form would reject it again.
      const form = response.ok ? formOf(await response.text(), decision) : null;
      if (form === null) return url;
      url = new URL(form.action, url);
      fields = form.fields;
    }
    throw new Error('The pages redirect in a loop.');
  }

  /**
   * Opens a URL at an app and follows its redirects within the app.
   * @returns the last status; null if nothing listens there
   */
  async arrive(start: URL): Promise<number | null> {
    let url = start;
    for (let step = 0; step < STEPS; step += 1) {
      const response = await this.#send(url, null).catch(() => null);
      if (response === null) return null;
      // Wait for everything the app does before it responds.
      await response.arrayBuffer();
      const location = response.headers.get('location');
      const next = location === null ? null : new URL(location, url);
      if (next === null || next.origin !== start.origin) return response.status;
      url = next;
    }
    return null;
  }

  /** Signs in, fetches a page and submits its form. */
  async submit(page: string, fill: (fields: URLSearchParams) => void): Promise<Response> {
    let response = await this.#send(new URL(page), null);
    for (let step = 0; step < STEPS; step += 1) {
      const location = response.headers.get('location');
      if (location !== null) {
        response = await this.#send(new URL(location, page), null);
        continue;
      }
      const html = await response.text();
      const form = formOf(html, {});
      if (form === null) throw new Error('The page has no form.');
      const fields = form.fields;
      const login = fields.has('password');
      if (!login) fill(fields);
      response = await this.#send(new URL(form.action, page), fields);
      if (!login) return response;
    }
    throw new Error('The pages redirect in a loop.');
  }

  async #send(url: URL, fields: URLSearchParams | null): Promise<Response> {
    const response = await fetch(url, {
      method: fields === null ? 'GET' : 'POST',
      headers: {
        accept: 'text/html',
        'user-agent': 'Mozilla/5.0',
        ...this.headers,
        ...this.#cookiesFor(url),
        ...(fields === null ? {} : { origin: url.origin }),
      },
      body: fields,
      redirect: 'manual',
      signal: AbortSignal.timeout(this.limitMs),
    });
    const cookies = this.#cookies.get(url.origin) ?? new Map<string, string>();
    for (const line of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=;]+)=([^;]*)/.exec(line) ?? [];
      cookies.set(name, value);
    }
    this.#cookies.set(url.origin, cookies);
    return response;
  }

  #cookiesFor({ origin }: URL): Readonly<Record<string, string>> {
    const pairs = [...(this.#cookies.get(origin) ?? [])].map(([name, value]) => `${name}=${value}`);
    return pairs.length === 0 ? {} : { cookie: pairs.join('; ') };
  }

  /** The relying party may not be running: the code is in the URL anyway. */
  async #call(url: URL): Promise<void> {
    try {
      const response = await fetch(url, {
        headers: { accept: 'text/html', ...this.headers, ...this.#cookiesFor(url) },
        redirect: 'manual',
        signal: AbortSignal.timeout(this.limitMs),
      });
      // Wait for everything the app does before it responds.
      await response.arrayBuffer();
    } catch {
      // Nothing listens there.
    }
  }
}

interface Form {
  readonly action: string;
  readonly fields: URLSearchParams;
}

/** Reads the sandbox's own forms, whose markup we know: hidden fields are sent back unchanged. */
function formOf(html: string, { answer = 'allow', organization = null }: Decision): Form | null {
  const action = /<form method="post" action="([^"]*)"/.exec(html)?.[1];
  if (action === undefined) return null;
  const fields = new URLSearchParams();
  for (const [, name = '', value = ''] of html.matchAll(
    /<input type="hidden" name="([^"]*)" value="([^"]*)"/g,
  )) {
    fields.set(name, unescaped(value));
  }
  if (html.includes('type="password"')) {
    for (const [name, value] of Object.entries(ALICE)) fields.set(name, value);
  }
  if (html.includes('name="decision"')) fields.set('decision', answer);
  const choice = /<input type="radio" name="organization" value="([^"]*)"/.exec(html)?.[1];
  if (choice !== undefined) fields.set('organization', organization ?? unescaped(choice));
  return { action: unescaped(action), fields };
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&amp;': '&',
  '&lt;': '<',
  '&gt;': '>',
  '&quot;': '"',
  '&#39;': "'",
};

const unescaped = (text: string): string =>
  text.replace(/&(?:amp|lt|gt|quot|#39);/g, (entity) => ENTITIES[entity] ?? entity);
