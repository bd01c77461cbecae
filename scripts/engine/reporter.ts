/**
 * The reporter inside the engine. It prints nothing: results go to the command over the channel or, if Playwright was
 * started by hand, into a report at the end.
 */
import { dirname } from 'node:path';
import type { FullResult, Reporter, TestCase, TestError, TestResult } from '@playwright/test/reporter';
import { parseExchangeLine } from '../../suites/exchange-line.js';
import { REPORTER_VARIABLE, RUN_VARIABLE } from '../../suites/run-file.js';
import { type Message, sendMessage } from './messages.js';
import { endWithCommand } from './orphan.js';
import { toMessages } from './test-result.js';

export default class EngineReporter implements Reporter {
  /** If there is no parent process: everything, for the report at the end. */
  readonly #messages: Message[] = [];
  readonly #isStandalone = process.env[RUN_VARIABLE] === undefined;
  #sent: Promise<void> = Promise.resolve();

  constructor() {
    // Workers inherit it: with our reporter, a failed requirement is visible even if no test fails.
    process.env[REPORTER_VARIABLE] = 'yes';
    const runFile = process.env[RUN_VARIABLE];
    if (runFile !== undefined) endWithCommand(dirname(runFile));
  }

  printsToStdio(): boolean {
    return true;
  }

  onTestBegin(test: TestCase): void {
    for (const id of test.title.split(' ')) this.#say({ type: 'start', id });
  }

  onStdOut(chunk: string | Buffer): void {
    const exchange = parseExchangeLine(chunk.toString());
    if (exchange !== null) this.#say({ type: 'exchange', exchange });
  }

  onTestEnd(test: TestCase, result: TestResult): void {
    for (const message of toMessages(test.title, result)) this.#say(message);
  }

  onError(error: TestError): void {
    this.#say({ type: 'engine-error', text: error.stack ?? error.message ?? error.value ?? 'unknown' });
  }

  async onEnd(full: FullResult): Promise<{ status?: FullResult['status'] } | undefined> {
    if (!this.#isStandalone) {
      await this.#sent;
      return undefined;
    }
    const { reportStandalone: reportAlone } = await import('./standalone.js');
    return reportAlone(this.#messages, full);
  }

  #say(message: Message): void {
    if (this.#isStandalone) this.#messages.push(message);
    else this.#sent = sendMessage(message);
  }
}
