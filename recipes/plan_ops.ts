import type { SelectionMatch } from "./options.ts";
import type { NodePath, RecipeInput, RecipeOutput, RecipeStep } from "./recipe.ts";
import type { Attribute, NamedKind, WritableAttribute } from "./step.ts";

/** What the header of an input says, and what reading it adds. */
export interface InputSizes {
  /** Vertices as in the file. */
  readonly vertexCount: number;
  /** Triangles. */
  readonly faceCount: number;
  /** Whether the file has normals. */
  readonly hasNormals: boolean;
  /** Influences a vertex has, 0 without a skin. */
  readonly influencesPerVertex: number;
  /** Joints of the skin, 0 without. */
  readonly jointCount: number;
  /** Whether the file has texture coordinates. @default {false} */
  readonly hasUVs?: boolean;
  /** Whether the file has tangents, and what they are made of. @default {false} */
  readonly hasTangents?: boolean;
  /** What its parts and joints are called, for steps that choose by names; without it, all names count as known. */
  readonly names?: InputNames;
  /** Vertices of the welded surface, once it was read. */
  readonly weldedCount?: number;
  /** Edges of the welded surface, once it was read. */
  readonly edgeCount?: number;
  /** Connected parts of the welded surface, once it was read. */
  readonly islandCount?: number;
}

/** What a file calls things. */
export type InputNames = Readonly<Record<NamedKind, readonly string[]>>;

/** Something in memory: written once, read until its last reader is done. */
export interface PlanValue {
  /** Such as `armor.positions@2`. */
  readonly id: string;
  /** Bytes leased for it. */
  readonly bytes: number;
}

/** Value ids by attribute, `indices` among them: how an operation finds its arrays. */
export type Binding = Readonly<Partial<Record<Attribute | WritableAttribute | "indices", string>>>;

/** The part every operation of a plan has. */
export interface PlanOpBase {
  /** What a person reads: `fit armor`. */
  readonly label: string;
  /** Where the recipe asks for it. */
  readonly at: NodePath;
  /** The mesh it is about. */
  readonly mesh: string;
  /** Bound meshes: `mesh` and the consulted ones by their key. */
  readonly binds: Readonly<Record<string, Binding>>;
  /** Selections it uses, by the key of the option that names them; those to unite by number. */
  readonly masks: Readonly<Record<string, string>>;
  /** Values it makes, by attribute. */
  readonly makes: Binding;
  /** Values nobody reads afterwards. */
  readonly frees: readonly string[];
  /** Bytes of temporaries. */
  readonly scratchBytes: number;
  /** Bytes on lease at the most while it runs. */
  readonly peakBytes: number;
}

/** One operation: reading, welding, indexing and uniting selections are inserted by lowering, steps come from the recipe. */
export type PlanOp =
  | PlanOpBase & { readonly kind: "read"; readonly input: RecipeInput }
  | PlanOpBase & { readonly kind: "weld" }
  | PlanOpBase & { readonly kind: "index" }
  | PlanOpBase & { readonly kind: "unite"; readonly match: SelectionMatch }
  | PlanOpBase & {
    readonly kind: "step";
    readonly step: RecipeStep;
    readonly input: string;
    readonly skeletonOf: string | undefined;
  }
  | PlanOpBase & {
    readonly kind: "write";
    readonly output: RecipeOutput;
    /** What goes into the file; the first one's document is the one that stays as it is. */
    readonly pieces: readonly WritePiece[];
  };

/** A mesh that goes into a file. */
export interface WritePiece {
  /** The key in `binds` of what changed of it. */
  readonly bind: string;
  /** The input it began as. */
  readonly input: string;
  /** The input whose skeleton it is bound to, when a step did that. */
  readonly skeletonOf: string | undefined;
}

/** A recipe lowered to operations on values, with the memory each needs. */
export interface Plan {
  /** In the order they run. */
  readonly ops: readonly PlanOp[];
  /** How many of the first operations read and weld; the sizes are exact after them. */
  readonly prologue: number;
  /** Every value by its id. */
  readonly values: ReadonlyMap<string, PlanValue>;
  /** The most bytes on lease at one time. */
  readonly peakBytes: number;
  /** Whether the bytes are exact; else they are an upper bound. */
  readonly exact: boolean;
}
