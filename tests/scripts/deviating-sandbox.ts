/** A sandbox that deviates, for as long as a test uses it. */
import type { Deviation } from '../../fixtures/sandbox/deviation.js';
import { createSandbox, type Sandbox } from '../../fixtures/sandbox/index.js';

/** Runs `use` on a listening sandbox with these deviations, and closes it. */
export async function onSandbox(deviations: readonly Deviation[], use: (sandbox: Sandbox) => Promise<void>) {
  const sandbox = createSandbox({ deviations });
  const { close } = await sandbox.listen();
  try {
    await use(sandbox);
  } finally {
    await close();
  }
}
