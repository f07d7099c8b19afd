import t from 'tap';
import { parseWrk, total } from '../../bench/wrk.mjs';

const output = `Running 1s test @ http://127.0.0.1:8080/
  1 threads and 50 connections
  Thread Stats   Avg      Stdev     Max   +/- Stdev
    Latency     1.62ms    1.05ms  21.30ms   90.12%
    Req/Sec    18.10k     1.20k   19.50k    70.00%
  Latency Distribution
     50%  950.00us
     75%    1.80ms
     90%    2.45ms
     99%    1.10s 
  18100 requests in 1.00s, 2.50MB read
  Socket errors: connect 1, read 2, write 3, timeout 4
  Non-2xx or 3xx responses: 5
Requests/sec:  18099.55
Transfer/sec:      2.49MB
`;

t.test('rates, latencies in whatever unit, and all that failed', (t) => {
  t.same(parseWrk(output), { rate: 18099.55, p50: 0.95, p99: 1100, requests: 18100, failed: 15 });
  const well = output.replace(/.*(?:Socket errors|Non-2xx).*\n/g, '');
  t.equal(parseWrk(well).failed, 0);
  t.end();
});

t.test('several runs as one', (t) => {
  const one = { rate: 10, p50: 1, p99: 2, requests: 100, failed: 0 };
  const other = { rate: 20, p50: 3, p99: 4, requests: 200, failed: 1 };
  const lowest = (numbers: number[]) => Math.min(...numbers);
  t.same(total([one, other], lowest), { rate: 10, p50: 1, p99: 2, requests: 300, failed: 1 });
  t.end();
});
