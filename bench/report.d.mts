import type { Plot } from './plot.mjs';

export interface BenchRun {
  readonly date: string;
  readonly quick: boolean;
  readonly machine: string;
  /** Load averages at the beginning and at the end. */
  readonly load: readonly string[];
  readonly seconds: number;
  readonly present: readonly string[];
  readonly absent: readonly string[];
}

export interface Table {
  readonly title?: string;
  readonly head: readonly string[];
  readonly rows: readonly (readonly (string | number)[])[];
}

/** What a measurement gives. */
export interface Section {
  readonly title: string;
  readonly prose: readonly string[];
  readonly tables: readonly Table[];
  readonly plots: readonly Plot[];
  /** `met` is missing where it was not measured; `why` is told where it is missed. */
  readonly goals: readonly { text: string; limit: string; measured: string; met?: boolean; why: string }[];
}

export function writeReport(directory: string, run: BenchRun, sections: readonly Section[]): Promise<void>;
export function page(run: BenchRun, sections: readonly Section[]): string;
export function table(table: Table): string;
