/** How many requirements don't apply because the server doesn't claim the capability, and how to change that. */
import type { Report } from './report.js';

/** @returns one line for below the headline; null if no line of the target file would add anything */
export function describeNotClaimed({ notClaimed }: Pick<Report, 'notClaimed'>): string | null {
  const open = notClaimed.filter(({ setting }) => setting !== null);
  if (open.length === 0) return null;
  const total = open.reduce((sum, { requirements }) => sum + requirements, 0);
  const what = open.map(
    ({ capability, requirements, setting }) => `${capability} (${requirements}, ${setting})`,
  );
  const were = total === 1 ? "1 requirement wasn't applicable" : `${total} requirements weren't applicable`;
  return `${were} because the server doesn't claim what it takes. If it has any of this, say so in the target file: ${what.join(', ')}.`;
}
