import { bytes } from "./layout.ts";
import type { PlanReport } from "./plan_command.ts";

/** Columns of the longest bar. */
const BAR = 40;
const EIGHTHS = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"];

/** A plan as lines for a person: a bar per operation, so that one sees where the memory goes. */
export function planTable({ recipe, exact, peakBytes, maxBytes, ops, fileBytes }: PlanReport): string[] {
  const label = Math.max(4, ...ops.map((op) => op.label.length));
  const size = Math.max(6, ...ops.map((op) => bytes(op.peakBytes).length));
  const highest = ops.find((op) => op.peakBytes === peakBytes);
  const read = Object.values(fileBytes).reduce((sum, one) => sum + one, 0);
  return [
    `${recipe}  (${exact ? "exact: what a run leases" : "upper bound, from the headers of the files"})`,
    "",
    `  ${"step".padEnd(label)}  ${"leased".padStart(size)}`,
    ...ops.map((op) =>
      `  ${op.label.padEnd(label)}  ${bytes(op.peakBytes).padStart(size)}  ${bar(op.peakBytes, peakBytes)}`
    ),
    "",
    `  peak    ${bytes(peakBytes)}${highest === undefined ? "" : ` in ${highest.label}`}`,
    ...(maxBytes === undefined ? [] : [`  budget  ${bytes(maxBytes)}${peakBytes > maxBytes ? ", exceeded" : ""}`]),
    `  files   ${bytes(read)}, and at most ${bytes(4 * read)} outside the pool to read and write them`,
  ];
}

/** A bar in proportion, to an eighth of a column; what is not nothing shows something. */
function bar(value: number, most: number): string {
  const eighths = most === 0 ? 0 : Math.max(value > 0 ? 1 : 0, Math.round(8 * BAR * value / most));
  return "█".repeat(Math.floor(eighths / 8)) + EIGHTHS[eighths % 8];
}
