/** How an image is told that it is to go on with a run, or to say whether it could. */
export const handoverVariable = 'SUPERDAEMON_HANDOVER';

/** Set by the launcher for every command that somebody has typed. */
const launcherVariable = 'SUPERDAEMON_LAUNCHER';

export type Handover =
  /** The run in the document is to be gone on with. */
  | { readonly type: 'take up'; readonly document: number }
  /** The document is to be read, and the outcome written to the other descriptor. */
  | { readonly type: 'check'; readonly document: number; readonly answer: number };

/** Undefined for a command that somebody has typed. */
export function handoverIn(environment: NodeJS.ProcessEnv): Handover | undefined {
  const text = environment[handoverVariable] ?? '';
  const [, document, answer] = /^check:(\d{1,9}):(\d{1,9})$/.exec(text) ?? [];
  if (document !== undefined) return { type: 'check', document: Number(document), answer: Number(answer) };
  // Only the image before leaves the launcher out.
  const isExec = environment[launcherVariable] === undefined && /^\d{1,9}$/.test(text);
  return isExec ? { type: 'take up', document: Number(text) } : undefined;
}

export function checkValue(document: number, answer: number): string {
  return `check:${String(document)}:${String(answer)}`;
}
