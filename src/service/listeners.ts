import { assignDescriptors, type ListenerSpec, type Numbered } from '../core/command-line/port-spec.js';
import type { ListenerPart } from '../core/handover/document.js';
import type { ListenerReport } from '../core/report/status-report.js';
import type { Keep } from '../system/engine/keep.js';
import { BoundListener, type Listener } from '../system/sockets/listener.js';

/** An open socket: how it was asked for, and its number in workers. */
export interface OpenListener extends Numbered {
  readonly listener: Listener;
}

/** The sockets of a service, in the order of their specs. */
export class Listeners {
  #open: readonly OpenListener[] = [];

  get all(): readonly OpenListener[] {
    return this.#open;
  }

  /** The sockets as `--show-status` shows them. */
  get reports(): ListenerReport[] {
    return this.#open.map(reportOn);
  }

  /**
   * Opens them one after the other; `open` also gets those that were opened before. Gives back whether all are open. Where
   * `open` gives nothing, or throws, none of them stays open.
   */
  async open(
    specs: readonly ListenerSpec[],
    taken: ReadonlySet<number>,
    open: (spec: ListenerSpec, earlier: readonly ListenerSpec[]) => Promise<Listener | undefined>,
  ): Promise<boolean> {
    const opened: OpenListener[] = [];
    let isAll = false;
    try {
      for (const one of assignDescriptors(specs, taken)) {
        const earlier = opened.map(({ spec }) => spec);
        const listener = await open(one.spec, earlier);
        if (listener === undefined) return false;
        opened.push({ ...one, listener });
      }
      isAll = true;
    } finally {
      if (isAll) this.#open = opened;
      else closeAll(opened);
    }
    return true;
  }

  /** Goes on with those that the image before has handed over, in the order of their specs. */
  takeUp(specs: readonly ListenerSpec[], parts: readonly ListenerPart[]): void {
    this.#open = specs.flatMap((spec, index) => {
      const part = parts[index];
      return part === undefined ? [] : [takenUp(spec, part)];
    });
  }

  handOver(keep: Keep): ListenerPart[] {
    return this.#open.map(({ spec, number, listener }) => {
      const address = spec.kind === 'unix' ? undefined : spec.address;
      return { ...listener.handOver(keep), number, ...(address === undefined ? {} : { address }) };
    });
  }

  close(): void {
    closeAll(this.#open);
    this.#open = [];
  }
}

/** The address of a named host is not looked up again: it is the one that an image before has bound. */
function takenUp(spec: ListenerSpec, part: ListenerPart): OpenListener {
  const { number, address } = part;
  const listener = BoundListener.takeUp(part, spec.kind === 'unix' ? spec.path : undefined);
  const found = spec.kind === 'unix' || address === undefined ? spec : { ...spec, address };
  return { spec: found, number, listener };
}

function closeAll(listeners: readonly OpenListener[]): void {
  for (const { listener } of [...listeners].reverse()) listener.close();
}

/** Tells the port, too, that the system has chosen. */
function reportOn({ spec, listener }: OpenListener): ListenerReport {
  const { kind, key: name } = spec;
  if (kind === 'unix') return { name, kind, address: spec.path };
  return { name, kind, address: spec.address ?? '', port: listener.port };
}
