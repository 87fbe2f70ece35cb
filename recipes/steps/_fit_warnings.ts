import { counted, millimetres, percent, twoDecimals } from "../_show.ts";
import type { Measures } from "../measures.ts";

/** A garment that comes no nearer than this to its body is not on it, metres. */
const FAR = 0.15;
/** Its longest side is that of the body by a factor between these: from an ear stud to a train. */
const TINY = 0.003, HUGE = 4;
/** A body that is open at more of its faces than this has an inside that is anyone's guess. */
const OPEN = 0.1;
/** Edges that are so many times as short or long as they were: nobody wants a garment like that. */
const SHRUNK = 0.35, STRETCHED = 2.5;
/** Pairs of faces that cross now and are worth a word. */
const CROSSINGS = 20;
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

/** What a person should know before all else: that the fit was given what it cannot fit. */
export function badlyPlaced({ gap, sizeRatio, bodyOpen }: Measures): string[] {
  const ratio = Number(sizeRatio), found: string[] = [];
  if (ratio > HUGE || ratio < TINY) {
    const size = ratio > 1 ? `${rounded(ratio)} times as large as` : `${rounded(1 / ratio)} times smaller than`;
    found.push(`It is ${size} the body it is on: undo its unit with an "align" step before, or with "units:" there`);
  } else if (Number(gap) > FAR) {
    found.push(`It starts ${millimetres(gap)} away from the body it is on: place it there with an "align" step before`);
  }
  if (Number(bodyOpen) > OPEN) {
    found.push(
      `The body is open at ${
        percent(bodyOpen)
      } of its faces, so what is inside it is a guess: use a closed mesh that faces outwards`,
    );
  }
  return found;
}

/** What a person should know of a garment that came out worse than it went in. */
export function outOfShape({ stretchP1, stretchP50, stretchP99, crossings, iterations }: Measures): string[] {
  const least = Number(stretchP1) / Number(stretchP50), most = Number(stretchP99) / Number(stretchP50);
  if (iterations === 0) return []; // nobody asked for its shape
  if (least < SHRUNK || most > STRETCHED) {
    return [
      `It lost its shape, with edges ${twoDecimals(least)} to ${
        twoDecimals(most)
      } times as long as before: look whether it lay where it is worn, and place it with "align" if not`,
    ];
  }
  if (!(Number(crossings) >= CROSSINGS)) return [];
  return [
    `${crossings} pairs of its faces cross that did not before: lower "clearance" where its layers have no room, or "pin" what must not move`,
  ];
}

function rounded(times: number): string {
  return String(Number(times.toPrecision(2)));
}

/** What a person should know of a fit that ended before it came to rest. */
export function stillMoving({ converged, residual, iterations }: Measures): string[] {
  if (converged || iterations === 0 || !(Number(residual) > 1e-3)) return [];
  return [`It still moved by ${millimetres(residual)} in iteration ${iterations}: raise "iterations"`];
}
