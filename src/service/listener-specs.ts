import type { Options } from '../core/command-line/option-table.js';
import { checkListenerSpecs, parsePathSpec, parsePortSpec, type ListenerSpec } from '../core/command-line/port-spec.js';
import { StarterError } from '../core/text/starter-error.js';
import type { Result } from '../core/loop/types.js';
import { longestSocketPath } from '../system/engine/platform.js';

/**
 * Reads all --port and --path values before anything is opened, ports first as the worker finds them; `limit` is that of
 * open files. What makes no sense is a StarterError, what seems odd is said.
 */
export function listenerSpecs(options: Options, limit: number, say: (line: string) => void): readonly ListenerSpec[] {
  const specs = [
    ...options.port.map((text) => valueOf(parsePortSpec(text))),
    ...options.path.map((path) => valueOf(parsePathSpec(path, longestSocketPath))),
  ];
  for (const warning of valueOf(checkListenerSpecs(specs, limit))) say(warning);
  return specs;
}

function valueOf<T>(result: Result<T>): T {
  if (!result.ok) throw new StarterError(result.error);
  return result.value;
}
