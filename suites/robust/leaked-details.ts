/** Tells from the text of an error whether it shows the inside of the server. */
import { stripMarkup } from '../../fixtures/output/strip-markup.js';

interface LeakedDetails {
  /** What it is, as the object of a sentence. */
  readonly kind: string;
  readonly excerpt: string;
}

const EXCERPT = 120;

/**
 * Looked for everywhere: frames also stand in scripts of development pages. Each part has a most length, because a long
 * body without the end of a pattern would be searched again from each of its characters.
 */
const FRAMES: readonly RegExp[] = [
  /\bat (?:async )?[\w.$<>[\] ]{0,200}\(?(?:file:\/\/|node:|[A-Z]:\\|\/)[^\s()]{0,500}:\d+:\d+\)?/,
  /Traceback \(most recent call last\)/,
  /\bFile "[^"]{1,500}", line \d+/,
  /\bat [\w.$]{1,300}\([\w$]{1,200}\.(?:java|kt|scala):\d+\)/,
  /\bat [\w.`<>]{1,300}\([^)]{0,300}\) in \S{1,500}\.cs:line \d+/,
  /\bgoroutine \d{1,20} \[\w{1,40}\]:/,
  /#\d{1,9} \/\S{1,500}\.php\(\d+\)/,
  /(?<!\S)\S*?\.rb:\d{1,9}:in [`']/,
];

const SQL: readonly RegExp[] = [
  /\bSELECT\s[\s\S]{1,400}?\sFROM\s+["`\w]/,
  /\bINSERT INTO\s+["`\w]+/,
  /\bUPDATE\s+["`\w.]+\s+SET\s/,
  /\bDELETE FROM\s+["`\w]+/,
  /\bSQLSTATE\b|\bORA-\d{5}\b|\bsqlalchemy\.|\bpsycopg2?\.|\basyncpg\.|\bPG::\w+/,
];

const DEBUG_PAGES: readonly RegExp[] = [
  /Werkzeug Debugger|Werkzeug powered traceback/i,
  /because you have <code>DEBUG = True/,
  /<title>Action Controller: Exception caught/,
  /Whoops\\|Symfony Exception|Illuminate\\\w+/,
  /Unhandled Runtime Error/,
];

/** Absolute paths, looked for in what is neither attribute nor script: there they are addresses of the site. */
const PATHS: readonly RegExp[] = [
  /(?:^|[\s"'(=,:])\/(?:usr|home|app|var|opt|root|srv|etc|Users|workspace)\/[\w@.-]+(?:\/[\w@.-]+)*/m,
  /\bnode_modules\/|\bsite-packages\/|\bdist-packages\//,
  /(?:^|[\s"'(=])[A-Z]:\\{1,2}\w+\\/m,
];

/**
 * @param sent what the request contained: that much the client knew
 * @returns the first thing found, or null
 */
export function findLeakedDetails(body: string, sent: readonly string[]): LeakedDetails | null {
  const unknown = sent.reduce((text, one) => (one.length < 4 ? text : text.replaceAll(one, ' ')), body);
  const visible = stripMarkup(unknown).replace(/\bhttps?:\/\/[^\s"'<>]*/gi, ' ');
  return (
    findFirst(FRAMES, unknown, 'a stack trace') ??
    findFirst(SQL, visible, 'SQL') ??
    findFirst(DEBUG_PAGES, unknown, 'the debug page of a framework') ??
    findFirst(PATHS, visible, 'a file path of the server')
  );
}

function findFirst(patterns: readonly RegExp[], text: string, kind: string): LeakedDetails | null {
  for (const pattern of patterns) {
    const found = pattern.exec(text)?.[0];
    if (found !== undefined) return { kind, excerpt: found.trim().slice(0, EXCERPT) };
  }
  return null;
}
