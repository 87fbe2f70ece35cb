/** How far behind the second is: 0 when it costs as much, 1 when there is none. */
export function confidenceOf(best: number, second: number): number {
  return second > 0 && second < Infinity ? Math.max(0, 1 - best / second) : 1;
}
