/** Units of docs/systemd.md that do not use what start_server can tell systemd: that they work, and what they lack. */
import { createServer } from 'node:net';
import { once } from 'node:events';
import t from 'tap';
import { blocksOf } from '../helpers/docs/doc-blocks.js';
import { eventually } from '../helpers/eventually.js';
import { freePort } from '../helpers/place/ports.js';
import { answering, App, fitted } from '../helpers/systemd/app.js';
import { ServiceManager, withoutServiceManager } from '../helpers/systemd/service-manager.js';

const done = { code: 0, stdout: '', stderr: '' };

/** The units of the page that have no file of their own in examples. */
const units = blocksOf('docs/systemd.md').filter(({ language, file }) => language === 'ini' && file === undefined);
const simple = units.find(({ text }) => !text.includes('Type='))?.text ?? '';
const forking = units.find(({ text }) => text.includes('Type=forking'))?.text ?? '';

t.test('units without it', { skip: withoutServiceManager() }, async (t) => {
  const manager = await ServiceManager.start(t);
  const app = new App(manager);
  const generation = (port: number, wanted: number) =>
    eventually(`an answer of generation ${String(wanted)}`, async () => (await answering(port)) === wanted);

  t.test('kill -HUP: systemd is told nothing, and takes all that happens for a success', async (t) => {
    const port = await freePort();
    await manager.unit('simple.service', fitted(simple, port));
    app.break(3);
    t.same(await manager.systemctl('start', 'simple'), done, 'the program cannot be started');
    await eventually('a failed start', async () => (await said('simple')).includes('exit status:768'));
    t.equal(await manager.property('simple', 'ActiveState'), 'active');
    app.repair();
    await eventually('an answer', async () => Number.isInteger(await answering(port)));
    const before = Number(await answering(port));
    t.same(await manager.systemctl('reload', 'simple'), done);
    await generation(port, before + 1);
    app.break(4);
    t.same(await manager.systemctl('reload', 'simple'), done, 'the new version fails');
    await eventually('a failed start', async () => (await said('simple')).includes('exit status:1024'));
    await generation(port, before + 1);
    t.equal(await manager.property('simple', 'StatusText'), '');
    t.same(await manager.systemctl('stop', 'simple'), done);
    t.equal(await manager.property('simple', 'ActiveState'), 'inactive');
    app.repair();
  });

  t.test('the same with a port that is in use', async (t) => {
    const port = await freePort();
    const other = createServer().listen(port);
    await once(other, 'listening');
    await manager.unit('simple.service', fitted(simple, port));
    t.same(await manager.systemctl('start', 'simple'), done);
    await manager.sees('simple', 'ActiveState', /^failed$/);
    t.equal(await manager.property('simple', 'ExecMainStatus'), '98');
    await manager.unit('forking.service', fitted(forking, port));
    t.equal((await manager.systemctl('start', 'forking')).code, 1, 'with --daemonize the start fails');
    other.close();
  });

  t.test('--daemonize: the start waits for the sockets, and the pid file names the main process', async (t) => {
    const port = await freePort();
    await manager.unit('forking.service', fitted(forking, port));
    t.same(await manager.systemctl('start', 'forking'), done);
    await generation(port, 1);
    const pid = (await manager.run('cat', '/run/app/pid')).stdout;
    t.equal(`${await manager.property('forking', 'MainPID')}\n`, pid);
    t.same(await manager.systemctl('reload', 'forking'), done);
    await generation(port, 2);
    t.same(await manager.systemctl('stop', 'forking'), done);
    t.equal(await answering(port), 'ECONNREFUSED');
    t.equal(await manager.property('forking', 'Result'), 'success');
    t.notMatch(await said('forking'), /starting new worker/, 'the log is elsewhere');
  });

  async function said(unit: string): Promise<string> {
    return (await manager.journal(`${unit}.service`)).map(({ text }) => text).join('\n');
  }
});
