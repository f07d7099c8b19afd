import type { Goal } from './report.mjs';

export function digits(number: number): string;
export function atMost(
  text: string,
  value: number,
  limit: number,
  why: string,
  show?: (number: number) => string,
): Goal;
