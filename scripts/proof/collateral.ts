/** Requirements that truly fall together: what else may go red on a defect, each with the reason. */

export interface Collateral {
  /** The requirement that the defect breaks. */
  readonly defect: string;
  /** The other requirement that goes red with it. */
  readonly red: string;
  /** Why no better check could tell the two apart, or why both are right to complain. */
  readonly because: string;
}

export const collateral: readonly Collateral[] = [];
