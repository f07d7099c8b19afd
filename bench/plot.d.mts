export interface Bars {
  readonly type: 'bars';
  /** The name of the file, without its ending. */
  readonly file: string;
  readonly title: string;
  readonly unit: string;
  readonly bars: readonly { name: string; median: number; lower: number; upper: number }[];
}

export interface Curve {
  readonly type: 'curve';
  readonly file: string;
  readonly title: string;
  readonly unit: string;
  /** Of the horizontal axis. */
  readonly label: string;
  readonly lines: readonly { name: string; points: readonly (readonly number[])[] }[];
}

export type Plot = Bars | Curve;

export function svg(plot: Plot): string;
export function description(plot: Plot): string;
