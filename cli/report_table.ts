import type { RunReport } from "../recipes/report.ts";
import { bytes, duration } from "./layout.ts";

/** The report of a run as lines for a person. */
export function reportTable(report: RunReport, isDry = false): string[] {
  const rows = report.ops.map((op) => [op.label, duration(op.elapsedMs), bytes(op.peakBytes), op.summary]);
  const widths = [0, 1, 2].map((column) => Math.max(HEAD[column].length, ...rows.map((row) => row[column].length)));
  const line = ([label, time, leased, measured]: readonly string[]) =>
    `  ${label.padEnd(widths[0])}  ${time.padStart(widths[1])}  ${leased.padStart(widths[2])}  ${measured}`.trimEnd();
  const { pool } = report;
  return [
    report.recipe,
    "",
    line(HEAD),
    ...rows.map(line),
    "",
    `  pool   peak ${bytes(report.peakBytes)} leased (planned ${bytes(report.plannedPeakBytes)}), ` +
    `hit rate ${(100 * pool.hitRate).toFixed(0)} %, ${pool.leasedBuffers} buffers in use, ${report.kernels} kernels`,
    ...report.outputs.map(({ path, bytes: size }) =>
      `  ${isDry ? "would write" : "wrote "} ${path} (${bytes(size)}) in ${duration(report.elapsedMs)}`
    ),
  ];
}

const HEAD = ["step", "time", "leased", "measured"];
