/** Requirements that really fail together: what else may fail because of a defect, each with the reason. */
import { api } from './collateral/api.js';
import { authz } from './collateral/authz.js';
import { client } from './collateral/client.js';
import { discovery } from './collateral/discovery.js';
import { idtoken } from './collateral/idtoken.js';
import { refresh } from './collateral/refresh.js';
import { token } from './collateral/token.js';
import type { Collateral } from './collateral/types.js';

export const collateral: readonly Collateral[] = [api, authz, client, discovery, idtoken, refresh, token]
  .flat()
  .flatMap(({ because, pairs }) =>
    Object.entries(pairs).flatMap(([defect, ids]) => ids.map((fails) => ({ defect, fails, because }))),
  );
