// @ts-types="npm:@types/js-yaml@4.0.9"
import { CORE_SCHEMA, DEFAULT_SCHEMA, FAILSAFE_SCHEMA, JSON_SCHEMA, type Schema } from "npm:js-yaml@4.3.2";

/** Which scalars get a type of their own: none in `"failsafe"`, dates and merge keys only in `"default"`. */
export type SchemaType = "failsafe" | "json" | "core" | "default";

const SCHEMAS: Readonly<Record<SchemaType, Schema>> = {
  failsafe: FAILSAFE_SCHEMA,
  json: JSON_SCHEMA,
  core: CORE_SCHEMA,
  default: DEFAULT_SCHEMA,
};

/** The schema js-yaml knows by our name for it. */
export function schemaOf(name: SchemaType = "default"): Schema {
  return SCHEMAS[name];
}
