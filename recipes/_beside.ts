/** Keys that stand beside a step's name. */
export const BESIDE = ["id", "if", "as"] as const;
