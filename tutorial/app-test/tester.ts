/** Runs the test of the learner's app, and keeps its exchanges apart from the lesson's. */
import type { Values } from '../lessons/values.js';
import type { ObservedExchange } from '../watcher/exchange.js';
import type { IdTokenFault } from './id-token-fault.js';
import { type AppTestResult, testApp } from './run.js';

export class AppTester {
  /** The exchanges of the app; null while no test is running. */
  #exchanges: ObservedExchange[] | null = null;
  #result: AppTestResult | null = null;

  /** @param settled resolves when every exchange so far has been observed */
  constructor(
    private readonly idTokens: IdTokenFault,
    private readonly settled: () => Promise<void>,
  ) {}

  /** Of the last test; null before one. */
  get result(): AppTestResult | null {
    return this.#result;
  }

  forget(): void {
    this.#result = null;
  }

  /** @returns whether a test is running, so that the exchange isn't the lesson's */
  takes(exchange: ObservedExchange, own: boolean): boolean {
    if (this.#exchanges === null) return false;
    if (!own) this.#exchanges.push(exchange);
    return true;
  }

  /** @param start the address that starts a sign-in; null for the app's own address */
  async run(start: string | null, { ISSUER = '', REDIRECT_URI = '', APP }: Values): Promise<AppTestResult> {
    if (this.#exchanges !== null) return { exitCode: 2, message: 'A test is already running.', lines: [] };
    try {
      this.#result = await testApp({
        start: start ?? `${APP ?? new URL(REDIRECT_URI).origin}/`,
        issuer: ISSUER,
        idTokens: this.idTokens,
        observe: () => {
          this.#exchanges = [];
          return async () => {
            await this.settled();
            return this.#exchanges ?? [];
          };
        },
      });
      return this.#result;
    } finally {
      this.#exchanges = null;
    }
  }
}
