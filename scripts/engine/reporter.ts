/**
 * The reporter inside the engine. It prints nothing: results go to the command over the channel, or, where
 * Playwright was started by hand, to a report at the end.
 */
import type { FullResult, Reporter, TestCase, TestError, TestResult } from '@playwright/test/reporter';
import { readRun } from '../../suites/run-file.js';
import { removeFolder } from '../run/private-folder.js';
import { type Message, tell } from './messages.js';
import { resultOf } from './result-of.js';

export default class EngineReporter implements Reporter {
  /** Without a parent: everything, for the report at the end. */
  readonly #kept: Message[] = [];
  readonly #alone = process.send === undefined;
  #told: Promise<void> = Promise.resolve();

  constructor() {
    // A parent that dies without a word must not leave browsers behind.
    if (!this.#alone) process.once('disconnect', endAlone);
  }

  printsToStdio(): boolean {
    return true;
  }

  onTestBegin(test: TestCase): void {
    this.#say({ type: 'start', id: test.title });
  }

  onTestEnd(test: TestCase, result: TestResult): void {
    const message = resultOf(test.title, result);
    if (message !== null) this.#say(message);
  }

  onError(error: TestError): void {
    this.#say({ type: 'trouble', text: error.stack ?? error.message ?? error.value ?? 'unknown' });
  }

  async onEnd(full: FullResult): Promise<{ status?: FullResult['status'] } | undefined> {
    if (!this.#alone) {
      await this.#told;
      return undefined;
    }
    const { reportAlone } = await import('./alone.js');
    return reportAlone(this.#kept, full);
  }

  #say(message: Message): void {
    if (this.#alone) this.#kept.push(message);
    else this.#told = tell(message);
  }
}

/** Nobody is left to clear up after us. */
function endAlone(): void {
  const run = readRun();
  if (run !== null) process.once('exit', () => removeFolder(run.folder));
  process.kill(process.pid, 'SIGINT');
}
