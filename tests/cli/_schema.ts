import { assert, assertEquals } from "@std/assert";

/** The keywords our schemas of reports use. */
interface Schema {
  readonly type?: string | readonly string[];
  readonly enum?: readonly unknown[];
  readonly minimum?: number;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: Schema | false;
  readonly items?: Schema;
}

/** Asserts that a value is as a schema of ours says, and that every key it may have is described. */
export function assertMatches(value: unknown, schema: Schema, at = "$"): void {
  if (schema.enum !== undefined) {
    return assert(schema.enum.includes(value), `${at}: ${value} is none of ${schema.enum}`);
  }
  const found = Array.isArray(value) ? "array" : Number.isInteger(value) ? "integer" : typeof value;
  const types = [schema.type!].flat(), isNumber = found === "integer" && types.includes("number");
  assert(types.includes(value === null ? "null" : isNumber ? "number" : found), `${at}: ${found} is none of ${types}`);
  if (schema.type === "object" && schema.properties === undefined && schema.additionalProperties === undefined) return;
  if (schema.minimum !== undefined) assert((value as number) >= schema.minimum, `${at}: ${value}`);
  if (Array.isArray(value)) value.forEach((item, i) => assertMatches(item, schema.items!, `${at}[${i}]`));
  if (found !== "object" || value === null) return;
  const object = value as Record<string, unknown>;
  assertEquals([at, (schema.required ?? []).filter((key) => !Object.hasOwn(object, key))], [at, []]);
  for (const [key, part] of Object.entries(object)) {
    const known = schema.properties?.[key] ?? schema.additionalProperties;
    assert(known !== undefined && known !== false, `${at}.${key} is not in the schema`);
    assertMatches(part, known, `${at}.${key}`);
  }
}
