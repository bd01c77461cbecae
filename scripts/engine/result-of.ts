/** What a finished Playwright test means: the result that it recorded, or that it was lost. */
import { stripVTControlCharacters } from 'node:util';
import type { TestResult } from '@playwright/test/reporter';
import type { Result } from '../../suites/result.js';
import type { Message } from './messages.js';

type Finished = Pick<TestResult, 'status' | 'attachments' | 'errors'>;

/** @returns the message for the command; null for a test that a signal cut off */
export function resultOf(id: string, finished: Finished): Message | null {
  // What a dying browser made of a check is no verdict.
  if (finished.status === 'interrupted' || finished.status === 'skipped') return null;
  const recorded = finished.attachments.find(({ name }) => name === 'result')?.body;
  if (recorded !== undefined) {
    const result: Result = JSON.parse(recorded.toString('utf8'));
    return { type: 'result', result };
  }
  return { type: 'lost', id, reason: reasonOf(finished) };
}

function reasonOf({ status, errors }: Finished): string {
  const text = stripVTControlCharacters(errors[0]?.message ?? '')
    .split('\n')[0]
    ?.trim();
  const first = text === undefined || text === '' ? '' : ` (${text})`;
  return status === 'timedOut'
    ? `The check did not end in time${first}.`
    : `The check ended without a result${first}.`;
}
