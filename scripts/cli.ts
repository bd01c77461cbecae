#!/usr/bin/env node
/** The program's entry. Signals are answered before anything else is loaded; the rest is in main.ts. */
import './early-signals.js';
import { keepCompiledCode } from './compile-cache.js';
import { explainLoadFailure } from './machine-limits.js';

keepCompiledCode();
try {
  await import('./main.js');
} catch (problem) {
  // Part of the program cannot be loaded, so what would say this properly may be missing too.
  const limit = explainLoadFailure(problem);
  const said = (problem instanceof Error ? problem.message : String(problem)).split('\n')[0] ?? '';
  process.stderr.write(
    `${limit ?? `Something is wrong with this installation of polar-conformance: ${said}. Reinstall it.`}\n`,
  );
  process.exitCode = limit === null ? 70 : 3;
}
