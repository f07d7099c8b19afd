export interface Bars {
  readonly type: 'bars';
  /** The name of the file, without its ending. */
  readonly file: string;
  readonly title: string;
  readonly unit: string;
  /** `id` is that of a starter, or of something else that was measured beside them. */
  readonly bars: readonly { id: string; name: string; median: number; lower: number; upper: number }[];
}

export interface Curve {
  readonly type: 'curve';
  readonly file: string;
  readonly title: string;
  readonly unit: string;
  /** What a point is, where its title does not say it. */
  readonly what?: string;
  /** The label of the horizontal axis. */
  readonly label: string;
  readonly lines: readonly { id: string; name: string; points: readonly (readonly number[])[] }[];
}

export type Plot = Bars | Curve;

export function svg(plot: Plot): string;
export function description(plot: Plot): string;
