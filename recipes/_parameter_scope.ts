import type { Faults } from "./_faults.ts";
import { type Option, type OptionContext, Problem, type ResolvedText } from "./_option.ts";
import { isName, NAME_PATTERN } from "./_names.ts";
import type { RecipeNode } from "./_node.ts";
import { didYouMean, listed, quote } from "./_words.ts";
import type { NodePath } from "./recipe.ts";

/** A declared parameter. Without `text` its declaration has a fault, and what refers to it is not reported again. */
export interface Parameter {
  readonly name: string;
  readonly at: NodePath;
  type?: string;
  option?: Option;
  words?: readonly string[] | undefined;
  text?: string;
  /** For messages about the value where it is used. */
  origin?: string;
}

const WHOLE = new RegExp(`^\\$(?:\\{([^{}]*)\\}|(${NAME_PATTERN}))$`);
const PART = /\$\$|\$\{([^{}]*)\}|\$/g;

/** The parameters of a recipe, and what refers to them. */
export class ParameterScope {
  readonly #parameters = new Map<string, Parameter>();
  readonly #faults: Faults;
  /** Parameters that misspelt references were probably meant to name. */
  readonly #meant = new Set<string>();
  /** False when `params:` cannot be read, so that nothing can be said about references. */
  isKnown = true;

  constructor(faults: Faults) {
    this.#faults = faults;
  }

  /** Adds a parameter. */
  declare(name: string, at: NodePath): Parameter {
    const parameter: Parameter = { name, at };
    this.#parameters.set(name, parameter);
    return parameter;
  }

  /** Whether it is declared. */
  has(name: string): boolean {
    return this.#parameters.has(name);
  }

  /** All of them, in the order of the recipe. */
  all(): Iterable<Parameter> {
    return this.#parameters.values();
  }

  /** The declared names. */
  names(): Iterable<string> {
    return this.#parameters.keys();
  }

  /** Name and text of each, overrides applied. */
  values(): Readonly<Record<string, string>> {
    return Object.fromEntries([...this.#parameters.values()].map(({ name, text }) => [name, text ?? ""]));
  }

  /** Puts values in the place of references: `$name` as a whole, `${name}` inside text, `$$` for a dollar. */
  resolve(text: string, option: Option, subject: string): ResolvedText | Problem {
    if (!text.includes("$")) return { text };
    const whole = WHOLE.exec(text);
    if (whole !== null) return this.#wholeValue(whole[1] ?? whole[2], option, subject);
    let problem: Problem | undefined;
    const resolved = text.replaceAll(PART, (match, name: string | undefined) => {
      if (match === "$$" || problem !== undefined) return "$";
      const part = name === undefined ? this.#strayDollar(text) : this.#find(name);
      if (!(part instanceof Problem)) return part.text!;
      problem = part;
      return "";
    });
    return problem ??
      {
        text: resolved,
        ...(resolved === text.replaceAll("$$", "$") ? {} : { origin: `which ${quote(text)} becomes` }),
      };
  }

  /**
   * Reports what nothing refers to. Every reference counts, wherever it stands: one in a place that cannot be
   * understood is reported there, and not once more here.
   */
  reportUnused(root: ReadonlyMap<string, RecipeNode>): void {
    const mentioned = new Set(this.#meant);
    for (const [key, node] of root) {
      if (key !== "params") collectReferences(node, mentioned);
    }
    for (const { name, at } of this.#parameters.values()) {
      if (mentioned.has(name) || !isName(name)) continue;
      this.#faults.key(
        at,
        "unused-parameter",
        `Nothing refers to parameter ${quote(name)}`,
        `Use it as a value, $${name}, or leave it out`,
      );
    }
  }

  #wholeValue(name: string, option: Option, subject: string): ResolvedText | Problem {
    const parameter = this.#find(name);
    if (parameter instanceof Problem) return parameter;
    const type = parameter.type!;
    if (!option.accepts.includes(type)) {
      return Problem.of(
        "wrong-kind",
        `${subject} takes ${option.takes}: parameter "$${name}" is of type ${type}`,
        `Declare it with type: ${option.kind}`,
      );
    }
    const unfit = type === "enum"
      ? parameter.words!.filter((word) => option.parse(word, plain(subject)) instanceof Problem)
      : [];
    if (unfit.length > 0) {
      const message = `${subject} takes ${option.takes}: parameter "$${name}" can be ${
        listed(unfit.map(quote), "or")
      } as well`;
      return Problem.of(
        "wrong-kind",
        message,
        `Leave ${unfit.length > 1 ? "them" : "it"} out of the values of the parameter`,
      );
    }
    return { text: parameter.text!, origin: parameter.origin! };
  }

  #find(name: string): Parameter | Problem {
    const parameter = this.#parameters.get(name);
    if (parameter !== undefined) return parameter.text === undefined ? new Problem([]) : parameter;
    if (!this.isKnown) return new Problem([]);
    const near = this.#faults.nearest(name, this.names());
    if (near !== undefined) this.#meant.add(near);
    if (!isName(name)) {
      return Problem.of(
        "bad-reference",
        `A reference holds the name of a parameter: ${quote(`\${${name}}`)} does not`,
        'Nothing is computed in a recipe; write "$$" for a dollar',
      );
    }
    const help = near === undefined ? `Declare it under params, or write "$$" for a dollar` : undefined;
    return Problem.of(
      "unknown-parameter",
      `"$${name}" is not a parameter of this recipe${didYouMean(near === undefined ? undefined : `$${near}`)}`,
      help,
    );
  }

  #strayDollar(text: string): Problem {
    const inside = /\$([A-Za-z][\w-]*)/.exec(text)?.[1];
    const help = inside === undefined || !this.has(inside)
      ? 'Write "$$" for a dollar'
      : `Write "\${${inside}}" in quotes for the parameter, "$$" for a dollar`;
    return Problem.of(
      "bad-reference",
      `A dollar starts a reference to a parameter, which is a whole value: ${quote(text)} is not`,
      help,
    );
  }
}

function collectReferences(node: RecipeNode, names: Set<string>): void {
  if (typeof node === "string") {
    for (const [, name] of node.matchAll(/\$\{?([A-Za-z][\w-]*)/g)) names.add(name);
  } else {
    for (const part of node?.values() ?? []) collectReferences(part, names);
  }
}

function plain(subject: string): OptionContext {
  const context: OptionContext = { subject, resolve: (text) => ({ text }), inside: () => context };
  return context;
}
