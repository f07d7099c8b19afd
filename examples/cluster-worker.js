/**
 * A server in as many processes as there are processors, with node:cluster, on every socket that start_server holds.
 *
 *     start_server --port=8080 --path=/tmp/app.sock -- node examples/cluster-worker.js
 */
import cluster from 'node:cluster';
import { createServer } from 'node:http';
import { availableParallelism } from 'node:os';
import { listen, serverPorts } from 'superdaemon/worker';

// Each process accepts for itself. Otherwise the primary does, and connections that it has not handed on are lost when
// the last process closes its server.
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
  const text = `generation ${process.env.SERVER_STARTER_GENERATION}, pid ${process.pid}\n`;
  for (const key of Object.keys(serverPorts())) {
    await listen(
      createServer((request, response) => response.end(text)),
      key,
    );
  }
}
