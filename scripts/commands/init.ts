/** `init`: writes a target file from what a server publishes, and says what each missing piece would let us judge. */
import { existsSync, readFileSync } from 'node:fs';
import { dirname, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Finding, sentenceOf } from '../../fixtures/preflight/finding.js';
import { reach } from '../../fixtures/preflight/reach.js';
import { CannotJudge, UsageError } from '../../fixtures/problem.js';
import { discoveryUrl, loadTarget } from '../../fixtures/target/load.js';
import type { ProfileName, Target, TargetSettings } from '../../fixtures/target/settings.js';
import { checkAuthority } from '../../fixtures/target/tls.js';
import { nearest } from '../../suites/plan/selection.js';
import { gainLines } from '../doctor/coverage.js';
import { gains, NECESSARY, type Piece, pieceNames, pieceOf, planned, withPiece } from '../doctor/pieces.js';
import { writeWhole } from '../report/files.js';
import { plain } from '../report/terminal/text.js';
import { profileOf } from '../run/options.js';
import type { Screen } from '../screen.js';

export interface InitOptions {
  readonly url: string;
  /** Without it, what the metadata says. */
  readonly profile: string | undefined;
  /** The file to write. */
  readonly out: string;
  /** Pieces to write though they are not necessary. */
  readonly pieces: readonly string[];
  readonly ca: string | undefined;
  readonly force: boolean;
}

const SCHEMA = fileURLToPath(new URL('../../fixtures/target/target.schema.json', import.meta.url));
const MEANS = { noBrowser: null };

/** @returns the exit code */
export async function init(options: InitOptions, screen: Screen): Promise<number> {
  const profile = options.profile === undefined ? undefined : profileOf(options.profile);
  const asked = options.pieces.map(named);
  const start = startOf(options, profile);
  if (!options.force && existsSync(options.out)) {
    throw new UsageError(
      `${options.out} is there already; --force replaces it, --out FILE writes another one.`,
    );
  }
  const target = await reached(start, screen);
  const known = fromDocument(start, target);
  const necessary = NECESSARY.map(pieceOf).filter(({ lacks }) => lacks(known));
  const settings = [...necessary, ...asked].reduce<TargetSettings>(withPiece, known.settings);
  writeWhole(options.out, `${JSON.stringify(written(settings, options), null, 2)}\n`);
  for (const line of told(options.out, { ...known, settings })) screen.print(`${plain(line)}\n`);
  return 0;
}

function named(setting: string): Piece {
  const found = pieceNames.find((name) => name === setting);
  if (found !== undefined) return pieceOf(found);
  throw new UsageError(`--with: there is no piece ${setting}.${nearest(setting, pieceNames)}`);
}

/** What is known before anything is sent. */
function startOf({ url, ca }: InitOptions, asked: ProfileName | undefined): TargetSettings {
  const profile = asked === undefined ? {} : { profile: asked };
  if (!/^https?:\/\//i.test(url)) throw new UsageError(`init takes a URL, which ${url} is not.`);
  const { issuer } = loadTarget(url);
  const { username, password, search, hash } = new URL(issuer);
  // It would stand in a file that people share.
  if (username !== '' || password !== '') throw new UsageError('The URL holds credentials: leave them out.');
  if (search !== '' || hash !== '') throw new UsageError('An issuer has neither query nor fragment.');
  if (ca === undefined) return { issuer, ...profile };
  const settings = { issuer, ...profile, tls: { ca: resolve(ca) } };
  checkAuthority(settings, '--ca');
  return settings;
}

/** Throws CannotJudge with the sentence of `doctor` when there is no document. */
async function reached(settings: TargetSettings, screen: Screen): Promise<Target> {
  const findings: Finding[] = [];
  const target = await reach(settings, (finding) => void findings.push(finding));
  const bad = findings.find(({ stops }) => stops) ?? findings.find(({ state }) => state === 'fault');
  if (target === null)
    throw new CannotJudge(bad === undefined ? 'There is no document.' : plain(sentenceOf(bad)));
  if (bad !== undefined) screen.aside(plain(sentenceOf(bad)));
  return target;
}

/** The issuer is the document's own: clients of this server know it by that name. */
function fromDocument({ tls }: TargetSettings, target: Target): Target {
  const { published: document, discoveryUrl: url } = target;
  const issuer =
    typeof document?.issuer === 'string' && isIssuer(document.issuer) ? document.issuer : target.issuer;
  const settings: TargetSettings = {
    name: new URL(issuer).host,
    issuer,
    profile: target.profile,
    ...(discoveryUrl({ issuer }) === url ? {} : { discovery: url }),
    ...apiOf(target, issuer, target.profile),
    ...(typeof document?.registration_endpoint === 'string' ? { registration: { as: 'anonymous' } } : {}),
    ...(tls === undefined ? {} : { tls }),
  };
  return { ...target, settings, name: settings.name ?? target.name, issuer };
}

/** A value that the schema of target files would refuse is not taken over. */
function isIssuer(text: string): boolean {
  return /^https?:\/\/[^\s/?#@]+[^\s?#]*$/.test(text) && URL.canParse(text);
}

/** Polar's API is where its token endpoint is. */
function apiOf({ document }: Target, issuer: string, profile: ProfileName | undefined): { api?: string } {
  const token = document?.token_endpoint;
  if (profile !== 'polar' || typeof token !== 'string' || !URL.canParse(token)) return {};
  const { origin } = new URL(token);
  return origin === new URL(issuer).origin ? {} : { api: origin };
}

/** Paths are written relative to the file, so that it can be shared with them. */
function written(settings: TargetSettings, { out }: InitOptions): TargetSettings {
  const folder = dirname(resolve(out));
  const path = (absolute: string) => {
    const way = relative(folder, absolute).replaceAll('\\', '/');
    return way.startsWith('.') ? way : `./${way}`;
  };
  const ca = settings.tls?.ca;
  return {
    $schema: path(SCHEMA),
    ...settings,
    ...(ca === undefined ? {} : { tls: { ca: path(ca) } }),
  };
}

function told(out: string, target: Target): readonly string[] {
  const variables = [...readFileSync(out, 'utf8').matchAll(/"\$([A-Z_]+)"/g)].map(([, name]) => name ?? '');
  const all = planned(target, MEANS);
  const judged = all.filter(({ ruling }) => ruling === null).length;
  const more = gains(target, MEANS);
  return [
    `Written: ${out}, for ${target.issuer} by profile ${target.profile}.`,
    ...(variables.length === 0
      ? []
      : [
          '',
          'Set these in the environment, or write what is no secret into the file:',
          ...variables.map((name) => `  ${name}`),
        ]),
    '',
    `Then ${judged} of ${all.length} requirements could be judged.`,
    ...(more.length === 0 ? [] : ['What more would let us judge, and how many more:', ...gainLines(more)]),
    '',
    `Next: npx polar-conformance doctor ${out}`,
  ];
}
