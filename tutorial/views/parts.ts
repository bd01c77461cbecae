/** The titles of the tutorial's parts. */
import type { Part } from '../lessons/lesson.js';

export const PARTS: Readonly<Record<Part, string>> = {
  A: 'First calls',
  B: 'Signing a user in',
  C: 'Trust, and staying signed in',
  D: 'In the real world',
};
