/** Reads what wrk prints. */

/** Requests a second, latencies in ms, all requests, and those that failed in whatever way. */
export function parseWrk(text) {
  const number = (pattern) => Number(pattern.exec(text)?.[1] ?? 0);
  const latency = (share) => duration(new RegExp(`^\\s+${share}%\\s+(\\S+)`, 'm').exec(text)?.[1] ?? '');
  const errors = /Socket errors: connect (\d+), read (\d+), write (\d+), timeout (\d+)/.exec(text) ?? [];
  const [, ...counts] = errors;
  return {
    rate: number(/^Requests\/sec:\s+([\d.]+)/m),
    p50: latency(50),
    p99: latency(99),
    requests: number(/^\s*(\d+) requests in/m),
    failed: counts.map(Number).reduce((sum, count) => sum + count, 0) + number(/Non-2xx or 3xx responses: (\d+)/),
  };
}

/** Several runs as one: rates and times become one by `middle`, counts are added up. */
export function total(runs, middle) {
  const all = (field) => runs.map((each) => each[field]);
  const sum = (field) => all(field).reduce((one, other) => one + other, 0);
  return {
    rate: middle(all('rate')),
    p50: middle(all('p50')),
    p99: middle(all('p99')),
    requests: sum('requests'),
    failed: sum('failed'),
  };
}

/** `1.23ms`, `950.00us` or `1.10s` in milliseconds. */
function duration(text) {
  const [, number = 'NaN', unit = 'ms'] = /^([\d.]+)(us|ms|s)$/.exec(text) ?? [];
  return (Number(number) * { us: 1, ms: 1000, s: 1_000_000 }[unit]) / 1000;
}
