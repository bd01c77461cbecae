/**
 * The command line. Commands are loaded when they are called, so that help is quick, and Playwright never
 * enters this process for `run`: the engine that uses a browser is a process of its own.
 */
import { flushAndExit, reportProblem } from './exit.js';
import { runCommandLine } from './run-command-line.js';
import { createScreen } from './screen.js';
import { handleUncaught } from './uncaught.js';

const screen = createScreen();
const words = process.argv.slice(2);
// What fails beside the work that is waited for would end in a stack trace otherwise.
handleUncaught((problem) => void flushAndExit(reportProblem(problem, words, screen), screen));
await flushAndExit(await runCommandLine(words, screen), screen);
