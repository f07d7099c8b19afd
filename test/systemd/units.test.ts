/** examples/systemd/app.service under a real systemd: what it promises its operators. */
import t from 'tap';
import { createServer } from 'node:net';
import { once } from 'node:events';
import { eventually } from '../helpers/eventually.js';
import { Load } from '../helpers/load/load.js';
import { freePort } from '../helpers/place/ports.js';
import { answering, App, fittedExample } from '../helpers/systemd/app.js';
import { ServiceManager, withoutServiceManager } from '../helpers/systemd/service-manager.js';

const done = { code: 0, stdout: '', stderr: '' };

t.test('app.service', { skip: withoutServiceManager() }, async (t) => {
  const manager = await ServiceManager.start(t);
  const app = new App(manager);
  const property = (name: string) => manager.property('app', name);
  const place = async (change = (text: string) => text): Promise<number> => {
    const port = await freePort();
    await manager.unit('app.service', change(fittedExample('app.service', port)));
    return port;
  };

  t.test(
    'a start is over when it serves, a reload when the new worker serves, and a stop leaves nothing',
    async (t) => {
      const port = await place();
      t.same(await manager.systemctl('start', 'app'), done);
      t.equal(await answering(port), 1);
      const main = await property('MainPID');
      t.match(await property('StatusText'), /^worker \d+ \(generation 1\) serves since 20/);
      t.same(await manager.systemctl('reload', 'app'), done);
      t.equal(await answering(port), 2);
      t.match(await property('StatusText'), /^worker \d+ \(generation 2\) serves since 20/);
      t.equal(await property('MainPID'), main, 'one main process for ever');
      t.same(await manager.systemctl('stop', 'app'), done);
      t.equal(await property('Result'), 'success');
      t.equal(await answering(port), 'ECONNREFUSED');
    },
  );

  t.test('a reload that fails says so, and the old version serves on', async (t) => {
    const port = await place();
    t.same(await manager.systemctl('start', 'app'), done);
    app.break(4);
    t.equal((await manager.systemctl('reload', 'app')).code, 1);
    t.equal(await property('ActiveState'), 'active');
    t.match(
      await property('StatusText'),
      /^worker \d+ \(generation 1\) serves .*; the last restart has failed; last failure: .*, exit code 4 \(wait status 1024\)/,
    );
    t.equal(await property('StatusErrno'), '10');
    t.equal(await answering(port), 1);
    const warnings = (await manager.journal('app.service')).filter(({ priority }) => priority === 4);
    t.equal(warnings.filter(({ text }) => text.startsWith('new worker ')).length, 3);
    t.match(warnings.at(-1)?.text, /^giving up the restart after 3 failed starts in a row/);
    app.repair();
    t.same(await manager.systemctl('reload', 'app'), done);
    t.equal(await property('StatusErrno'), '0');
    await manager.systemctl('stop', 'app');
  });

  t.test('a start that fails is a failure, with its reason', async (t) => {
    const port = await place((text) => text.replace('Restart=on-failure', 'Restart=no'));
    app.break(3);
    t.equal((await manager.systemctl('start', 'app')).code, 1);
    t.equal(await property('ExecMainStatus'), '69');
    t.match(await property('StatusText'), /^gave up, 3 starts have failed in a row; last failure: .*, exit code 3 /);
    t.match((await manager.journal('app.service')).at(-1), { priority: 6, text: 'exiting' });
    t.match((await manager.journal('app.service')).at(-2), { priority: 3, text: /^giving up after 3 failed starts/ });
    app.repair();
    const other = createServer().listen(port);
    await once(other, 'listening');
    t.equal((await manager.systemctl('start', 'app')).code, 1);
    t.equal(await property('ExecMainStatus'), '98');
    t.match(await property('StatusText'), /^failed to bind to /);
    t.match((await manager.journal('app.service')).at(-1), { priority: 3, text: /^failed to bind to / });
    other.close();
  });

  t.test('a restart loses no request, and a kill -9 refuses nobody', async (t) => {
    const port = await place((text) =>
      text
        .replace('--port=', '--path=/run/app/s --port=')
        .replace('RuntimeDirectory=app', '$&\nRuntimeDirectoryPreserve=restart'),
    );
    const path = `/proc/${String(manager.first)}/root/run/app/s`;
    t.same(await manager.systemctl('start', 'app'), done);
    const before = new Load({ addresses: [port, path], connections: 20, keptAlive: 10 });
    t.teardown(() => before.stop());
    for (let restarts = 0; restarts < 3; restarts += 1) t.same(await manager.systemctl('restart', 'app'), done);
    t.same((await before.stop()).failures, {});
    t.equal(await property('NFileDescriptorStore'), '2', 'each socket is stored once');
    const load = new Load({ addresses: [port, path], connections: 20, keptAlive: 0 });
    t.teardown(() => load.stop());
    await eventually('some answers', () => load.report.requests > 40);
    t.same(await manager.systemctl('kill', '--signal=KILL', '--kill-who=main', 'app'), done);
    await manager.sees('app', 'NRestarts', /^1$/);
    await manager.sees('app', 'ActiveState', /^active$/);
    const { ECONNRESET: cut = 0, EPIPE: unsent = 0, ...others } = (await load.stop()).failures;
    t.same(others, {}, 'whom a worker was answering when systemd ended it is cut off, and nobody else');
    t.ok(cut + unsent <= 20);
    await manager.systemctl('stop', 'app');
  });

  t.test('one that hangs is found by its watchdog, and is back', async (t) => {
    const port = await place((text) => text.replace('WatchdogSec=30', 'WatchdogSec=2'));
    t.same(await manager.systemctl('start', 'app'), done);
    const main = await property('MainPID');
    await manager.run('kill', '-STOP', main);
    await manager.sees('app', 'NRestarts', /^[1-9]/);
    await manager.sees('app', 'ActiveState', /^active$/);
    t.not(await property('MainPID'), main);
    t.equal(await answering(port), 1);
    t.match((await manager.remarks('app.service')).join('\n'), /^app\.service: Watchdog timeout/m);
    await manager.systemctl('stop', 'app');
  });

  t.test('systemd waits for a worker that takes its time, and asks for more', async (t) => {
    const slow = (text: string) =>
      text
        .replace('TimeoutStartSec=60', 'TimeoutStartSec=5')
        .replace('--systemd', '--systemd --ready=notify --start-timeout=30');
    await place(slow);
    app.prepend('systemd-notify --status="warming up"; sleep 7; systemd-notify --ready');
    const starting = manager.systemctl('start', 'app');
    await manager.sees('app', 'StatusText', /is starting, it says: warming up$/);
    t.same(await starting, done);
    t.match(await property('StatusText'), /serves since/);
    await manager.systemctl('stop', 'app');
    await place((text) =>
      text.replace('TimeoutStopSec=45', 'TimeoutStopSec=3').replace('--systemd', '--systemd --stop-timeout=30'),
    );
    app.prepend('trap "sleep 6; exit" TERM; while :; do sleep 0.1; done');
    t.same(await manager.systemctl('start', 'app'), done);
    t.same(await manager.systemctl('stop', 'app'), done);
    t.equal(await property('Result'), 'success', 'the end was waited for, too');
    app.repair();
  });

  t.test('a worker cannot speak in the name of the service', async (t) => {
    await place();
    app.prepend('NOTIFY_SOCKET=/run/systemd/notify systemd-notify --status=lies STOPPING=1 MAINPID=1');
    t.same(await manager.systemctl('start', 'app'), done);
    t.match((await manager.remarks('app.service')).join('\n'), /only permitted for main PID/);
    t.match(await property('StatusText'), /serves since/);
    app.repair();
    await manager.systemctl('stop', 'app');
  });
});
