/** One line of the table. */
export interface Row {
  readonly kernel: string;
  readonly size: string;
  /** Who it is held against; empty where it is a time alone. */
  readonly against: string;
  /** Our median, and what is left for people to read of theirs: `1612 k/s`, `3.1 ms`. */
  readonly ours: string;
  readonly theirs: string;
  /** Their time over ours, above 1 where we are faster; or the figure the goals are about. */
  readonly figure: string;
  readonly must: string;
  readonly moonshot: string;
  /** Whether the figure meets them; `undefined` without a goal. */
  readonly isMet: "moonshot" | "must" | "no" | undefined;
  /** The first call in a process that has done nothing else. */
  readonly cold?: string | undefined;
}

/** What a figure is measured by: at least so many times as fast, or at most so many milliseconds or times as long. */
export interface Goal {
  readonly must: number;
  readonly moonshot: number;
  readonly kind: "at least" | "at most";
}

/** How a figure meets its goal. */
export function meets(figure: number, { must, moonshot, kind }: Goal): Row["isMet"] {
  const reaches = (goal: number) => kind === "at least" ? figure >= goal : figure <= goal;
  return reaches(moonshot) ? "moonshot" : reaches(must) ? "must" : "no";
}

/** A row with a goal. */
export function row(
  { goal, figure, unit = "×", ...rest }: Omit<Row, "figure" | "must" | "moonshot" | "isMet"> & {
    goal?: Goal | undefined;
    figure: number;
    unit?: string;
  },
): Row {
  const sign = goal?.kind === "at most" ? "≤" : "≥", digits = unit === " ms" ? 1 : 2;
  return {
    ...rest,
    figure: `${figure.toFixed(digits)}${unit}`,
    must: goal === undefined ? "" : `${sign} ${goal.must}${unit}`,
    moonshot: goal === undefined ? "" : `${sign} ${goal.moonshot}${unit}`,
    isMet: goal === undefined ? undefined : meets(figure, goal),
  };
}

/** The rows as a Markdown table. */
export function tableOf(rows: readonly Row[]): string[] {
  const head = ["kernel", "size", "against", "ours", "theirs", "figure", "must", "moonshot", "met", "first call, cold"];
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  return [
    line(head),
    line(head.map(() => "---")),
    ...rows.map((r) =>
      line([
        r.kernel,
        r.size,
        r.against,
        r.ours,
        r.theirs,
        r.figure,
        r.must,
        r.moonshot,
        r.isMet ?? "",
        r.cold ?? "",
      ])
    ),
  ];
}
