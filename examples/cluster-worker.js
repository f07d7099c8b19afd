/**
 * examples/http-worker.js in as many processes as there are processors, with node:cluster. It loses no request either.
 *
 *     start_server --port=8080 -- node examples/cluster-worker.js
 */
import cluster from 'node:cluster';
import { availableParallelism } from 'node:os';

// Each process accepts for itself. Otherwise the primary does, and connections that it has not handed on are lost when
// the last process closes its server. Either way a descriptor in listen({ fd }) is one of the primary's.
cluster.schedulingPolicy = cluster.SCHED_NONE;

if (cluster.isPrimary) lead();
else await serve();

function lead() {
  let stopping = false;
  const stop = () => {
    stopping = true;
    for (const { process } of Object.values(cluster.workers)) process.kill('SIGTERM');
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
  cluster.on('exit', () => {
    const replace = () => stopping || cluster.fork();
    // With none left the primary ends, and start_server starts another one.
    setTimeout(replace, 1000).unref();
  });
  for (let count = availableParallelism(); count > 0; count -= 1) cluster.fork();
}

async function serve() {
  // Told to end, a process is kept by its connections only, and not by its way to the primary.
  process.on('SIGTERM', () => process.channel?.unref());
  await import('./http-worker.js');
}
