import type { Alias, Document, Node, Pair, Scalar, YAMLMap, YAMLSeq } from "yaml";
import { quote } from "./_words.ts";
import { describeYamlError } from "./_yaml_errors.ts";
import type { RecipeIssue } from "./issue.ts";
import type { Position } from "./locate.ts";
import type { NodePath } from "./recipe.ts";

type Yaml = typeof import("yaml");

/** A recipe as a parser sees it that knows where everything stands. */
export class RecipeDocument {
  /** The last one, as whoever reports faults of a text often asks for it twice; reading takes most of the time. */
  static #last: WeakRef<RecipeDocument> | undefined;
  readonly #text: string;
  readonly #isYaml: boolean;
  readonly #yaml: Yaml;
  readonly #document: Document.Parsed | undefined;
  readonly #lineStarts: readonly number[];
  readonly #anchors = new Map<string, Node>();
  readonly #targets = new Map<Alias, Node | undefined>();
  /** What YAML itself, or our subset of it, has against the text. */
  readonly issues: RecipeIssue[] = [];
  /** Whether parts of the text have no meaning, so that checking {@linkcode value} would find faults that are none. */
  readonly isBroken: boolean;

  /**
   * Reads a text; never throws on what it holds.
   *
   * @param isYaml Whether the parser that decides took the text: then what this one has against it does not count.
   */
  static async open(text: string, isYaml: boolean): Promise<RecipeDocument> {
    const last = RecipeDocument.#last?.deref();
    if (last !== undefined && last.#text === text && last.#isYaml === isYaml) return last;
    const document = new RecipeDocument(text, await import("yaml"), isYaml);
    RecipeDocument.#last = new WeakRef(document);
    return document;
  }

  private constructor(text: string, yaml: Yaml, isYaml: boolean) {
    this.#text = text;
    this.#isYaml = isYaml;
    this.#yaml = yaml;
    this.#lineStarts = lineStarts(text);
    const documents = inQuiet(() => parseDocuments(yaml, text.trimEnd()));
    this.#document = documents[0];
    const errors = isYaml ? [] : documents.flatMap((document) => document.errors);
    for (const error of errors.toSorted((a, b) => a.pos[0] - b.pos[0]).slice(0, 1)) {
      const { message, help, code, offset, length } = describeYamlError(error, text);
      this.#report(code, message, offset, offset + length, help);
    }
    if (documents.length > 1 && errors.length === 0) {
      const [from] = documents[1].range;
      const content = rangeOf(documents[1].contents as Node | null)?.[0] ?? from;
      const marker = text.lastIndexOf("\n---", content) + 1;
      const start = marker > documents[0].range[1] - 4 && marker > 0 ? marker : content;
      this.#report(
        "several-documents",
        "A recipe is one YAML document: here a second one begins",
        start,
        start + 3,
        'Delete the line with "---", or put the second document in a file of its own',
      );
    }
    if (this.issues.length === 0) this.#visit(this.#document?.contents as Node | null);
    const readable: readonly string[] = ["duplicate-key", "yaml-tag"];
    this.isBroken = this.issues.some(({ code }) => !readable.includes(code));
  }

  /** The document's value as plain data; of keys that stand twice, the first. Shared where aliases share. */
  value(): unknown {
    return this.#valueOf(this.#document?.contents as Node | null, new Map());
  }

  /** Where a key or a value stands; of one that is not there, the nearest that holds it. */
  locate(path: NodePath, at: "key" | "value"): Position {
    let node = this.#resolve(this.#document?.contents as Node | null);
    let key: Node | undefined;
    let range: Range | undefined = undefined;
    for (const [depth, part] of path.entries()) {
      const pair = this.#child(node, part);
      if (pair === undefined) return this.#position(range ?? rangeOf(node));
      const isLast = depth === path.length - 1;
      key = pair.key;
      range = (isLast && at === "key" ? rangeOf(key) : undefined) ?? rangeOf(pair.value) ?? rangeOf(key) ?? range;
      node = this.#resolve(pair.value);
      if (isLast && at === "value" && isEmpty(pair.value)) range = rangeOf(key) ?? range;
    }
    return this.#position(range ?? rangeOf(node));
  }

  #child(node: Node | null | undefined, part: string | number): { key?: Node; value: Node | null } | undefined {
    if (this.#yaml.isSeq(node)) {
      const value = typeof part === "number" ? node.items[part] as Node | null | undefined : undefined;
      return value === undefined ? undefined : { value };
    }
    if (!this.#yaml.isMap(node)) return undefined;
    const pair = (node as YAMLMap).items.find((pair) => this.#keyText(pair) === String(part)) as
      | Pair<Node, Node | null>
      | undefined;
    return pair === undefined ? undefined : { key: pair.key, value: pair.value };
  }

  #position(range: Range | undefined): Position {
    const [start, end] = range ?? [0, 0];
    let low = 0, high = this.#lineStarts.length;
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if (this.#lineStarts[middle] <= start) low = middle;
      else high = middle;
    }
    const first = this.#lineStarts[low];
    const lineEnd = this.#text.indexOf("\n", start) < 0 ? this.#text.length : this.#text.indexOf("\n", start);
    const column = start - first + 1;
    const shown = this.#text.slice(start, Math.min(end, lineEnd)).trimEnd().length;
    return { line: low + 1, column: Math.max(1, column), endColumn: Math.max(1, column) + Math.max(1, shown) };
  }

  #report(code: RecipeIssue["code"], message: string, start: number, end: number, help?: string): void {
    const position = this.#position([start, end]);
    this.issues.push({ code, message, path: [], at: "value", ...position, ...(help === undefined ? {} : { help }) });
  }

  /** Registers anchors in the order of the text, and refuses what recipes do not use. */
  #visit(node: Node | null | undefined): void {
    if (node === null || node === undefined || this.issues.length > 100) return;
    if (this.#yaml.isAlias(node)) {
      const target = this.#anchors.get(node.source);
      this.#targets.set(node, target);
      if (target === undefined) {
        const [start, end] = rangeOf(node)!;
        this.#report(
          "bad-yaml",
          `An alias repeats what an anchor named before: there is no "&${node.source}" above "*${node.source}"`,
          start,
          end,
          `Put quotes around it if the star is part of the text`,
        );
      }
      return;
    }
    const { anchor, tag } = node as Scalar | YAMLMap | YAMLSeq;
    if (anchor !== undefined) this.#anchors.set(anchor, node);
    if (tag !== undefined) this.#refuseTag(node);
    if (this.#yaml.isSeq(node)) { for (const item of node.items) this.#visit(item as Node | null); }
    else if (this.#yaml.isMap(node)) this.#visitMap(node as YAMLMap<Node, Node | null>);
  }

  #visitMap(map: YAMLMap<Node, Node | null>): void {
    const first = new Map<string, Node>();
    for (const pair of map.items) {
      this.#visit(pair.key);
      const key = this.#keyText(pair);
      if (key === undefined) this.#refuseKey(pair.key);
      else if (first.has(key)) {
        const [start, end] = rangeOf(pair.key) ?? [0, 0];
        const { line } = this.#position(rangeOf(first.get(key)));
        this.#report(
          "duplicate-key",
          `A key stands once in a map: ${quote(key)} is there already, in line ${line}`,
          start,
          end,
          "Keep one of them",
        );
      } else first.set(key, pair.key);
      this.#visit(pair.value);
    }
  }

  #refuseTag(node: Node): void {
    const [start, end] = rangeOf(node) ?? [0, 0];
    // The tag stands somewhere before its node, with an anchor and line breaks between them perhaps.
    const from = Math.max(0, start - 500);
    const found = [...this.#text.slice(from, end).matchAll(/(?<![^\s,[{])!\S*/g)].filter(({ index }) =>
      from + index <= start
    ).at(-1);
    const at = found === undefined ? start : from + found.index;
    const tag = found?.[0] ?? "!";
    this.#report(
      "yaml-tag",
      `Recipes have no tags, as the option says what a value is: here is ${quote(tag)}`,
      at,
      at + tag.length,
      "Leave the tag out, or put the value in quotes if it is text",
    );
  }

  #refuseKey(key: Node | null): void {
    const [start, end] = rangeOf(key) ?? [0, 0];
    this.#report("complex-key", "A key is plain text: here is another kind of value", start, end, "Write key: value");
  }

  /** The text of a key, or undefined when it has none. */
  #keyText(pair: Pair<unknown, unknown>): string | undefined {
    const { key } = pair;
    if (typeof key === "string") return key;
    return this.#yaml.isScalar(key) && key.value !== null && key.value !== undefined && !isEmpty(key as Node)
      ? String(key.value)
      : undefined;
  }

  #resolve(node: Node | null | undefined): Node | null {
    const target = this.#yaml.isAlias(node) ? this.#targets.get(node) : node;
    return this.#yaml.isAlias(target) ? null : target ?? null;
  }

  #valueOf(node: Node | null, made: Map<Node, unknown>): unknown {
    const target = this.#resolve(node);
    if (target === null || isEmpty(target)) return null;
    if (this.#yaml.isScalar(target)) return String(target.value ?? "");
    if (made.has(target)) return made.get(target);
    if (this.#yaml.isSeq(target)) {
      const list: unknown[] = [];
      made.set(target, list);
      for (const item of target.items) list.push(this.#valueOf(item as Node | null, made));
      return list;
    }
    const map = new Map<string, unknown>();
    made.set(target, map);
    for (const pair of (target as YAMLMap<Node, Node | null>).items) {
      const key = this.#keyText(pair);
      if (key !== undefined && !map.has(key)) map.set(key, this.#valueOf(pair.value, made));
    }
    return map;
  }
}

type Range = readonly [number, number];

function rangeOf(node: Node | null | undefined): Range | undefined {
  return node?.range === null || node?.range === undefined ? undefined : [node.range[0], node.range[1]];
}

/** Nothing behind a colon, as against empty quotes. */
function isEmpty(node: Node | null): boolean {
  if (node === null) return true;
  const { source, type, range } = node as Scalar & { source?: string };
  return type === "PLAIN" && (source ?? "") === "" && (range === undefined || range === null || range[0] === range[1]);
}

function parseDocuments(yaml: Yaml, text: string): Document.Parsed[] {
  try {
    const options = {
      schema: "failsafe",
      version: "1.2",
      uniqueKeys: false,
      prettyErrors: false,
      logLevel: "silent",
      strict: true,
    } as const;
    const documents = yaml.parseAllDocuments(text, options);
    return "empty" in documents ? [] : documents;
  } catch (error) {
    // Only a text too deep for the parser's recursion gets here; the scan lets none through, as far as we know.
    if (error instanceof RangeError) return [];
    throw error;
  }
}

/**
 * The parser asks the environment for debug flags: it gets an empty one, so that no permission is needed. It also makes
 * an error with a stack trace for every fault of a text with many, which takes most of its time: they get none.
 */
function inQuiet<T>(parse: () => T): T {
  const { process } = globalThis as { process?: { env: unknown } };
  const env = process?.env;
  const { stackTraceLimit } = Error as { stackTraceLimit?: number };
  if (process !== undefined) process.env = {};
  if (stackTraceLimit !== undefined) Object.assign(Error, { stackTraceLimit: 0 });
  try {
    return parse();
  } finally {
    if (process !== undefined) process.env = env;
    if (stackTraceLimit !== undefined) Object.assign(Error, { stackTraceLimit });
  }
}

function lineStarts(text: string): number[] {
  const starts = [text.charCodeAt(0) === 0xfeff ? 1 : 0];
  for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) starts.push(at + 1);
  return starts;
}
