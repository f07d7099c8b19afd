/** The units of examples/systemd with a .socket unit, under a real systemd. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import t from 'tap';
import { Load } from '../helpers/load/load.js';
import { freePort } from '../helpers/place/ports.js';
import { withoutCommand } from '../helpers/place/installed.js';
import { example } from '../helpers/place/samples.js';
import { answering, App, fittedExample } from '../helpers/systemd/app.js';
import { ServiceManager, withoutServiceManager } from '../helpers/systemd/service-manager.js';

const done = { code: 0, stdout: '', stderr: '' };

t.test('units with sockets', { skip: withoutServiceManager() }, async (t) => {
  const manager = await ServiceManager.start(t);
  new App(manager);
  const place = async (name: string): Promise<number> => {
    const port = await freePort();
    for (const unit of [`${name}.socket`, `${name}.service`]) await manager.unit(unit, fittedExample(unit, port));
    t.same(await manager.systemctl('start', `${name}.socket`), done);
    return port;
  };

  t.test(
    'app-socket: a client that comes before the first start is answered, and a restart refuses nobody',
    async (t) => {
      const port = await place('app-socket');
      const path = `/proc/${String(manager.first)}/root/run/app.sock`;
      t.equal(await manager.property('app-socket', 'ActiveState'), 'inactive');
      t.equal(await answering(path), 1);
      await manager.sees('app-socket', 'ActiveState', /^active$/);
      t.same(await manager.systemctl('reload', 'app-socket'), done);
      t.same([await answering(port), await answering(path)], [2, 2]);
      const load = new Load({ addresses: [port, path], connections: 20, keptAlive: 10 });
      t.teardown(() => load.stop());
      for (let restarts = 0; restarts < 3; restarts += 1)
        t.same(await manager.systemctl('restart', 'app-socket'), done);
      t.same((await load.stop()).failures, {});
      t.same(await manager.systemctl('stop', 'app-socket.service'), {
        ...done,
        stderr: 'Warning: Stopping app-socket.service, but it can still be activated by:\n  app-socket.socket\n',
      });
      t.equal(await answering(port), 1, 'the sockets are as they were, and the next client starts it again');
      t.same(await manager.systemctl('stop', 'app-socket.socket', 'app-socket.service'), done);
      t.equal(await answering(port), 'ECONNREFUSED');
    },
  );

  t.test('a socket that no option names', async (t) => {
    const port = await freePort();
    const unit = (name: string) => fittedExample(name, port);
    await manager.unit(
      'app-socket.socket',
      unit('app-socket.socket').replace('ListenStream=', 'ListenStream=/run/x\n$&'),
    );
    await manager.unit('app-socket.service', unit('app-socket.service').replace('on-failure', 'no'));
    t.equal((await manager.systemctl('start', 'app-socket.service')).code, 1);
    t.match(
      await manager.property('app-socket', 'StatusText'),
      /^systemd hands down a socket that no option names: "app-socket\.socket", unix socket "\/run\/x" .*; give --path=\/run\/x,/,
    );
    await manager.systemctl('stop', 'app-socket.socket');
  });

  t.test('app-hardened: with few rights it does all the same', async (t) => {
    const port = await place('app-hardened');
    t.same(await manager.systemctl('start', 'app-hardened'), done);
    t.equal(await answering(port), 1);
    const pid = await manager.property('app-hardened', 'MainPID');
    const status = (await manager.run('cat', `/proc/${pid}/status`)).stdout;
    t.match(status, /^CapBnd:\t0+$/m);
    t.match(status, /^Seccomp:\t2$/m);
    t.same(await manager.systemctl('reload', 'app-hardened'), done);
    t.equal(await answering(port), 2);
    const load = new Load({ addresses: [port], connections: 20, keptAlive: 10 });
    t.teardown(() => load.stop());
    t.same(await manager.systemctl('restart', 'app-hardened'), done);
    t.same((await load.stop()).failures, {});
    t.notMatch((await manager.journal('app-hardened.service')).map(({ priority }) => priority).join(), /[0-5]/);
    t.same(await manager.systemctl('stop', 'app-hardened.socket', 'app-hardened.service'), done);
  });
});

t.test('the figure in the documentation', { skip: withoutCommand('systemd-analyze') }, (t) => {
  const words = ['security', '--offline=true', '--no-pager', example('systemd/app-hardened.service')];
  const shown = execFileSync('systemd-analyze', words, { encoding: 'utf8' });
  const [, figure = ''] = /^→ Overall exposure level for app-hardened\.service: (\S+) /m.exec(shown) ?? [];
  t.match(readFileSync('docs/systemd.md', 'utf8'), `exposure level of ${figure}`);
  t.end();
});
