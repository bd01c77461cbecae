/** What a finished Playwright test means: the results that it recorded, or that they were lost. */
import { stripVTControlCharacters } from 'node:util';
import type { TestResult } from '@playwright/test/reporter';
import type { Result } from '../../suites/result.js';
import type { Message } from './messages.js';

type Finished = Pick<TestResult, 'status' | 'attachments' | 'errors'>;

/**
 * @param title the ids of the requirements that the test judges, usually one
 * @returns a message for each; none for a test that a signal cut off
 */
export function toMessages(title: string, finished: Finished): readonly Message[] {
  // What a dying browser made of a check isn't a verdict.
  if (finished.status === 'interrupted' || finished.status === 'skipped') return [];
  const recorded = finished.attachments.flatMap(({ name, body }) =>
    name === 'result' && body !== undefined ? [parseResult(body)] : [],
  );
  return title.split(' ').map((id) => {
    const result = recorded.find((one) => one.id === id);
    return result === undefined
      ? { type: 'lost', id, reason: describeLostResult(finished) }
      : { type: 'result', result };
  });
}

/** Our own attachment: its shape is known. */
function parseResult(body: Buffer): Result {
  const result: Result = JSON.parse(body.toString('utf8'));
  return result;
}

function describeLostResult({ status, errors }: Finished): string {
  const text = stripVTControlCharacters(errors[0]?.message ?? '')
    .split('\n')[0]
    ?.trim();
  const first = text === undefined || text === '' ? '' : ` (${text})`;
  return status === 'timedOut'
    ? `The check did not end in time${first}.`
    : `The check ended without a result${first}.`;
}
