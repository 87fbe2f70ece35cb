/**
 * Makes the meshes the shipped recipes are shown on, from nothing but numbers: `deno task demo`.
 * Same bytes on every run and machine.
 *
 * @module
 */
import { bodyGlb } from "./demo/body.ts";
import { cuirassGlb } from "./demo/cuirass.ts";
import { figureField } from "./demo/figure.ts";
import { heavyFigure, slimFigure } from "./demo/figures.ts";

/** Where the files belong. */
const FOLDER = new URL("../recipes/library/meshes/", import.meta.url);

/** The bytes of every demo file, by file name. */
export function demoAssets(): ReadonlyMap<string, Uint8Array<ArrayBuffer>> {
  return new Map([
    ["mannequin_slim.glb", bodyGlb(slimFigure())],
    ["mannequin_heavy.glb", bodyGlb(heavyFigure())],
    ["cuirass.glb", cuirassGlb(figureField(slimFigure()))],
  ]);
}

if (import.meta.main) {
  Deno.mkdirSync(FOLDER, { recursive: true });
  for (const [name, bytes] of demoAssets()) Deno.writeFileSync(new URL(name, FOLDER), bytes);
}
