import { millimetres, percent, twoDecimals } from "../recipes/_show.ts";
import { type FileMeasures, measureFiles } from "./_measure_files.ts";
import { UsageError } from "./errors.ts";
import { EXIT_CODES } from "./exit_codes.ts";
import { fileIO } from "./file_io.ts";
import type { CliIO } from "./io.ts";
import { columns, plain, section } from "./layout.ts";

/** What `meshtailor measure` needs of the command line. */
export interface MeasureArguments {
  /** The garment. */
  readonly operands: readonly string[];
  /** Switches that are on: `json`. */
  readonly on: { has(name: "json"): boolean };
  /** `against`, the body, `input`, the garment as it was, and `truth`, a known answer. */
  readonly values: { readonly against?: string; readonly input?: string; readonly truth?: string };
}

/**
 * `meshtailor measure GARMENT --against BODY --input INPUT`: how good a fit is,
 * by files, whatever tool made them. Writes nothing.
 *
 * @throws {UsageError} If there is neither a body nor an input to compare with.
 * @throws {InputFileError} If a file cannot be used.
 */
export async function measureCommand({ operands, on, values }: MeasureArguments, io: CliIO): Promise<number> {
  const [garment] = operands, { against, input, truth } = values;
  if (against === undefined && input === undefined && truth === undefined) {
    throw new UsageError(
      "Cannot measure as there is nothing to measure against: write --against BODY.glb, --input INPUT.glb or --truth ANSWER.glb",
    );
  }
  const files = await (io.files ?? fileIO)({ out: ".", force: false });
  const found = await measureFiles({ garment, against, input, truth }, files);
  if (on.has("json")) io.print(JSON.stringify(found, null, 2));
  else for (const line of measurePage(found)) io.print(line);
  return EXIT_CODES.done;
}

/** Measures as one screen for a person. */
function measurePage(m: FileMeasures): string[] {
  const against = m.against === undefined ? [] : section(`against ${plain(m.against)}`, columns(bodyRows(m)));
  const input = m.input === undefined ? [] : section(`since ${plain(m.input)}`, columns(changeRows(m)));
  const truth = m.truth === undefined ? [] : section(`beside ${plain(m.truth)}`, columns(answerRows(m)));
  return [
    `${plain(m.garment)}: ${m.faces} faces, ${m.vertices} vertices at ${m.places} places`,
    ...against,
    ...input,
    ...truth,
    ...section("by itself", columns([["crossings", `${m.selfIntersections} pairs of faces cross`]])),
  ];
}

function bodyRows(m: FileMeasures): string[][] {
  return [
    ["inside", `${percent(m.insideVertices)} of vertices (${m.verticesInside}), ${percent(m.insideArea)} of area`],
    ["deepest", millimetres(m.maxDepth)],
    [
      "clearance",
      `least ${millimetres(m.minDistance)}; 1, 5, 50, 95, 99 % of vertices are below ${
        [m.clearanceP1, m.clearanceP5, m.clearanceP50, m.clearanceP95, m.clearanceP99].map(millimetres).join(", ")
      }`,
    ],
  ];
}

function answerRows(m: FileMeasures): string[][] {
  const hasWeights = m.weightsL1Mean !== undefined;
  return [
    ["distance", `${millimetres(m.truthMean)} on average, ${millimetres(m.truthMax)} at most`],
    ...hasWeights
      ? [[
        "weights",
        `differ by ${m.weightsL1Mean!.toFixed(4)} on average, ${twoDecimals(m.weightsL1Max)} at most (0 to 2)`,
      ]]
      : [],
  ];
}

function degrees(value: unknown): string {
  return `${Number(value).toFixed(1)}°`;
}

function changeRows(m: FileMeasures): string[][] {
  const edges = [m.edgeP1, m.edgeP5, m.edgeP50, m.edgeP95, m.edgeP99].map(twoDecimals).join("  ");
  return [
    ["size", `× ${Number(m.scale).toPrecision(4)}; beyond it moved ${millimetres(m.residualMean)} on average`],
    ["edges", `${edges}  (1, 5, 50, 95, 99 % are below, after that size)`],
    ["flips", `${m.flips} faces against their neighbours, ${m.turnedFaces} by more than 90°`],
    ["folds", `${m.folds} edges; ${m.newDegenerateFaces} faces became needles`],
    ["crossings", `${m.newSelfIntersections} pairs of faces are new`],
    ["layers", `${m.layersInverted} of ${m.layersTested} changed sides; ${m.layersUndecided} cannot be told`],
    ["openings", `${m.hems}; lengths changed ${percent(m.hemChangeMean)} on average, ${percent(m.hemChangeMax)} most`],
    ["hems", `turned by ${degrees(m.hemCurlMeanDeg)} on average, 95 % by less than ${degrees(m.hemCurlP95Deg)}`],
    [
      "islands",
      `${m.islands}, ${m.smallIslands} small; edges of small ones bent by ${percent(m.islandEdgeErrorMax)} at most, ` +
      `slid by ${millimetres(m.islandDriftMax)}`,
    ],
    ["seams", `open by ${millimetres(m.seamCrackMax)} at most`],
  ];
}
