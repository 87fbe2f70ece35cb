import type { InspectedSurface, InspectedTransform, Inspection } from "./_inspect_file.ts";
import { bytes, columns, plain, section, wrap } from "./layout.ts";

/** Rows of a kind before the page says "and n more". */
const MAX_ROWS = 8;
/** Characters of a name. */
const MAX_NAME = 28;

/** An inspection as one screen for a person. */
export function inspectionPage(found: Inspection): string[] {
  const { surface } = found;
  return [
    ...heading(found),
    ...section("meshes", [...columns(meshRows(found)), ...selection(found), ...hidden(found)]),
    ...surface === undefined ? [] : section("as one surface", columns(surfaceRows(surface))),
    ...section("with it", columns(otherRows(found))),
    ...surface === undefined ? [] : section("found, and what becomes of it", columns(findingRows(surface, found))),
    ...found.fault === undefined ? [] : section("cannot be used", wrap(plain(found.fault)).map((line) => `  ${line}`)),
  ];
}

function heading({ file, bytes: size, format, generator, provenance }: Inspection): string[] {
  const made = generator === undefined ? "" : `, made by ${short(generator, 60)}`;
  const { version, recipe } = (provenance ?? {}) as { version?: unknown; recipe?: { name?: unknown } };
  const ours = provenance === undefined ? [] : [
    `  written by Meshtailor ${short(String(version ?? ""))} with the recipe ${short(String(recipe?.name ?? ""))}`,
  ];
  return [`${plain(file)}: ${bytes(size)}, ${format === "glb" ? "binary glTF" : "glTF"} 2.0${made}`, ...ours];
}

function meshRows({ primitives }: Inspection): string[][] {
  const rows = primitives.slice(0, MAX_ROWS).map(({ node, mesh, material, mode, vertices, attributes, ...more }) => [
    [...new Set([node, mesh].filter((name) => name !== undefined))].map((name) => short(name)).join(" / ") ||
    "(no name)",
    material === undefined ? "" : short(material),
    `${vertices} vertices`,
    more.faces === 0 ? "" : `${more.faces} faces`,
    [
      attributes.join(" "),
      ...(mode === "triangles" ? [] : [mode]),
      ...(more.skinned ? ["skinned"] : []),
      ...(more.transform === undefined ? [] : [transformWords(more.transform)]),
      ...(more.morphTargets.length === 0 ? [] : [`morph targets ${listed(more.morphTargets, 4)}`]),
    ].map((part) => plain(part)).join(", "),
  ]);
  const rest = primitives.length - rows.length;
  return rest > 0 ? [...rows, [`and ${rest} more`]] : rows;
}

function transformWords({ scale, mirrored }: InspectedTransform): string {
  const factors = new Set(scale).size === 1 ? scale.slice(0, 1) : scale;
  const scaled = factors.every((factor) => factor === 1) ? [] : [`node scales by ${factors.map(metres).join(", ")}`];
  return [...scaled, ...(mirrored ? ["node mirrors"] : [])].join(" and ");
}

/** How a recipe takes the first of several parts alone. */
function selection({ file, primitives }: Inspection): string[] {
  const [first] = primitives;
  if (primitives.length < 2) return [];
  const tells = (key: "node" | "mesh" | "material" | "nodeIndex") =>
    first[key] !== undefined && primitives.filter((other) => other[key] === first[key]).length === 1;
  const key = (["node", "mesh", "material"] as const).find(tells);
  const isOneNode = primitives.every(({ nodeIndex }) => nodeIndex === first.nodeIndex);
  if (key === undefined && !isOneNode && !tells("nodeIndex")) return [];
  const one = key !== undefined
    ? `${key}: ${short(first[key]!)}`
    : isOneNode
    ? "primitive: 0"
    : `node: ${first.nodeIndex}`;
  return [`  a recipe takes all as one mesh, or one: { file: ${short(baseName(file), 40)}, ${one} }`];
}

function baseName(path: string): string {
  return path.split(/[\\/]/).at(-1)!;
}

function hidden({ hiddenMeshes }: Inspection): string[] {
  return hiddenMeshes > 0 ? [`  ${count(hiddenMeshes, "mesh", "meshes")} not in the scene: left alone`] : [];
}

function surfaceRows(surface: InspectedSurface): string[][] {
  const { boundsMin, boundsMax, guess, volume } = surface;
  const size = boundsMin.map((low, c) => metres(boundsMax[c] - low)).join(" × ");
  const closed = surface.isWatertight
    ? `closed, ${metres(volume!)} m³ inside`
    : count(surface.boundaryLoops, "opening");
  return [
    [
      "surface",
      `${count(surface.vertices, "vertex", "vertices")} at ${count(surface.places, "place")}, ${
        count(surface.faces, "face")
      }`,
    ],
    ["parts", `${count(surface.islandCount, "connected part")}, ${closed}`],
    ["size", `${size} m, if it is in metres`],
    ["place", `${point(boundsMin, surface)} to ${point(boundsMax, surface)}`],
    ["looks like", `${unitWords(guess.units)}; ${upWords(guess)}`],
    ...(surface.influencesPerVertex === 0 ? [] : [[
      "weights",
      `up to ${surface.influencesPerVertex} joints a vertex, ${count(surface.jointsInUse, "joint")} in use`,
    ]]),
  ];
}

function unitWords(units: readonly string[]): string {
  const [first, ...others] = units;
  if (first === undefined) return "no unit makes this a size people wear";
  return first === "m"
    ? "metres"
    : `${first}${others.length > 0 ? ` (or ${others.join(", ")})` : ""}, to be scaled by "align"`;
}

function upWords({ upAxis, sideAxis }: InspectedSurface["guess"]): string {
  return upAxis === "unclear"
    ? `up axis unclear, alike on both sides of ${sideAxis}`
    : `${upAxis} up, alike on both sides of ${sideAxis}`;
}

function otherRows({ skins, materials, images, animations, extensions }: Inspection): string[][] {
  const row = (title: string, items: readonly string[]) => items.length === 0 ? [] : [[title, listed(items, MAX_ROWS)]];
  return [
    ...row(
      "skins",
      skins.map(({ name, joints, roots }) => `${named(name)}${count(joints, "joint")} from ${listed(roots, 3)}`),
    ),
    ...row("materials", materials.map((name) => name ?? "(no name)")),
    ...row(
      "images",
      images.count === 0 ? [] : [
        `${images.count}${images.linked > 0 ? `, ${images.linked} in other files: taken along` : ""}`,
      ],
    ),
    ...row(
      "animations",
      animations.map(({ name, seconds, channels }) =>
        `${named(name)}${seconds.toFixed(2)} s, ${count(channels, "channel")}`
      ),
    ),
    ...row("extensions", extensions.map(({ name, required }) => required ? `${name} (required)` : name)),
  ];
}

/** What is unusual, with what is done about it. */
function findingRows(surface: InspectedSurface, { primitives }: Inspection): string[][] {
  const isInsideOut = surface.isWatertight && surface.volume! < 0;
  const loose = primitives.filter(({ mode }) => mode === "points" || mode === "lines").length;
  const rows: [n: number, what: string, then: string][] = [
    [surface.nonFiniteVertices, "vertices are not finite", "no face uses them: put to the origin of their mesh"],
    [surface.nonFiniteNormals, "normals are not finite", "taken for none"],
    [surface.unweightedVertices, "vertices have no weight", "taken to follow the first joint they name"],
    [surface.repeatedVertices, "vertices repeat a place", "seams: they move with their place"],
    [
      surface.nearlyRepeatedPlaces,
      "places nearly repeat another",
      "closer than 0.001 % of the size: they move with it",
    ],
    [surface.unreferencedVertices, "vertices are used by no face", "carried along, without a say in size and fit"],
    [surface.degenerateFaces, "faces name a place twice", "kept, no step counts them as faces"],
    [surface.zeroAreaFaces, "faces have no area", "kept, without a say in normals"],
    [surface.duplicateFaces, "faces are there twice", "kept"],
    [surface.nonManifoldEdges, "edges have three faces or more", "kept, treated like the edge of an opening"],
    [
      surface.turnedFaces,
      "faces are turned against neighbours",
      "kept: normals there cancel; a modelling tool can turn them",
    ],
    [surface.facesAgainstNormals, "faces have normals on their back", 'kept; "recompute-normals" goes by the faces'],
    [isInsideOut ? surface.faces : 0, "faces, closed and inside out", "kept: as a body it would have no inside"],
    [loose, "parts are points or lines", "left alone"],
  ];
  const found = rows.filter(([n]) => n > 0).map(([n, what, then]) => [`${n}`.padStart(6), what, then]);
  return found.length === 0 ? [["nothing unusual"]] : found;
}

/** A number with its noun. */
function count(n: number, one: string, many = `${one}s`): string {
  return `${n} ${n === 1 ? one : many}`;
}

function listed(items: readonly string[], most: number): string {
  const shown = items.slice(0, most).map((item) => short(item, 60)).join(", ");
  return items.length > most ? `${shown} and ${items.length - most} more` : shown;
}

function named(name: string | undefined): string {
  return name === undefined ? "" : `${short(name)}: `;
}

function short(name: string, most = MAX_NAME): string {
  const text = plain(name);
  return text.length > most ? `${text.slice(0, most - 1)}…` : text;
}

/** A place, to a thousandth of the size: a mesh far away is no single point. */
function point(values: readonly number[], { boundsMin, boundsMax }: InspectedSurface): string {
  const largest = Math.max(...boundsMin.map((low, c) => boundsMax[c] - low));
  const digits = largest > 0 ? Math.min(9, Math.max(0, 3 - Math.ceil(Math.log10(largest)))) : 3;
  return `(${values.map((value) => (value + 0).toFixed(digits).replace(/^-(0\.?0*)$/, "$1")).join(", ")})`;
}

function metres(value: number): string {
  return String(Number(value.toPrecision(3)));
}
