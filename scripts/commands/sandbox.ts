/** `sandbox`: the reference server alone, until a signal ends it. */
import { UsageError } from '../../fixtures/errors.js';
import { Interrupts } from '../run/interruption.js';
import type { RunningSandbox } from '../run/sandbox.js';
import { startSandbox } from '../run/sandbox.js';
import type { Screen } from '../screen.js';

export interface SandboxOptions {
  /** 0 takes a free one. */
  readonly port: number;
  readonly defects: readonly string[];
  /** One line of JSON: the target file for this server. */
  readonly json: boolean;
}

/** @returns the exit code: 0, since being ended by a signal is how this command ends */
export async function sandbox(options: SandboxOptions, screen: Screen): Promise<number> {
  if (!Number.isInteger(options.port) || options.port < 0 || options.port > 65535) {
    throw new UsageError('--port must be a whole number from 0 to 65535.');
  }
  const interrupts = new Interrupts();
  const running = await startListening(options);
  try {
    if (options.json) screen.print(`${JSON.stringify(running.settings)}\n`);
    else for (const line of describeSandbox(running, options)) screen.print(`${line}\n`);
    await new Promise<void>((resolve) => interrupts.onSignal(resolve));
    return 0;
  } finally {
    await running.close();
    interrupts.release();
  }
}

async function startListening({ defects, port }: SandboxOptions): Promise<RunningSandbox> {
  try {
    return await startSandbox(defects, port);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : '';
    if (code === 'EADDRINUSE') throw new UsageError(`Port ${port} is in use; --port 0 picks a free one.`);
    if (code === 'EACCES') throw new UsageError(`Port ${port} can’t be used by this user.`);
    throw error;
  }
}

function describeSandbox(
  { issuer, settings }: RunningSandbox,
  { defects }: SandboxOptions,
): readonly string[] {
  const users = Object.values(settings.users ?? {}).flatMap(({ username, password }) =>
    username === undefined || password === undefined ? [] : [`${username} with the password ${password}`],
  );
  return [
    `The sandbox listens at ${issuer}`,
    `Its configuration: ${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`,
    ...users.map((user) => `Signs in: ${user}`),
    ...defects.map((id) => `Deviates on purpose: ${id}`),
    'Press Ctrl-C to stop it.',
  ];
}
