/** The one exercise that no request can show: its id, and a program that solves it. */
import { fileURLToPath } from 'node:url';

export const VERIFIER = 'verifier';

/** A verifier to run and to copy. */
export const SAMPLE = fileURLToPath(new URL('../../samples/verifier.js', import.meta.url));
