/** examples/kubernetes: a schema accepts the manifests, and a ConfigMap that changes is followed by a reload. */
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { delimiter, dirname, join } from 'node:path';
import t, { type Test } from 'tap';
import { parseAllDocuments } from 'yaml';
import { saidBy } from '../helpers/running/control.js';
import { childrenOf } from '../helpers/processes/children-of.js';
import { eventually } from '../helpers/eventually.js';
import { room } from '../helpers/place/room.js';
import { example } from '../helpers/place/samples.js';
import { procFile } from '../helpers/processes/proc-file.js';
import { ours, plainEnvironment, Run } from '../helpers/running/starter.js';

interface Container {
  readonly name: string;
  readonly command: readonly string[];
  readonly args?: readonly string[];
}

interface Manifest {
  readonly apiVersion: string;
  readonly kind: string;
  readonly data?: Readonly<Record<string, string>>;
  readonly spec?: { readonly template?: { readonly spec: { readonly containers: readonly Container[] } } };
}

const text = readFileSync(example('kubernetes/app.yaml'), 'utf8');
const manifests = parseAllDocuments(text).map((document) => document.toJS() as Manifest);
const [, deployment] = manifests;
const containers = deployment?.spec?.template?.spec.containers ?? [];

/** Throws what the schema of its kind says against it. */
function validate(manifest: Manifest): void {
  const { apiVersion, kind } = manifest;
  // kubernetes-models has a module for each kind, of CommonJS, with a class of that name.
  const models = createRequire(import.meta.url)(`kubernetes-models/${apiVersion}/${kind}`) as Readonly<
    Record<string, new (manifest: Manifest) => { validate(): void }>
  >;
  const Model = models[kind];
  if (Model === undefined) throw new Error(`no such kind: ${kind}`);
  new Model(manifest).validate();
}

t.test('the schema', (t) => {
  t.same(
    manifests.map(({ kind }) => kind),
    ['ConfigMap', 'Deployment', 'Service'],
  );
  for (const manifest of manifests) t.doesNotThrow(() => validate(manifest), manifest.kind);
  const wrong = JSON.parse(JSON.stringify(deployment).replace('"periodSeconds":5', '"periodSeconds":"5s"')) as Manifest;
  t.throws(() => validate(wrong), 'it would notice a mistake');
  t.end();
});

t.test('what has to agree', (t) => {
  const [app] = containers;
  const options = app?.args?.slice(0, app.args.indexOf('--')) ?? [];
  t.match(text, /containerPort: 8080/);
  t.ok(options.includes('--port=8080'));
  t.ok(options.includes('--envdir=/etc/app/env') && text.includes('mountPath: /etc/app/env'));
  const controls = Array.from(text.matchAll(/--control=\S+/g), ([option]) => option);
  t.same(controls, ['--control=/run/app/control', '--control=/run/app/control'], 'start_server and the sidecar');
  const [, grace] = /terminationGracePeriodSeconds: (\d+)/.exec(text) ?? [];
  const [, preStop] = /command: \[sleep, '(\d+)'\]/.exec(text) ?? [];
  t.ok(Number(grace) > Number(preStop) + 30, 'the grace is longer than preStop and the end of a worker together');
  t.notMatch(text, 'subPath');
  t.end();
});

/** A mounted ConfigMap, changed as the kubelet changes it: all at once, by the rename of one link. */
class Mount {
  #version = 0;

  constructor(private readonly directory: string) {
    mkdirSync(directory);
  }

  swap(data: Readonly<Record<string, string>>): void {
    const before = `..${String(this.#version)}`;
    this.#version += 1;
    const version = `..${String(this.#version)}`;
    mkdirSync(join(this.directory, version));
    for (const [key, value] of Object.entries(data)) writeFileSync(join(this.directory, version, key), value);
    symlinkSync(version, join(this.directory, '..data_tmp'));
    renameSync(join(this.directory, '..data_tmp'), join(this.directory, '..data'));
    for (const key of Object.keys(data)) {
      rmSync(join(this.directory, key), { force: true });
      symlinkSync(`..data/${key}`, join(this.directory, key));
    }
    rmSync(join(this.directory, before), { recursive: true, force: true });
  }
}

const worker = ['sh', '-c', 'echo "$GREETING" >said.$SERVER_STARTER_GENERATION; exec sleep 99'];

/** A start_server with the mount as its envdir, whose first worker is accepted. */
async function mounted(t: Test) {
  const cwd = room(t);
  const mount = new Mount(join(cwd, 'env'));
  mount.swap({ GREETING: 'hello' });
  const options = ['--envdir=env', '--control=control', '--status-file=status', '--interval=0'];
  const run = new Run(t, [...options, '--', ...worker], { cwd });
  await eventually('the status file', () => existsSync(join(cwd, 'status')), { seen: () => run.stderr });
  const said = async (generation: number) => {
    const file = join(cwd, `said.${String(generation)}`);
    // Made first and written then.
    const whole = () => existsSync(file) && readFileSync(file, 'latin1').endsWith('\n') && readFileSync(file, 'latin1');
    return eventually(file, whole, { seen: () => run.stderr });
  };
  return { cwd, mount, run, said };
}

t.test('the next worker has the new values, and no other variables', async (t) => {
  const { cwd, mount, run, said } = await mounted(t);
  t.equal(await said(1), 'hello\n');
  mount.swap({ GREETING: 'goodbye' });
  t.same(await saidBy(new Run(t, ['--restart', '--control=control'], { cwd })), {
    code: 0,
    stderr: '',
  });
  t.equal(await said(2), 'goodbye\n');
  const environment = procFile(run.workers[1], 'environ').split('\0');
  t.same(
    environment.filter((entry) => entry.startsWith('.')),
    [],
  );
  await run.stop();
});

t.test("what is start_server's own takes effect at the swap", async (t) => {
  const { mount, run, said } = await mounted(t);
  mount.swap({ GREETING: 'renewed', ENABLE_AUTO_RESTART: '1', AUTO_RESTART_INTERVAL: '1' });
  await run.sees(/^autorestart triggered \(interval=1\)$/);
  t.equal(await said(2), 'renewed\n');
  await run.stop();
});

function namesBelow(pid = NaN): string[] {
  return childrenOf(pid).flatMap((child) => [nameOf(child), ...namesBelow(child)]);
}

function nameOf(pid: number): string {
  return procFile(pid, 'comm').trim();
}

/** Containers of a pod see no processes of each other. */
const apart = process.getuid?.() === 0 ? ['unshare', '--pid', '--fork', '--mount-proc', '--kill-child'] : [];

t.test('the sidecar, which sees no process of start_server, restarts when the link has changed', async (t) => {
  const { cwd, mount, run, said } = await mounted(t);
  const script = containers.find(({ name }) => name === 'reload')?.command ?? [];
  const [command = '', ...words] = [...apart, ...script].map((word) =>
    word.replaceAll(/\/etc\/app\/|\/run\/app\//g, `${cwd}/`),
  );
  const path = [dirname(ours.command), process.env['PATH']].join(delimiter);
  const sidecar = spawn(command, words, { cwd, env: { ...plainEnvironment(), PATH: path, PAUSE: '0.1' } });
  t.teardown(() => sidecar.kill('SIGKILL'));
  // It has seen the link as it was.
  await eventually('its first pause', () => namesBelow(sidecar.pid).includes('sleep'));
  mount.swap({ GREETING: 'followed' });
  t.equal(await said(2), 'followed\n');
  await run.sees(/^old worker \d+ died/);
  mount.swap({ GREETING: 'again' });
  t.equal(await said(3), 'again\n');
  await run.sees(/^starting new worker/, 3);
  t.equal(run.workers.length, 3, 'once for each change');
  sidecar.kill();
  await run.stop();
});
