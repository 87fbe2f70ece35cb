/**
 * Where a run reads its inputs and writes its outputs. The core knows no file
 * system: the command line hands in one made of files, tests one made of a map.
 */
export interface RecipeIO {
  /**
   * Reads a file.
   *
   * @param path Relative to what the recipe's paths are relative to, as `resolve` gave it.
   */
  read(path: string): Promise<Uint8Array>;
  /** Joins a path written in `base` (a file) with the folder of `base`. */
  resolve(base: string, path: string): string;
  /**
   * Writes all files or none: every one to a temporary name first, then renamed.
   *
   * @param files Bytes by path, relative to the output folder.
   * @returns Where each went, by the same keys.
   */
  write(files: ReadonlyMap<string, Uint8Array>): Promise<ReadonlyMap<string, string>>;
  /** Says early, before any work, why `write` of these paths would fail; throws what `write` would. */
  assertWritable?(paths: readonly string[]): Promise<void>;
}
