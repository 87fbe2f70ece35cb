/** What a step measured: flat, so that a report, a gate and a table can read it. Lengths are metres, shares 0–1. */
export type Measures = Readonly<Record<string, number | string | boolean>>;
