/**
 * Newer versions of Node keep what they compiled for the next start, which then takes about half the time. It's in the
 * package's own folder: whoever can write there can change the program anyway. Elsewhere, nothing happens.
 */
import module from 'node:module';
import { fileURLToPath } from 'node:url';

const FOLDER = fileURLToPath(new URL('../../node_modules/.cache/polar-conformance', import.meta.url));

/** Node reads this variable when a process starts. */
const VARIABLE = 'NODE_COMPILE_CACHE';

/** For everything that this process loads from now on. */
export function keepCompiledCode(): void {
  const enable: unknown = Reflect.get(module, 'enableCompileCache');
  if (typeof enable === 'function') Reflect.apply(enable, module, [FOLDER]);
}

/** @returns the same for a process that is started, as variables of its environment */
export function compiledCodeVariables(): NodeJS.ProcessEnv {
  return { [VARIABLE]: process.env[VARIABLE] ?? FOLDER };
}
