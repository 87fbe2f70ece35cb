import type { Faults } from "./_faults.ts";
import type { MeshScope, MeshState } from "./_meshes.ts";
import type { RecipeNode } from "./_node.ts";
import { didYouMean, listed, quote } from "./_words.ts";
import type { NodePath } from "./recipe.ts";

/** A selection by its name, as the recipe goes on. */
interface SelectionState {
  readonly name: string;
  /** The value of the `as:` that introduces it. */
  readonly at: NodePath;
  /** The input whose vertices it is of; undefined where that cannot be told. */
  readonly family: string | undefined;
  /** What it was made of, for messages. */
  readonly mesh: string;
  /** False when the step that makes it is switched off. */
  readonly exists: boolean;
  isUsed: boolean;
}

/** The selections of a recipe: which there are, of what, and whether something uses them. */
export class SelectionScope {
  readonly #selections = new Map<string, SelectionState>();
  readonly #faults: Faults;
  /** Names that `as:` gives, and the step that does. */
  readonly #later: ReadonlyMap<string, string>;
  /** Names used before there was one: those are used, which is reported as too early. */
  readonly #early = new Set<string>();

  constructor(faults: Faults, later: ReadonlyMap<string, string>) {
    this.#faults = faults;
    this.#later = later;
  }

  /** Whether there is one of that name by now. */
  has(name: string): boolean {
    return this.#selections.has(name);
  }

  /** Adds what a step makes of `mesh`, unless a mesh or another one has the name. */
  add(name: string, at: NodePath, mesh: MeshState | undefined, exists: boolean, meshes: MeshScope): void {
    const holder = meshes.has(name) ? "a mesh" : this.has(name) ? "an earlier selection" : undefined;
    if (holder !== undefined) {
      this.#faults.value(
        at,
        "name-taken",
        `"as" gives a selection a name of its own: ${quote(name)} is taken, as ${holder} has it`,
      );
      return;
    }
    this.#selections.set(name, {
      name,
      at,
      family: mesh?.family,
      mesh: mesh?.name ?? "",
      exists,
      isUsed: this.#early.has(name),
    });
  }

  /** Adds what a step that cannot be understood may make. */
  addUnknown(name: string, at: NodePath): void {
    if (this.has(name)) return;
    this.#selections.set(name, { name, at, family: undefined, mesh: "", exists: true, isUsed: true });
  }

  /** Uses one on `mesh`; reports when there is none, or it is of another mesh. */
  use(name: string, path: NodePath, mesh: MeshState | undefined, isOn: boolean, meshes: MeshScope, step: string): void {
    const found = this.#selections.get(name);
    if (found === undefined) {
      if (meshes.areNamesKnown) this.#reportUnknown(name, path, mesh, meshes);
      return;
    }
    found.isUsed = true;
    if (!found.exists && isOn) {
      this.#faults.value(
        path,
        "selection-too-early",
        `${quote(name)} does not exist, as the step that makes it is switched off by its "if"`,
        `Give this step the same "if", or use another selection`,
      );
    } else if (mesh?.family !== undefined && found.family !== undefined && found.family !== mesh.family) {
      this.#faults.value(
        path,
        "other-mesh",
        `${quote(name)} is a selection of ${quote(found.mesh)}: ${quote(step)} works on ${quote(mesh.name)} here`,
        `Select of ${quote(mesh.name)} too, under another name`,
      );
    }
  }

  /** Counts those a node names as used, for nodes that cannot be understood. */
  mention(node: RecipeNode): void {
    if (typeof node === "string") {
      const found = this.#selections.get(node);
      if (found !== undefined) found.isUsed = true;
    } else for (const part of node?.values() ?? []) this.mention(part);
  }

  /** Reports those nothing uses. */
  reportUnused(): void {
    for (const { name, at, isUsed } of this.#selections.values()) {
      if (isUsed) continue;
      const help = `Name it in a later step, such as smooth: { mesh: …, only: ${name} }, or leave it out`;
      this.#faults.value(at, "unused-selection", `No step uses selection ${quote(name)}`, help);
    }
  }

  #reportUnknown(name: string, path: NodePath, mesh: MeshState | undefined, meshes: MeshScope): void {
    const example = `- select: { mesh: ${mesh?.name ?? "armor"}, … } with as: ${name}`;
    if (meshes.has(name)) {
      this.#faults.value(
        path,
        "unknown-selection",
        `${quote(name)} is a mesh, not a selection`,
        `Add ${example} before it`,
      );
      return;
    }
    const later = this.#later.get(name);
    if (later !== undefined) {
      this.#early.add(name);
      const message = `${quote(name)} does not exist yet: ${later} makes it`;
      this.#faults.value(path, "selection-too-early", message, "Move that step up, or use another selection");
      return;
    }
    const near = this.#faults.nearest(name, this.#selections.keys());
    if (near !== undefined) this.mention(near);
    const known = [...this.#selections.keys()];
    const help = known.length === 0 ? `Add ${example} before it` : `Selections here are ${listed(known.slice(0, 12))}`;
    const message = `${quote(name)} is not a selection of this recipe${didYouMean(near)}`;
    this.#faults.value(path, "unknown-selection", message, help);
  }
}
