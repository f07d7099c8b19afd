import type { Plot } from './plot.mjs';

export interface BenchRun {
  readonly date: string;
  /** What else a reader should know of it. */
  readonly note?: string;
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
  readonly goals: readonly Goal[];
}

export interface Goal {
  readonly text: string;
  readonly limit: string;
  readonly measured: string;
  /** Missing where it was not measured. */
  readonly met?: boolean;
  /** The explanation that is shown where the goal is missed. */
  readonly why: string;
}

export function writeReport(directory: string, run: BenchRun, sections: readonly Section[]): Promise<void>;
export function readFigures(directory: string): { run: BenchRun; sections: Section[] };
export function page(run: BenchRun, sections: readonly Section[]): string;
export function table(table: Table): string;
