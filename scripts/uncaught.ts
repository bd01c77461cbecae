/**
 * What fails beside the work that is waited for: thrown in a callback, or a rejection that nobody awaits. The handler
 * that was added last decides what becomes of it.
 */
type Handler = (problem: unknown) => void;

const handlers: Handler[] = [];

/** @returns a function that removes the handler; without a handler, such a problem ends the process */
export function handleUncaught(handler: Handler): () => void {
  if (handlers.length === 0) process.on('uncaughtException', passOn);
  handlers.push(handler);
  return () => {
    const index = handlers.indexOf(handler);
    if (index !== -1) handlers.splice(index, 1);
    if (handlers.length === 0) process.off('uncaughtException', passOn);
  };
}

// Node raises this for a rejection that nobody awaits, too.
function passOn(problem: unknown): void {
  handlers.at(-1)?.(problem);
}
