/** One service that is open: its loop, whoever watches it, and what of it another image has to know. */
import { partOf } from '../core/handover/state-part.js';
import { initialState, type State } from '../core/loop/state.js';
import type { StatusReport } from '../core/report/status-report.js';
import type { Keep } from '../system/engine/keep.js';
import { partOfListenFds } from './listen-fds-part.js';
import type { Resources } from './resources.js';
import type { Control } from './control.js';
import type { FailureMemory } from './failure-memory.js';
import type { Kernel } from './kernel.js';
import type { Listeners } from './listeners.js';
import type { Reconfiguration } from './reconfiguration.js';
import type { Run, RunPart } from './run.js';
import type { RunCounters } from './run-counters.js';
import { reportOn } from './status-answer.js';
import { superdaemon, type Observer } from './superdaemon.js';

export interface ServiceParts extends Resources {
  readonly kernel: Kernel;
  /** Told of every decision when it has been carried out, in this order. */
  readonly observers: readonly { readonly observe: Observer }[];
  /** The state in which the image before was; undefined for a start. */
  readonly state: State | undefined;
}

export class Service implements Run {
  #state: State;

  constructor(private readonly parts: ServiceParts) {
    this.#state = parts.state ?? initialState(parts.kernel.now());
  }

  get kernel(): Kernel {
    return this.parts.kernel;
  }

  get listeners(): Listeners {
    return this.parts.listeners;
  }

  get failures(): FailureMemory {
    return this.parts.failures;
  }

  get reconfiguration(): Reconfiguration {
    return this.parts.reconfiguration;
  }

  get control(): Control | undefined {
    return this.parts.control;
  }

  get counters(): RunCounters {
    return this.parts.counters;
  }

  get clients(): number {
    return this.parts.control?.clients ?? 0;
  }

  get readable(): readonly number[] {
    const { control, commands } = this.parts;
    return [...(control?.readable ?? []), ...commands.readinesses.flatMap(({ readable }) => readable)];
  }

  watchForChange(): number | 'changed' | undefined {
    return this.parts.commands.inForce.environment.watchForChange();
  }

  get adoptedWords(): readonly string[] | undefined {
    return this.parts.commands.adoptedWords;
  }

  get state(): State {
    return this.#state;
  }

  /** What is told to whoever asks. */
  get report(): StatusReport {
    return reportOn(this.#state, this.parts);
  }

  /** Writes one line of the log. */
  say(line: string): void {
    this.parts.say(line);
  }

  /** Runs the program until the end and gives the exit code. */
  async run(observe?: Observer): Promise<number> {
    const observers = [...this.parts.observers, ...(observe === undefined ? [] : [{ observe }])];
    const tell: Observer = (before, event, decision) => {
      this.#state = decision.state;
      for (const each of observers) each.observe(before, event, decision);
    };
    try {
      return await superdaemon(this.parts.kernel, tell, this.#state);
    } finally {
      this.parts.reconfiguration.close();
    }
  }

  /** Undefined while something is under way that cannot be handed over. */
  handOver(keep: Keep): RunPart | undefined {
    const { commands, listeners, workerOutput, words, failures, outliving, counters, pidFile, control, manager } =
      this.parts;
    const { environment, log, statusFile, readiness } = commands.inForce;
    if (this.#isChanging) return undefined;
    const state = partOf(this.#state);
    const ready = readiness?.handOver(keep);
    if (state === undefined || (readiness !== undefined && ready === undefined)) return undefined;
    const logger = log.handOver(keep);
    const locked = pidFile?.handOver(keep);
    const asked = control?.handOver(keep);
    return {
      state,
      listeners: listeners.handOver(keep),
      listenFds: partOfListenFds(listeners.listenFds, keep),
      ...(manager && { manager: manager.handOver() }),
      environment: environment.handOver(),
      workerOutput: workerOutput.handOver(),
      heard: words.handOver(),
      failures: failures.handOver(),
      outliving: outliving.handOver(),
      counters: counters.handOver(),
      ...(locked && { pidFile: locked }),
      ...(statusFile && { statusFile: statusFile.handOver() }),
      ...(logger && { logger }),
      ...(ready && { readiness: ready }),
      ...(asked && { control: asked }),
    };
  }

  /** Sockets or files belong to others, too, or to another command line. */
  get #isChanging(): boolean {
    const { commands, reconfiguration, takeOver } = this.parts;
    return takeOver.isUnderWay || reconfiguration.isUnderWay || commands.isChanging;
  }
}
