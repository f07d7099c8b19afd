/** examples/monitoring/app-metrics.service under a real systemd: numbers for node_exporter, and none of a service that is gone. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { freePort } from '../helpers/place/ports.js';
import { example } from '../helpers/place/samples.js';
import { App, fitted, fittedExample } from '../helpers/systemd/app.js';
import { ServiceManager, withoutServiceManager } from '../helpers/systemd/service-manager.js';

const textOf = (name: string) => readFileSync(example(join('monitoring', name)), 'utf8');

t.test('numbers for node_exporter', { skip: withoutServiceManager() }, async (t) => {
  const manager = await ServiceManager.start(t);
  const app = new App(manager);
  app.repair();
  const port = await freePort();
  await manager.unit('app.service', fittedExample('app.service', port));
  const unit = fitted(textOf('app-metrics.service'), port).replace('/var/lib/prometheus/node-exporter', '/run/app');
  await manager.unit('app-metrics.service', unit);
  await manager.unit('app-metrics.timer', textOf('app-metrics.timer'));
  t.equal((await manager.systemctl('start', 'app', 'app-metrics.timer')).code, 0);
  t.equal((await manager.systemctl('start', 'app-metrics')).code, 0);
  const written = (await manager.run('cat', '/run/app/app.prom')).stdout;
  t.match(written, /^start_server_workers\{state="current"\} 1$/m);
  t.match(await manager.property('app-metrics.timer', 'NextElapseUSecRealtime'), /\d/, 'the next one is due');

  await manager.run('mv', '/run/app/control', '/run/app/away');
  t.equal((await manager.systemctl('start', 'app-metrics')).code, 1, 'nobody answers');
  t.equal((await manager.run('cat', '/run/app/app.prom')).stdout, written, 'the file stays as it was');
});
