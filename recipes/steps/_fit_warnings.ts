import { counted, millimetres, percent } from "../_show.ts";
import type { Measures } from "../measures.ts";

/** A share of vertices inside that is worth a word: less is dust. */
const INSIDE = 1e-3;

/** What a person should know of a fit that did not reach its clearance: how far it is off, and where. */
export function tooClose(
  { minDistance, worstX, worstY, worstZ, pokes, insideAfter }: Measures,
  clearance: number,
): string[] {
  const least = Number(minDistance), found: string[] = [];
  const place = [worstX, worstY, worstZ].map((x) => Number(x).toFixed(3)).join(", ");
  if (Number(insideAfter) > INSIDE) {
    found.push(
      `${percent(insideAfter)} of its vertices are still inside the body, the deepest by ${
        millimetres(-least)
      } at (${place}): let more of it move or bend, or "allowInside" what belongs there`,
    );
  } else if (least < clearance - 1e-4) {
    const how = least < 0 ? `${millimetres(-least)} inside the body` : `only ${millimetres(least)} from the body`;
    found.push(`It is ${how} at (${place}): raise "iterations", or "pin" or "allowInside" what belongs there`);
  }
  if (Number(pokes) > 0) found.push(`The body still sticks out through a face at ${counted(pokes, "point")}`);
  return found;
}

/** What a person should know of what was not brought out of the body, as nobody would want to see it. */
export function leftInside({ keptInside }: Measures): string[] {
  if (!(Number(keptInside) > 0)) return [];
  return [
    `${
      counted(keptInside, "place")
    } stay inside the body as they lie deep inside "from": write "allowInside: source" if that is meant, "allowInside: none" to bring them out`,
  ];
}

/** What a person should know of a fit that ended before it came to rest. */
export function stillMoving({ converged, residual, iterations }: Measures): string[] {
  if (converged || iterations === 0 || !(Number(residual) > 1e-3)) return [];
  return [`It still moved by ${millimetres(residual)} in iteration ${iterations}: raise "iterations"`];
}
