export function quantile(numbers: readonly number[], share: number): number;
export function median(numbers: readonly number[]): number;
export function summary(numbers: readonly number[]): { count: number; median: number; lower: number; upper: number };
export function ratio(
  numbers: readonly number[],
  base: readonly number[],
  draws?: number,
): { value: number; low: number; high: number };
export function growth(points: readonly (readonly number[])[], noise: number): number;
