import type { IssueCode, RecipeFault } from "./issue.ts";
import { nearest } from "./nearest.ts";
import type { NodePath } from "./recipe.ts";

/** After so many a person reads no further, and a text made to be wrong cannot keep us busy. */
const MAX_FAULTS = 200;

/** Collects what is wrong with a recipe. */
export class Faults {
  readonly list: RecipeFault[] = [];

  /** Adds one about a value. */
  value(path: NodePath, code: IssueCode, message: string, help?: string): void {
    this.add({ code, message, path, at: "value", ...(help === undefined ? {} : { help }) });
  }

  /** Adds one about a key. */
  key(path: NodePath, code: IssueCode, message: string, help?: string): void {
    this.add({ code, message, path, at: "key", ...(help === undefined ? {} : { help }) });
  }

  /** Adds one, as long as there are not too many. */
  add(fault: RecipeFault): void {
    if (!this.isFull) this.list.push(fault);
  }

  /** Whether more would be left out. */
  get isFull(): boolean {
    return this.list.length >= MAX_FAULTS;
  }

  /** The name that was probably meant; looks for none once nobody would read it. */
  nearest(name: string, candidates: Iterable<string>): string | undefined {
    return this.isFull ? undefined : nearest(name, candidates);
  }
}
