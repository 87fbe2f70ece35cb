import type { RunReport } from "../recipes/report.ts";

/** The report of a run as lines for a person. */
export function reportTable(report: RunReport): string[] {
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
    `hit rate ${(100 * pool.hitRate).toFixed(0)} %, ${pool.leasedBuffers} buffers in use`,
    ...report.outputs.map(({ path, bytes: size }) =>
      `  wrote  ${path} (${bytes(size)}) in ${duration(report.elapsedMs)}`
    ),
  ];
}

const HEAD = ["step", "time", "leased", "measured"];

function duration(ms: number): string {
  return ms < 1000 ? `${ms.toFixed(ms < 10 ? 1 : 0)} ms` : `${(ms / 1000).toFixed(2)} s`;
}

function bytes(count: number): string {
  if (count < 1024) return `${count} B`;
  return count < 1024 * 1024 ? `${(count / 1024).toFixed(0)} KiB` : `${(count / 1024 / 1024).toFixed(2)} MiB`;
}
