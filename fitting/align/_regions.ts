import { BODY_PARTS } from "./_body_parts.ts";

/** Where on a body a piece is worn. */
export type BodyRegion = "whole" | "head" | "torso" | "hips" | "arm" | "forearm" | "hand" | "legs" | "foot";

/** On which side of a body, seen from within. */
export type BodySide = "left" | "right" | "both";

/** What the names of parts of each {@linkcode BodyRegion} begin with, without their side. */
export const BODY_REGIONS: Readonly<Record<BodyRegion, readonly string[]>> = {
  whole: ["head", "torso", "hips", "UpperArm", "Forearm", "Hand", "Leg", "Foot"],
  head: ["head"],
  torso: ["torso"],
  hips: ["hips"],
  arm: ["UpperArm", "Forearm", "Hand"],
  forearm: ["Forearm"],
  hand: ["Hand"],
  legs: ["Leg", "Foot"],
  foot: ["Foot"],
};

/** The parts of a region and a side, one bit each; those in the middle are on both sides. */
export function regionMask(region: BodyRegion | "auto", side: BodySide | "auto"): number {
  const names = BODY_REGIONS[region === "auto" ? "whole" : region];
  const sides = side === "left" || side === "right" ? [side] : ["left", "right"];
  return BODY_PARTS.reduce((mask, part, n) => {
    const isMeant = names.includes(part) || sides.some((own) => names.some((name) => part === own + name));
    return isMeant ? mask | 1 << n : mask;
  }, 0);
}

/** A region that holds this share of a piece is where it is worn. */
const MOST = 0.6;
/** A limb that this share of the piece lies on is the one it is worn on. */
const ONE_SIDED = 0.8;
/** The narrowest first. */
const NARROW: readonly BodyRegion[] = ["hand", "foot", "forearm", "head", "hips", "torso", "arm", "legs"];

/** Names the region and side of a piece by how much of it lies on each part. */
export function nameRegion(shares: Float64Array): { region: BodyRegion; side: BodySide } {
  const on = (mask: number) => shares.reduce((sum, share, n) => (mask >> n & 1) === 1 ? sum + share : sum, 0);
  const all = on(-1);
  let region = NARROW.find((name) => on(regionMask(name, "both")) > MOST * all) ?? "whole";
  const lower = on(regionMask("hips", "both") | regionMask("legs", "both"));
  if (region === "whole" && lower > ONE_SIDED * all) region = "legs";
  const upper = on(regionMask("torso", "both") | regionMask("arm", "both"));
  if (region === "whole" && upper > ONE_SIDED * all) region = "torso";
  const left = on(SIDED_LEFT), right = on(SIDED_RIGHT);
  if (left + right < (1 - MOST) * all) return { region, side: "both" };
  const side = left > ONE_SIDED * (left + right) ? "left" : right > ONE_SIDED * (left + right) ? "right" : "both";
  return { region, side };
}

const SIDED_LEFT = sided("left"), SIDED_RIGHT = sided("right");

function sided(side: string): number {
  return BODY_PARTS.reduce((mask, part, n) => part.startsWith(side) ? mask | 1 << n : mask, 0);
}
