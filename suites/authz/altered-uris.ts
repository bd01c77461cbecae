/** Redirect URIs that differ from a registered one in a single part; made from the string, nothing is normalized. */

export interface AlteredUri {
  readonly uri: string;
  /** For the sentence: 'a request whose redirect_uri has …'. */
  readonly what: string;
}

interface Parts {
  /** `https://app.example.com:8443`, or `com.example.app:` */
  readonly origin: string;
  readonly path: string;
  readonly query: string;
}

function splitUri(uri: string): Parts {
  const [, origin = '', path = '', query = ''] =
    /^([a-z][a-z0-9+.-]*:(?:\/\/[^/?#]*)?)([^?#]*)(.*)$/i.exec(uri) ?? [];
  return { origin, path, query };
}

/** RFC 9700 section 2.1: prefixes, segments, letter case, traversals and encodings are all another string. */
export function withOtherPath(registered: string): readonly AlteredUri[] {
  const { origin, path, query } = splitUri(registered);
  const folder = path.endsWith('/') ? path : `${path}/`;
  const letter = /[a-z0-9]/i.exec(path);
  const paths = [
    `${folder}extra`,
    `${folder}../evil`,
    ...(path.length > 1
      ? [`${path};x=1`, `${path}/`, path.slice(0, -1), path.toUpperCase(), `${path}%2f..%2fevil`]
      : []),
    ...(letter === null ? [] : [replaceAt(path, letter.index, percentEncode(letter[0]))]),
    // As a regular expression, a dot stands for any character.
    ...(path.includes('.') ? [path.replace('.', 'x')] : []),
  ];
  return paths
    .map((other) => ({
      uri: `${origin}${other}${query}`,
      what: `a request whose redirect_uri has the path ${other} instead of ${path}`,
    }))
    .filter((altered) => isDifferent(altered, registered));
}

/**
 * Another scheme, host or port. Ports of loopback hosts stay, as RFC 8252 section 7.3 lets a server ignore
 * them; the default port is never written out, as any URL parser drops it.
 */
export function withOtherOrigin(registered: string): readonly AlteredUri[] {
  if (!URL.canParse(registered)) return [];
  const { protocol, host, hostname, port } = new URL(registered);
  if (protocol !== 'https:' && protocol !== 'http:') return [];
  const { path, query } = splitUri(registered);
  const loopback = /^(localhost|127\.[\d.]+|\[::1\])$/.test(hostname);
  const origins = [
    ...(protocol === 'https:' ? [`http://${host}`] : []),
    `${protocol}//sub.${host}`,
    // As a regular expression, a dot stands for any character.
    ...(loopback ? [] : [`${protocol}//${host.replace('.', 'x')}`]),
    `${protocol}//${hostname}.evil.example`,
    ...(loopback ? [] : [`${protocol}//${hostname}:${port === '8443' ? '9443' : '8443'}`]),
    `${protocol}//${hostname}@evil.example`,
  ];
  return origins
    .map((other) => ({
      uri: `${other}${path}${query}`,
      what: `a request whose redirect_uri begins with ${other} instead of ${protocol}//${host}`,
    }))
    .filter((altered) => isDifferent(altered, registered));
}

/**
 * The query added to, left out or changed.
 * @param allKnown whether all registered URIs are known: if not, the one without the query may be another of them
 */
export function withOtherQuery(registered: string, allKnown: boolean): readonly AlteredUri[] {
  const [base = '', query] = registered.split('?');
  if (query === undefined) {
    return ['?x=1', '?'].map((added) => ({
      uri: `${base}${added}`,
      what: `a request whose redirect_uri has ${added} in addition`,
    }));
  }
  const added = { uri: `${registered}&x=1`, what: 'a request whose redirect_uri has &x=1 in addition' };
  if (!allKnown) return [added];
  return [
    added,
    { uri: base, what: `a request whose redirect_uri lacks the registered ?${query}` },
    {
      uri: `${base}?${query.replace(/=[^&]*/, '=2')}`,
      what: `a request whose redirect_uri has another value in the registered ?${query}`,
    },
    {
      uri: `${base}?${query.split('&').toReversed().join('&')}`,
      what: `a request whose redirect_uri has the parameters of ?${query} in another order`,
    },
  ].filter((altered) => isDifferent(altered, registered));
}

/** What a URL parser cannot read is no place that a browser could be sent to. */
function isDifferent({ uri }: AlteredUri, registered: string): boolean {
  return uri !== registered && URL.canParse(uri);
}

function percentEncode(character: string): string {
  return `%${character.charCodeAt(0).toString(16)}`;
}

function replaceAt(text: string, index: number, by: string): string {
  return text.slice(0, index) + by + text.slice(index + 1);
}
