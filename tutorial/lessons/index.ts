/** The lessons in their order, in four parts. */
import { attack } from './attack/index.js';
import { authorize } from './authorize/index.js';
import { call } from './call/index.js';
import { client } from './client/index.js';
import { device } from './device/index.js';
import { discover } from './discover.js';
import { exchange } from './exchange/index.js';
import { idToken } from './id-token/index.js';
import { keyRotation } from './key-rotation/index.js';
import type { Lesson } from './lesson.js';
import { organization } from './organization/index.js';
import { pat } from './pat.js';
import { publicClient } from './public/index.js';
import { refresh } from './refresh.js';
import { revoke } from './revoke/index.js';
import { yourApp } from './your-app/index.js';

export const lessons: readonly Lesson[] = [
  discover,
  pat,
  client,
  authorize,
  exchange,
  call,
  idToken,
  refresh,
  publicClient,
  revoke,
  keyRotation,
  organization,
  device,
  attack,
  yourApp,
];
