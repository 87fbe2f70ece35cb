import type { SurfaceIndex } from "../fitting/surface/surface_index.ts";
import type { SkinWeights } from "../fitting/weights/skin_weights.ts";
import type { Topology } from "../fitting/topology/topology.ts";
import type { TriangleMesh } from "../fitting/mesh.ts";
import type { Work } from "../fitting/work.ts";
import type { Scratch } from "../pool/scratch.ts";
import { assertDefinition } from "./_assert_definition.ts";
import type { IssueCode } from "./issue.ts";
import type { Measures } from "./measures.ts";
import type { Option } from "./options.ts";

/** What a step may read of a mesh beside its faces, and what each is. */
export interface MeshAttributes {
  /** Current positions, `3 * vertexCount`, metres. */
  positions: Float32Array;
  /** Positions as they came out of the file, in the same frame: what stretch is measured against. */
  rest: Float32Array;
  /** Vertex normals, `3 * vertexCount`. */
  normals: Float32Array;
  /** Joints and weights. */
  skin: SkinWeights;
  /** Connectivity of the welded surface; made once, as moving vertices does not change it. */
  topology: Topology;
  /** Closest points and winding numbers of the surface as it is now. */
  index: SurfaceIndex;
  /** Vertex normals as they came out of the file, `3 * vertexCount`, in the frame of `rest`. */
  restNormals: Float32Array;
  /** First set of texture coordinates, `2 * vertexCount`; `v` counts from the top of the image. */
  uvs: Float32Array;
  /** What the file calls its parts. */
  facts: MeshFacts;
  /** The joints that `skin` refers to. */
  skeleton: MeshSkeleton;
}

/** The joints of a mesh, in the pose of its file: what `skin` counts. */
export interface MeshSkeleton {
  /** Their names. */
  readonly jointNames: readonly string[];
  /** The nearest joint above each, `-1` for roots. */
  readonly parentJoint: readonly number[];
  /** World transform of each, `16 * jointCount`, column-major, metres. */
  readonly jointWorld: readonly number[];
}

/** What a file says of a mesh beside numbers. */
export interface MeshFacts {
  /** Its primitives, by what a person may call them, in the order of its faces. */
  readonly parts: readonly MeshPartFacts[];
}

/** Part of a mesh that has a material of its own. */
export interface MeshPartFacts {
  /** The first of its faces. */
  readonly firstFace: number;
  /** How many it has. */
  readonly faceCount: number;
  /** Name of its material; its index where that has none; `undefined` without a material. */
  readonly material: string | undefined;
  /** Names of its primitive, its mesh, its node and the nodes above that. */
  readonly names: readonly string[];
}

/** The name of something a step may read. */
export type Attribute = keyof MeshAttributes;

/** What a step may write, and what each is; the rest is read or derived. */
export interface WritableAttributes extends Pick<MeshAttributes, "positions" | "normals" | "skin"> {
  /**
   * A selection, `weldedCount` flags of places (see `Topology.positionRemap`): 1 for those that belong to it. A step
   * that writes one needs `as:` in a recipe, the name of the selection, and leaves the mesh as it is.
   */
  selection: Uint8Array;
  /** Tangents and the side of the bitangent, `4 * vertexCount`; see {@linkcode StepDefinition.mayWrite}. */
  tangents: Float32Array;
}

/** The name of something a step may write. */
export type WritableAttribute = keyof WritableAttributes;

/** A mesh as a step sees it: its faces, and the attributes the step declared. */
export type MeshView<A extends Attribute = Attribute> =
  & TriangleMesh
  & {
    /** What the recipe calls it. */
    readonly name: string;
    /**
     * Where the zero of its positions lies in the world, metres: not (0, 0, 0)
     * where it is so far away that f32 would lose its detail. All meshes of a
     * step have the same, but for one that is yet to be placed.
     */
    readonly zero: readonly [x: number, y: number, z: number];
  }
  & { readonly [K in A]: MeshAttributes[K] };

/** The counts that decide how much memory an operation needs. */
export interface MeshSizes {
  /** Vertices as in the file. */
  readonly vertexCount: number;
  /** Triangles. */
  readonly faceCount: number;
  /** Vertices of the welded surface; at most `vertexCount`. */
  readonly weldedCount: number;
  /** Edges of the welded surface; at most `3 * faceCount`. */
  readonly edgeCount: number;
  /** Connected parts of the welded surface; at most `faceCount`. */
  readonly islandCount: number;
  /** Influences a vertex has, 0 without a skin. */
  readonly influencesPerVertex: number;
  /** Joints of the skin, 0 without. */
  readonly jointCount: number;
}

/** Another mesh a step looks at; it is never changed. */
export interface Consulted<
  A extends Attribute = Attribute,
  Q extends boolean = boolean,
> {
  /** What is read of it. */
  readonly reads: readonly A[];
  /** What is read of it where it is there. */
  readonly wants?: readonly Attribute[];
  /** One sentence for help and reference. */
  readonly doc: string;
  /** Whether a recipe may leave it out. */
  readonly optional: Q;
}

/** Declares a mesh that a step looks at, such as `to`; it sees what it `wants` where that is there. */
export function consult<const A extends Attribute>(
  reads: readonly A[],
  doc: string,
  wants: readonly Attribute[] = [],
): Consulted<A, false> {
  return { reads, doc, wants, optional: false };
}

/** Declares a mesh that a step looks at when the recipe names it. */
export function consultOptional<const A extends Attribute>(
  reads: readonly A[],
  doc: string,
  wants: readonly Attribute[] = [],
): Consulted<A, true> {
  return { reads, doc, wants, optional: true };
}

/** Option definitions by their key in a recipe. */
export type OptionSpecs = Readonly<Record<string, Option<unknown>>>;
/** Consulted meshes by their key in a recipe. */
export type ConsultSpecs = Readonly<Record<string, Consulted>>;

/** The values of a set of options, as `run` receives them. */
export type OptionValues<O extends OptionSpecs> = {
  readonly [K in keyof O]: O[K] extends Option<infer T> ? T : never;
};

/** Views of the consulted meshes, by their key; `undefined` where the recipe left an optional one out. */
export type ConsultedViews<C extends ConsultSpecs> = {
  readonly [K in keyof C]: C[K] extends Consulted<infer A, infer Q>
    ? (MeshView<A> & Partial<MeshAttributes>) | (Q extends true ? undefined : never)
    : never;
};

/** Sizes of the mesh and of what is consulted, by key. */
export type StepSizes<C extends ConsultSpecs> =
  & { readonly mesh: MeshSizes }
  & {
    readonly [K in keyof C]:
      | MeshSizes
      | (C[K] extends Consulted<Attribute, true> ? undefined : never);
  };

/** What `run` works with: views of the meshes, arrays to fill, memory for temporaries. */
export type StepContext<
  A extends Attribute,
  W extends WritableAttribute,
  C extends ConsultSpecs,
  O extends OptionSpecs = OptionSpecs,
> =
  & {
    /** The mesh that changes: its values before the step; those its options ask for where they do, see {@linkcode StepDefinition.asks}. */
    readonly mesh: MeshView<A> & Partial<MeshAttributes>;
    /** Zeroed arrays for what the step writes; all of each is to be filled. */
    readonly out: { readonly [K in W]: WritableAttributes[K] } & Partial<WritableAttributes>;
    /**
     * Selections of `mesh`, by the key of the option that names them (`selections()`, `selectionsOr()`); `undefined`
     * where the recipe names none. Each is `weldedCount` bytes, one a *place* of the welded surface, so that the copies
     * of a vertex at a seam agree: 0 outside; inside the number, from 1, of the first selection named that it is in
     * (with `match: "all"`: 1). `mask[topology.positionRemap[v]]` is that of vertex `v`. Read only, shared with others.
     */
    readonly masks: { readonly [K in keyof O]?: Uint8Array };
    /** The body the mesh was made on, see {@linkcode StepDefinition.origin}. */
    readonly origin: MeshView | undefined;
    /** Temporaries; left as it was found. */
    readonly scratch: Scratch;
  }
  & ConsultedViews<C>;

/** Something that names are given to in a file: a material, a part (primitive, mesh, node) or a joint. */
export type NamedKind = "material" | "part" | "joint";

/** Names that an option of a step refers to; each may hold `*` for any letters. */
export interface NameUse {
  /** What they name. */
  readonly kind: NamedKind;
  /** The key of the option. */
  readonly option: string;
  /** The names. */
  readonly names: readonly string[];
  /** Where they stand in the option. @default {[]} */
  readonly within?: readonly (string | number)[];
  /** Whose they are: those of `mesh`, or of what this key of `consults` names. @default {"mesh"} */
  readonly of?: string;
  /** Whether they stand letter for letter, so that `*` is a letter too. @default {false} */
  readonly isExact?: boolean;
}

/** Why options do not go together. */
export interface StepFault {
  /** What it is. */
  readonly code: IssueCode;
  /** The key it is about; without one, the step. */
  readonly key?: string;
  /** One sentence without a final period. */
  readonly message: string;
  /** The way out. */
  readonly help?: string;
}

/** A step as {@linkcode defineStep} takes it: what is nothing may be left out. */
export interface StepInput<
  O extends OptionSpecs = OptionSpecs,
  A extends Attribute = Attribute,
  W extends WritableAttribute = WritableAttribute,
  C extends ConsultSpecs = ConsultSpecs,
> {
  /** Kebab-case verb. */
  readonly name: string;
  /** One sentence: what it does to `mesh`. */
  readonly summary: string;
  /** What is read of `mesh`; positions and faces always are. @default {[]} */
  readonly reads?: readonly A[];
  /** What is written of `mesh`. */
  readonly writes: readonly W[];
  /** Meshes that are only looked at. @default {{}} */
  readonly consults?: C;
  /** Everything a recipe may set. @default {{}} */
  readonly options?: O;
  /** Influences a vertex gets, for a step that writes `skin`. @default 4 */
  readonly influencesPerVertex?: (options: OptionValues<O>) => number;
  /** The consulted mesh whose skeleton the written skin refers to. */
  readonly skeletonFrom?: keyof C & string;
  /** Whether the written skin refers to the skeleton `mesh` has, in spite of that; it must ask for its `skin` then. @default never */
  readonly keepsSkeleton?: (options: OptionValues<O>) => boolean;
  /**
   * The consulted mesh that a step places its own on: the positions it writes
   * are relative to the zero of that mesh, whatever that of its own is.
   */
  readonly placedOn?: keyof C & string;
  /** Keys of the two bodies, for a step that takes a mesh along from one with the same vertices to the other. */
  readonly carries?: { readonly from: keyof C & string; readonly to: keyof C & string };
  /**
   * What is read of the body the mesh was made on, where an earlier step carried
   * the mesh from it to the consulted mesh `of`; else `origin` is `undefined`.
   */
  readonly origin?: { readonly of: keyof C & string; readonly reads: readonly Attribute[] };
  /** Bytes leased from `scratch` at one time, at most and exactly. @default none */
  readonly scratchBytes?: (
    sizes: StepSizes<C>,
    options: OptionValues<O>,
  ) => number;
  /** What is read of `mesh` beside `reads`, as options ask for it. */
  readonly asks?: (options: OptionValues<O>) => readonly Attribute[];
  /** What is read of `mesh` where it has it; `undefined` in the view where not. */
  readonly wants?: (options: OptionValues<O>) => readonly Attribute[];
  /**
   * What is written of `mesh` beside `writes` where its file has it: `tangents`, for which `uvs` are read too. Missing in
   * `out` where not.
   */
  readonly mayWrite?: readonly "tangents"[];
  /** Names of a file that options refer to: one that it does not have is refused before the first step, by `check` too. */
  readonly names?: (options: OptionValues<O>) => readonly NameUse[];
  /** What is wrong with options that are right one by one; `consulted` are the keys of the meshes the recipe names. */
  readonly refuse?: (options: OptionValues<O>, consulted: ReadonlySet<string>) => readonly StepFault[];
  /** Does it; long ones as {@linkcode Work}. Throws nothing on bad fits: what it measured says so. */
  readonly run: (
    context: StepContext<A, W, C, O>,
    options: OptionValues<O>,
  ) => Measures | Work<Measures> | Promise<Measures>;
  /** Steps of a recipe that show what it is for, where a line made from the options would not; YAML, without dashes, a step a text. */
  readonly examples?: readonly string[];
  /** What it measured, in a few words for the table. @default every measure with its name */
  readonly describe?: (measures: Measures) => string;
  /** What the person should look at although nothing failed, each in one sentence. */
  readonly warn?: (measures: Measures, options: OptionValues<O>) => string[];
  /** For a gate: what was not met, each in one sentence; empty when it passed. */
  readonly verdict?: (measures: Measures, options: OptionValues<O>) => string[];
}

/** A step, whole: the one source of its options, docs, schema, checks, memory and run. */
export interface StepDefinition<
  O extends OptionSpecs = OptionSpecs,
  A extends Attribute = Attribute,
  W extends WritableAttribute = WritableAttribute,
  C extends ConsultSpecs = ConsultSpecs,
> extends StepInput<O, A, W, C> {
  /** What is read of `mesh`; positions and faces always are. */
  readonly reads: readonly A[];
  /** Meshes that are only looked at. */
  readonly consults: C;
  /** Everything a recipe may set. */
  readonly options: O;
  /** Bytes leased from `scratch` at one time, at most and exactly. */
  readonly scratchBytes: (
    sizes: StepSizes<C>,
    options: OptionValues<O>,
  ) => number;
  /** What it measured, in a few words for the table. */
  readonly describe: (measures: Measures) => string;
}

/** A step whose types are forgotten, as the catalogue, the checker and the interpreter handle it. */
// deno-lint-ignore no-explicit-any -- run() and scratchBytes() are contravariant in the forgotten types; defineStep() checked them
export type Step = StepDefinition<any, any, any, any>;

/**
 * Makes a step: fills in what was left out, and checks the definition, so that a mistake in it is known when it is
 * loaded and not when a recipe first meets it.
 *
 * @param definition Its parts are typed against each other: `run` sees just what `reads`, `writes`, `consults` and
 * `options` say.
 * @throws {StepDefinitionError} If a part of the definition is missing or contradicts another; one sentence says which.
 *
 * @example A step that lifts a mesh
 * ```ts
 * import { defineStep, length } from "@meshtailor/meshtailor/recipes";
 * import { assertEquals } from "@std/assert";
 *
 * const lift = defineStep({
 *   name: "lift",
 *   summary: "Moves a mesh up",
 *   writes: ["positions"],
 *   options: { by: length({ default: 0.1, doc: "How far" }) },
 *   run: ({ mesh, out }, { by }) => {
 *     for (let i = 0; i < out.positions.length; i++) {
 *       out.positions[i] = mesh.positions[i] + (i % 3 === 1 ? by : 0);
 *     }
 *     return { lifted: by };
 *   },
 * });
 * assertEquals(lift.describe({ lifted: 0.1 }), "lifted 0.1");
 * ```
 */
export function defineStep<
  const W extends WritableAttribute,
  const O extends OptionSpecs = Record<never, never>,
  const A extends Attribute = never,
  const C extends ConsultSpecs = Record<never, never>,
>(definition: StepInput<O, A, W, C>): Step {
  const step = { ...NOTHING, ...definition } as unknown as Step;
  assertDefinition(step);
  return step;
}

/** What a definition need not say. */
const NOTHING = { reads: [], consults: {}, options: {}, scratchBytes: () => 0, describe: everyMeasure } as const;

function everyMeasure(measures: Measures): string {
  return Object.entries(measures).map(([name, value]) => `${name} ${value}`).join(", ");
}
