/** Chooses the ports: the saved ones if they are free, so that the learner's own app keeps its configuration. */
import { UsageError } from '../../fixtures/errors.js';
import { listenOnLoopback } from '../../fixtures/sandbox/listen.js';
import type { Saved } from '../tutorial-options.js';

type Ports = Saved['ports'];

export interface ChosenPorts {
  readonly ports: Ports;
  /** Saved ports that another program is using. */
  readonly taken: readonly number[];
}

/**
 * @param saved 0 where none was saved
 * @param wanted the page's port that the learner asked for; a UsageError if it isn't available
 */
export async function choosePorts(saved: Ports, wanted: number | null): Promise<ChosenPorts> {
  if (wanted !== null && wanted !== 0) {
    const problem = await problemAt(wanted);
    if (problem === 'EACCES') throw new UsageError(`You don’t have permission to use port ${wanted}.`);
    if (problem !== null) throw new UsageError(`Port ${wanted} is in use. Use --port 0 for any free port.`);
  }
  const taken: number[] = [];
  const kept = async (port: number): Promise<number> => {
    if (port === 0) return freePort();
    if ((await problemAt(port)) === null) return port;
    taken.push(port);
    return freePort();
  };
  const page = wanted === null ? await kept(saved.page) : wanted === 0 ? await freePort() : wanted;
  let issuer = saved.issuer === page ? await freePort() : await kept(saved.issuer);
  while (issuer === page) issuer = await freePort();
  return { ports: { issuer, page }, taken };
}

async function freePort(): Promise<number> {
  const { port, close } = await listenOnLoopback(() => new Response(null), 0);
  await close();
  return port;
}

/** @returns the system's error code for why nothing can listen there; null if the port is free */
async function problemAt(port: number): Promise<string | null> {
  try {
    await (await listenOnLoopback(() => new Response(null), port)).close();
    return null;
  } catch (problem) {
    return problem instanceof Error && 'code' in problem ? String(problem.code) : 'unknown';
  }
}
