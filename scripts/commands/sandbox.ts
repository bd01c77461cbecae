/** `sandbox`: a strict identity provider for an app's own tests, until a signal ends it. */
import { createPrivateKey, X509Certificate } from 'node:crypto';
import { existsSync, statSync } from 'node:fs';
import { UsageError } from '../../fixtures/errors.js';
import { assertReplaceable } from '../../fixtures/output/place.js';
import { explainWriteError } from '../../fixtures/output/write-file.js';
import {
  ConfigurationError,
  ConflictingDeviations,
  createSandbox,
  explainExchange,
  type ListenOptions,
  loadKeys,
  type Sandbox,
  type SandboxConfiguration,
} from '../../fixtures/sandbox/index.js';
import { onParentEnd } from '../parent-end.js';
import { Interrupts } from '../run/interruption.js';
import { findDeviation } from '../run/sandbox.js';
import { readConfiguration, readText } from '../sandbox-configuration.js';
import type { SandboxFlags } from '../sandbox-flags.js';
import type { Screen } from '../screen.js';

export interface SandboxOptions extends SandboxFlags {
  /** A configuration file. */
  readonly file: string | undefined;
  /** 0 takes a free one. */
  readonly port: number;
  readonly host: string | undefined;
  readonly keys: string | undefined;
  readonly tlsCert: string | undefined;
  readonly tlsKey: string | undefined;
  readonly defects: readonly string[];
  /** Control over HTTP, also where others can reach it. */
  readonly control: boolean;
  /** Print each request, and for a refusal the rule. */
  readonly explain: boolean;
  /** Print one line of JSON when it is ready, and end with the process that started it. */
  readonly json: boolean;
  /** Go on when the process that started it ends. */
  readonly keep: boolean;
}

/** @returns the exit code: 0, since being ended by a signal is how this command ends */
export async function sandbox(options: SandboxOptions, screen: Screen): Promise<number> {
  if (!Number.isInteger(options.port) || options.port < 0 || options.port > 65535) {
    throw new UsageError('--port must be a whole number from 0 to 65535.');
  }
  if (options.keep && !options.json)
    throw new UsageError('--keep goes with --json; without --json, nothing ends it.');
  const configuration = readConfiguration(options.file, options);
  const served = await create(options, configuration, screen);
  const interrupts = new Interrupts();
  const { issuer, close } = await startListening(options, served);
  try {
    const lines = options.json
      ? [JSON.stringify(describeReady(issuer, served, configuration))]
      : describe(issuer, served, configuration, options);
    for (const line of lines) screen.print(`${line}\n`);
    await new Promise<void>((resolve) => {
      interrupts.onSignal(resolve);
      if (options.json && !options.keep) onParentEnd(resolve);
    });
    return 0;
  } finally {
    await close();
    interrupts.release();
  }
}

async function create(
  { defects, explain, keys, host, control, json }: SandboxOptions,
  configuration: SandboxConfiguration,
  screen: Screen,
): Promise<Sandbox> {
  const onExchange = async (exchange: Parameters<typeof explainExchange>[0]) => {
    for (const line of await explainExchange(exchange)) {
      // A program reads one line of standard output, and would block us by not reading more.
      if (json) screen.note(line);
      else screen.print(`${line}\n`);
    }
  };
  try {
    return createSandbox({
      ...configuration,
      deviations: [...new Set(defects)].map(findDeviation),
      // On an address other than loopback, anyone who reaches it could change everything.
      control: host === undefined || control,
      aging: host === undefined || control,
      ...(keys === undefined ? {} : { keys: await readKeys(keys) }),
      ...(explain ? { onExchange } : {}),
    });
  } catch (problem) {
    if (problem instanceof ConflictingDeviations) {
      throw new UsageError(`These cannot be in force at once: ${problem.message.replace(/\.$/, '')}.`);
    }
    if (problem instanceof ConfigurationError) throw new UsageError(problem.message);
    throw problem;
  }
}

/** @throws UsageError for a path where no keys can be kept */
async function readKeys(path: string): ReturnType<typeof loadKeys> {
  // An existing file may well be read-only.
  if (existsSync(path)) assertFile(path);
  else assertReplaceable(path, '--keys');
  try {
    return await loadKeys(path);
  } catch (problem) {
    if (problem instanceof Error && problem.message.startsWith(path)) throw new UsageError(problem.message);
    throw new UsageError(`--keys: ${path} can't be used: ${explainWriteError(problem)}.`);
  }
}

function assertFile(path: string): void {
  if (!statSync(path).isFile()) throw new UsageError(`--keys: ${path} isn't a file.`);
}

async function startListening(
  { port, host, tlsCert, tlsKey }: SandboxOptions,
  served: Sandbox,
): ReturnType<Sandbox['listen']> {
  if ((tlsCert === undefined) !== (tlsKey === undefined)) {
    throw new UsageError('https needs both --tls-cert and --tls-key.');
  }
  const tls = tlsCert === undefined || tlsKey === undefined ? {} : { tls: readTls(tlsCert, tlsKey) };
  try {
    return await served.listen({ port, ...(host === undefined ? {} : { host }), ...tls });
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : '';
    if (code === 'EADDRINUSE') throw new UsageError(`Port ${port} is in use; --port 0 picks a free one.`);
    if (code === 'EACCES') throw new UsageError(`Port ${port} may not be used by this user.`);
    if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND')
      throw new UsageError(`This machine has no address ${host}.`);
    throw error;
  }
}

/** @throws UsageError unless the files are a certificate and its private key */
function readTls(certFile: string, keyFile: string): NonNullable<ListenOptions['tls']> {
  const [cert, key] = [readText(certFile), readText(keyFile)];
  const certificate = parse(
    () => new X509Certificate(cert),
    `--tls-cert: ${certFile} is not a PEM certificate.`,
  );
  const privateKey = parse(() => createPrivateKey(key), `--tls-key: ${keyFile} is not a PEM private key.`);
  if (!certificate.checkPrivateKey(privateKey)) {
    throw new UsageError(`--tls-key: ${keyFile} is not the private key of the certificate in ${certFile}.`);
  }
  return { cert, key };
}

function parse<Parsed>(read: () => Parsed, problem: string): Parsed {
  try {
    return read();
  } catch {
    throw new UsageError(problem);
  }
}

/** The ready line for programs: what a test needs to know, and the target file for a run. */
function describeReady(
  issuer: string,
  served: Sandbox,
  { clients = [] }: SandboxConfiguration,
): Readonly<Record<string, unknown>> {
  const { users } = served.snapshot();
  return {
    ready: true,
    issuer,
    control: `${issuer}/_sandbox`,
    users: users.map(({ id, username, password }) => ({ sub: id, username, password })),
    clients,
    loosened: served.loosened,
    ...(users.length < 2 ? {} : { target: served.target() }),
  };
}

function describe(
  issuer: string,
  served: Sandbox,
  { clients = [] }: SandboxConfiguration,
  { defects, host }: SandboxOptions,
): readonly string[] {
  const { users } = served.snapshot();
  const example = JSON.stringify({
    client_name: 'My app',
    redirect_uris: ['http://localhost:3000/callback'],
  });
  return [
    `The sandbox listens at ${issuer}`,
    `  configuration  ${issuer}/.well-known/openid-configuration`,
    ...(host === undefined ? [`  live page      ${issuer}/_sandbox/`] : []),
    ...users.map(({ username, password }) => `  user           ${username}, password ${password}`),
    ...clients.map(({ client_id, client_secret, redirect_uris = [] }) =>
      [
        `  client         ${client_id}`,
        client_secret === undefined ? 'public' : `secret ${client_secret}`,
        ...redirect_uris,
      ].join(', '),
    ),
    ...(clients.length > 0
      ? []
      : [
          'It has no client yet. Give it one with --client id:secret:redirect_uri, or register one:',
          `  curl -s ${issuer}/v1/oauth2/register -H 'content-type: application/json' -d '${example}'`,
        ]),
    ...served.loosened.map((how) => `Less strict than Polar: ${how}`),
    ...defects.map((id) => `Breaks on purpose: ${id}`),
    ...(host === undefined
      ? []
      : [`Everyone who can reach ${host} can use it. Don't put real secrets in it.`]),
    'Press Ctrl-C to stop.',
  ];
}
