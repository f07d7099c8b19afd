/** The variables the operator's options and envdir put over those the superdaemon was started with. */
export interface EnvironmentLayers {
  /** `NAME=value` entries as execve got them; entries without `=` are handed on untouched. */
  readonly start: readonly string[];
  readonly options: ReadonlyMap<string, string>;
  readonly envdir: ReadonlyMap<string, string>;
}

/**
 * The value of a variable, or undefined where it is not set. An envdir overrides options, and these override the
 * environment at the start; an empty text is a value.
 */
export type EnvironmentLookup = (name: string) => string | undefined;

/** The value of a variable for the superdaemon itself. */
export function lookUp({ start, options, envdir }: EnvironmentLayers, name: string): string | undefined {
  return envdir.get(name) ?? options.get(name) ?? valueIn(start, name);
}

/** The whole environ of a worker; `own` are the variables that nothing may override. */
export function workerEnvironment(layers: EnvironmentLayers, own: ReadonlyMap<string, string>): string[] {
  const changed = new Map([...layers.options, ...layers.envdir, ...own]);
  const seen = new Set<string>();
  const kept = layers.start.filter((entry) => {
    const name = nameOf(entry);
    if (name === undefined) return true;
    const first = !seen.has(name);
    seen.add(name);
    return first && !changed.has(name);
  });
  return [...kept, ...Array.from(changed, ([name, value]) => `${name}=${value}`)];
}

/** The value in the first entry with this name. */
export function valueIn(entries: readonly string[], name: string): string | undefined {
  const prefix = `${name}=`;
  return entries.find((entry) => entry.startsWith(prefix))?.slice(prefix.length);
}

function nameOf(entry: string): string | undefined {
  const end = entry.indexOf('=');
  return end < 0 ? undefined : entry.slice(0, end);
}
