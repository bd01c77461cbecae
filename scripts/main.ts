/**
 * The command line. Commands are loaded when they are called, so that help is quick, and Playwright never
 * enters this process for `run`: the engine is a process of its own.
 */
import yargs from 'yargs';
import { createCommandLine } from './command-line.js';
import { flushAndExit, reportProblem } from './exit.js';
import { createScreen } from './screen.js';
import { packageVersion } from './version.js';

const screen = createScreen();
const words = process.argv.slice(2);
let code = 0;
// What fails beside the work that is waited for would end in a stack trace otherwise.
process.on(
  'uncaughtException',
  (problem) => void flushAndExit(reportProblem(problem, words, screen), screen),
);
try {
  await createCommandLine(yargs(words), words, await versionText(), screen, (ended) => {
    code = ended;
  }).parseAsync();
} catch (problem) {
  code = reportProblem(problem, words, screen);
}
await flushAndExit(code, screen);

/** The catalog is loaded for its version only where somebody asks for it. */
async function versionText(): Promise<string> {
  return words.includes('--version') ? (await import('./tool.js')).describeVersion() : packageVersion();
}
