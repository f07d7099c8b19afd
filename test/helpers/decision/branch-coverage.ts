import { Session, type Profiler } from 'node:inspector';

/** V8's own count of what runs in this process from now on, branch by branch; no code is instrumented for it. */
export class BranchCoverage {
  readonly #session = new Session();

  /** To be constructed before the modules in question are loaded. */
  constructor() {
    this.#session.connect();
    this.#session.post('Debugger.enable');
    this.#session.post('Profiler.enable');
    this.#session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: true });
  }

  /** Files by their URL, each with the pieces of code in it that never ran; braces and blanks are no code. */
  take(): Map<string, string[]> {
    const scripts: Profiler.ScriptCoverage[] = [];
    // The inspector of the own process answers before `post` returns.
    this.#session.post('Profiler.takePreciseCoverage', (_, { result }) => scripts.push(...result));
    const files = scripts.filter(({ url }) => url.startsWith('file:'));
    return new Map(files.map((script) => [fileOf(script.url), this.#uncovered(script)]));
  }

  close(): void {
    this.#session.disconnect();
  }

  #uncovered({ scriptId, functions }: Profiler.ScriptCoverage): string[] {
    const pieces: string[] = [];
    this.#session.post('Debugger.getScriptSource', { scriptId }, (_, { scriptSource }) => {
      const unused = functions.flatMap(({ ranges }) => ranges).filter(({ count }) => count === 0);
      pieces.push(...unused.map(({ startOffset, endOffset }) => scriptSource.slice(startOffset, endOffset)));
    });
    return pieces.filter((piece) => /\w/.test(piece));
  }
}

/** The URL of the file, without what a loader has added to it. */
function fileOf(url: string): string {
  return url.replace(/\?.*$/, '');
}
