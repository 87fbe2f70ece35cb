/** A text from the environment, where it may be read without asking. */
export async function envText(name: string): Promise<string | undefined> {
  const { state } = await Deno.permissions.query({ name: "env", variable: name });
  return state === "granted" ? Deno.env.get(name) : undefined;
}

/** A number from the environment, where it may be read without asking: how much of a long test is run. */
export async function envNumber(name: string, otherwise: number): Promise<number> {
  return Number(await envText(name) ?? otherwise);
}
