import type { Faults } from "./_faults.ts";
import type { RecipeNode } from "./_node.ts";
import { isName } from "./_names.ts";
import { SelectionScope } from "./_selections.ts";
import { didYouMean, listed, quote } from "./_words.ts";
import type { NodePath } from "./recipe.ts";

/** A mesh by its name, as the recipe goes on. */
export interface MeshState {
  readonly name: string;
  /** What introduces it: an input's key, or the value of an `as:`. */
  readonly at: NodePath;
  readonly isInput: boolean;
  /** The input it began as, whose vertices it has; undefined where that cannot be told. */
  readonly family: string | undefined;
  /** False when the step that makes it is switched off. */
  readonly exists: boolean;
  isUsed: boolean;
  /** The last change nobody has looked at yet. */
  unseen: { readonly at: NodePath; readonly by: string } | undefined;
}

/** The meshes of a recipe: which there are, and what becomes of each. */
export class MeshScope {
  /** Places of meshes with names of their own. */
  readonly selections: SelectionScope;
  readonly #meshes = new Map<string, MeshState>();
  readonly #faults: Faults;
  /** Names that `as:` gives, and the step that does, so that a mesh used too early is told from one that is not there. */
  readonly #later: ReadonlyMap<string, string>;
  /** Names used before there was one: somebody looks at those, which is reported as too early. */
  readonly #early = new Set<string>();
  /** False when a part of the recipe that names meshes cannot be read: any name may be right. */
  areNamesKnown = true;
  /** False when a part of the recipe that uses meshes cannot be read: any mesh may be of use. */
  areUsesKnown = true;

  constructor(faults: Faults, later: ReadonlyMap<string, string>) {
    this.#faults = faults;
    this.#later = later;
    this.selections = new SelectionScope(faults, later);
  }

  /** Whether there is one of that name by now. */
  has(name: string): boolean {
    return this.#meshes.has(name);
  }

  /** Adds an input. One whose name is none cannot be used, which is reported as that. */
  addInput(name: string, at: NodePath): void {
    const isUsed = !isName(name);
    this.#meshes.set(name, { name, at, isInput: true, family: name, exists: true, isUsed, unseen: undefined });
  }

  /** Adds the copy a step makes of another mesh, unless the name is taken. */
  addCopy(name: string, at: NodePath, by: string, exists: boolean, of?: MeshState): void {
    const known = this.#meshes.get(name);
    if (known !== undefined || this.selections.has(name)) {
      const what = known?.isInput ? "an input has it" : "an earlier step gives it";
      this.#faults.value(at, "name-taken", `"as" gives a copy a new name: ${quote(name)} is taken, as ${what}`);
      this.areNamesKnown = false;
      return;
    }
    const family = of?.family, unseen = this.#early.has(name) ? undefined : { at, by };
    this.#meshes.set(name, { name, at, isInput: false, family, exists, isUsed: true, unseen });
  }

  /**
   * The mesh of that name, which counts as used; reports when there is none.
   *
   * @param isOn Whether the step that asks runs: one that does not may use what another one like it would have made.
   */
  find(name: string, path: NodePath, isOn = true): MeshState | undefined {
    const mesh = this.#meshes.get(name);
    if (mesh === undefined) {
      if (this.areNamesKnown) this.#reportUnknown(name, path);
      return undefined;
    }
    mesh.isUsed = true;
    if (mesh.exists || !isOn) return mesh;
    this.#touch(mesh);
    this.#faults.value(
      path,
      "mesh-too-early",
      `${quote(name)} does not exist, as the step that makes it is switched off by its "if"`,
      `Give this step the same "if", or use another mesh`,
    );
    return undefined;
  }

  /** Counts every mesh a node names as used and seen, for nodes that cannot be understood. */
  mention(node: RecipeNode): void {
    this.selections.mention(node);
    this.#mention(node);
  }

  #mention(node: RecipeNode): void {
    if (typeof node === "string") {
      const mesh = this.#meshes.get(node);
      if (mesh !== undefined) this.#touch(mesh);
    } else for (const part of node?.values() ?? []) this.#mention(part);
  }

  /** Reports inputs that nothing uses, and changes that nothing writes or looks at. */
  reportUnused(): void {
    if (!this.areUsesKnown) return;
    this.selections.reportUnused();
    for (const { name, at, isInput, isUsed, unseen } of this.#meshes.values()) {
      if (isInput && !isUsed) {
        this.#faults.key(
          at,
          "unused-input",
          `No step and no output uses input ${quote(name)}`,
          "Use it, or leave it out",
        );
      } else if (unseen !== undefined) {
        const help = `Add an output: ${name}: { mesh: ${name}, file: ${name}.glb }`;
        this.#faults.value(
          unseen.at,
          "lost-result",
          `No output writes ${quote(name)}, and no step looks at it after ${quote(unseen.by)}`,
          help,
        );
      }
    }
  }

  #reportUnknown(name: string, path: NodePath): void {
    if (this.selections.has(name)) {
      this.selections.mention(name);
      this.#faults.value(path, "unknown-mesh", `${quote(name)} is a selection, not a mesh`, "Name the mesh it is of");
      return;
    }
    const later = this.#later.get(name);
    if (later !== undefined) {
      this.#early.add(name);
      this.#faults.value(
        path,
        "mesh-too-early",
        `${quote(name)} does not exist yet: ${later} makes it`,
        "Move that step up, or use another mesh",
      );
      return;
    }
    const near = this.#faults.nearest(name, this.#meshes.keys());
    const meant = near === undefined ? undefined : this.#meshes.get(near);
    if (meant !== undefined) this.#touch(meant);
    const known = [...this.#meshes.keys()];
    const help = known.length === 0
      ? "There are no meshes: name files under inputs"
      : `Meshes here are ${listed(known.slice(0, 12))}`;
    this.#faults.value(path, "unknown-mesh", `${quote(name)} is not a mesh of this recipe${didYouMean(near)}`, help);
  }

  #touch(mesh: MeshState): void {
    mesh.isUsed = true;
    mesh.unseen = undefined;
  }
}
