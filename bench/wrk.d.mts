export interface WrkResult {
  /** Requests a second. */
  rate: number;
  /** In milliseconds. */
  p50: number;
  p99: number;
  requests: number;
  failed: number;
}

export function parseWrk(text: string): WrkResult;
export function total(runs: readonly WrkResult[], middle: (numbers: number[]) => number): WrkResult;
