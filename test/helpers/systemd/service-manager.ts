import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Test } from 'tap';
import { childrenOf } from '../processes/children-of.js';
import { eventually } from '../eventually.js';
import { workspace } from '../place/workspace.js';

const systemd = '/lib/systemd/systemd';
const root = join(import.meta.dirname, '../../..');
const keeper = join(import.meta.dirname, 'keeper.sh');

/** Why no systemd can be run here, for tap's `skip`; false where it can. */
export function withoutServiceManager(): string | false {
  if (!existsSync(systemd)) return 'systemd is not installed';
  if (process.getuid?.() !== 0) return 'only root can give systemd namespaces of its own';
  if (ownGroup() === undefined) return 'there are no control groups of version 2';
  const mounts = 'mount -t tmpfs none /run && mount -t cgroup2 none /sys/fs/cgroup';
  const namespaces = ['--mount', '--cgroup', '--pid', '--fork', '--mount-proc'];
  const tried = spawnSync('unshare', [...namespaces, 'sh', '-c', mounts], { encoding: 'latin1' });
  return tried.status === 0 ? false : `systemd cannot be given namespaces of its own: ${tried.stderr}`;
}

/** The control group of this process, in which each manager gets one; undefined where there are none of version 2. */
function ownGroup(): string | undefined {
  const hierarchy = /^\S+ (\S+) cgroup2 /m.exec(readFileSync('/proc/self/mounts', 'latin1'))?.[1];
  const path = /^0::(.*)$/m.exec(readFileSync('/proc/self/cgroup', 'latin1'))?.[1];
  return hierarchy === undefined || path === undefined ? undefined : join(hierarchy, path);
}

/** The control groups of all managers of tests, those of other test processes among them. */
export function managerGroups(): string[] {
  return readdirSync(ownGroup() ?? '').filter((name) => name.startsWith('superdaemon-test-'));
}

export interface Said {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface JournalEntry {
  /** The priority in syslog's numbers: 3 is an error, 4 a warning, 6 information. */
  readonly priority: number;
  readonly text: string;
}

/**
 * A real systemd: a user manager of root's in namespaces of its own, with a journal, and with a user `app`. It shares the
 * network and the file system with the test, but for /run, /tmp and /srv; `/srv/superdaemon` is this package. All that it
 * runs ends with the test, or with the test process.
 */
export class ServiceManager {
  private constructor(
    /** What the services see as /srv/app, where `app` is the program of the examples. */
    readonly directory: string,
    private readonly units: string,
    /** The pid of the process 1 of its namespace, outside of that. */
    readonly first: number,
  ) {}

  /** The manager of this file of tests: one is enough. */
  static async start(t: Test): Promise<ServiceManager> {
    const directory = workspace(t);
    for (const name of ['app', 'units']) mkdirSync(join(directory, name));
    // In a session of its own, so that no signal to the group of the test process keeps it from its task.
    const child = spawn('sh', [keeper, ownGroup() ?? '', root, directory], {
      env: { PATH: process.env['PATH'], LANG: 'C.UTF-8' },
      detached: true,
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    let stderr = '';
    child.stderr.setEncoding('latin1').on('data', (text: string) => (stderr += text));
    const gone = once(child, 'exit');
    t.teardown(async () => {
      child.stdin.end();
      await gone;
    });
    const [line] = (await once(createInterface(child.stdout), 'line')) as [string];
    const seen = () => stderr;
    const first = await eventually('process 1', () => childrenOf(Number(line))[0], { seen });
    const manager = new ServiceManager(join(directory, 'app'), join(directory, 'units'), first);
    await eventually('basic.target', async () => (await manager.systemctl('is-active', 'basic.target')).code === 0, {
      seconds: 60,
      seen,
    });
    // As under the manager of the system, whose services run as other users.
    await manager.run('chmod', '777', '/run/systemd/notify');
    return manager;
  }

  /** The version of systemd. */
  get version(): number {
    const { stdout } = spawnSync(systemd, ['--version'], { encoding: 'latin1' });
    return Number(/^systemd (\d+)/.exec(stdout)?.[1]);
  }

  /** Writes a unit, in place of one that had its name. */
  async unit(name: string, text: string): Promise<void> {
    writeFileSync(join(this.units, name), text);
    const { code, stderr } = await this.systemctl('daemon-reload');
    if (code !== 0) throw new Error(`daemon-reload: ${stderr}`);
  }

  async systemctl(...words: readonly string[]): Promise<Said> {
    return this.run('systemctl', '--user', '--no-pager', ...words);
  }

  /** A property of a unit, as `systemctl show` has it. */
  async property(unit: string, name: string): Promise<string> {
    return (await this.systemctl('show', '--value', `--property=${name}`, unit)).stdout.replace(/\n$/, '');
  }

  /** Waits until a property is as it should be, and gives it. */
  async sees(unit: string, name: string, expected: RegExp): Promise<string> {
    let value = '';
    await eventually(
      `${name} of ${unit} as ${String(expected)}`,
      async () => expected.test((value = await this.property(unit, name))),
      { seen: () => value },
    );
    return value;
  }

  /** What the processes of a unit have written. */
  async journal(unit: string): Promise<JournalEntry[]> {
    return this.#entries(`_SYSTEMD_UNIT=${unit}`);
  }

  /**
   * Waits until somebody has said so. The journal may not know of which unit a process was that has ended by the time it
   * is asked for.
   */
  async says(expected: string): Promise<void> {
    const entries = async () => (await this.#entries()).map(({ text }) => text);
    await eventually(expected, async () => (await entries()).some((text) => text.includes(expected)));
  }

  /** What systemd itself has to say about a unit. */
  async remarks(unit: string): Promise<string[]> {
    return (await this.#entries(`USER_UNIT=${unit}`)).map(({ text }) => text);
  }

  async #entries(...match: readonly string[]): Promise<JournalEntry[]> {
    await this.run('journalctl', '--sync');
    const { stdout } = await this.run('journalctl', '--output=json', '--output-fields=MESSAGE,PRIORITY', ...match);
    const lines = stdout.split('\n').filter((line) => line !== '');
    return lines.map((line) => {
      const { PRIORITY, MESSAGE } = JSON.parse(line) as Readonly<Record<string, string>>;
      return { priority: Number(PRIORITY), text: MESSAGE ?? '' };
    });
  }

  /** Runs a command beside the services. */
  async run(...words: readonly string[]): Promise<Said> {
    const enter = ['--target', String(this.first), '--mount', '--pid', '--cgroup', '--'];
    const env = { PATH: process.env['PATH'], LANG: 'C.UTF-8', XDG_RUNTIME_DIR: '/run' };
    const child = spawn('nsenter', [...enter, ...words], { env, stdio: ['ignore', 'pipe', 'pipe'] });
    let [stdout, stderr] = ['', ''];
    child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
    const [code] = (await once(child, 'close')) as [number | null];
    return { code, stdout, stderr };
  }
}
