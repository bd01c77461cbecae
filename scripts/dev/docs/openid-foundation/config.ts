/** The plan of the Config OP profile: the discovery document. */
import type { ConformancePlan } from './module.js';
import { describeDiscovery } from './shared.js';

export const CONFIG: ConformancePlan = {
  title: 'Config OP',
  plan: 'oidcc-config-certification-test-plan',
  about: 'The discovery document and the key set, without any flow.',
  modules: [describeDiscovery('')],
};
