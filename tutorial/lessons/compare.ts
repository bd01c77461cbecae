/** Compares what a learner sent with what was expected. */
export { describeDifference, firstDifference } from '../../fixtures/sandbox/difference.js';

/** Whether a string is the name of a variable that no shell has replaced: `$CLIENT_ID`, `%CLIENT_ID%`, `{CLIENT_ID}`. */
export const isVariable = (text: string): boolean => /^[$%{]\{?[A-Z_]+/i.test(text);
