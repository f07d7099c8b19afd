import { spawn, type ChildProcess } from 'node:child_process';
import { constants } from 'node:os';
import { join } from 'node:path';
import type { Test } from 'tap';
import type { Addon, ExecRequest, SignalPlan } from '../../../src/system/engine/addon.js';
import { eventually } from '../eventually.js';
import { signalsOf } from '../processes/probe.js';
import { procFile } from '../processes/proc-file.js';

const root = join(import.meta.dirname, '..', '..', '..');
const release = join(root, 'build', 'Release');

export const script = join(root, 'test', 'fixtures', 'image.js');
export const library = join(release, 'preload.so');

const { SIGHUP, SIGTERM, SIGINT, SIGQUIT, SIGUSR1, SIGUSR2, SIGCHLD, SIGIO, SIGPIPE, SIGXFSZ, SIGALRM } =
  constants.signals;

/** A real-time signal. */
export const SIGRT = 40;

/** What signals mean to an image, much as to a superdaemon. */
export const plan: SignalPlan = {
  handled: [SIGHUP, SIGTERM, SIGINT, SIGQUIT, SIGUSR1, SIGUSR2, SIGCHLD, SIGIO, SIGRT],
  ignored: [SIGPIPE, SIGXFSZ, SIGALRM],
  standard: [],
  blocked: [],
};

type Message =
  | { image: string }
  | { signals: number[] }
  | { value?: unknown }
  | { error: { code: string; errno: number; syscall: string; message: string } };

/** To a call. */
type Answer = Exclude<Message, { image: string } | { signals: number[] }>;
type NativeError = Extract<Message, { error: unknown }>['error'];

export interface ImageOptions {
  /** Variables beside those that an image needs. */
  readonly env?: Readonly<Record<string, string>>;
  /** Descriptors of the test that the image has as 3, 4 and so on. */
  readonly descriptors?: readonly number[];
  /** Words before the command. */
  readonly under?: readonly string[];
  readonly node?: string;
  readonly cwd?: string;
}

/** The environment of image `number`; `signals` is null for an image that does not release its signals. */
export function environmentOf(number: number, signals: SignalPlan | null = plan): Record<string, string> {
  return {
    PATH: process.env['PATH'] ?? '',
    LD_PRELOAD: library,
    IMAGE_ADDON: join(release, 'superdaemon.node'),
    IMAGE_NUMBER: String(number),
    ...(signals && { IMAGE_SIGNALS: JSON.stringify(signals) }),
  };
}

export function entries(environment: Readonly<Record<string, string>>): string[] {
  return Object.entries(environment).map(([name, value]) => `${name}=${value}`);
}

/** A request that makes an image the next one, with the standard descriptors. */
export function nextImage(number: number, more: Partial<ExecRequest> = {}): ExecRequest {
  const args = [process.execPath, script];
  return { file: process.execPath, args, env: entries(environmentOf(number)), keep: [0, 1, 2], ...more };
}

/** A process that is one image after the other, see test/fixtures/image.js. It is killed at the end of the test. */
export class Image {
  readonly #child: ChildProcess;
  readonly #messages: Message[] = [];
  /** What they told, taken apart as it comes: in a storm of signals there are hundreds of thousands. */
  readonly #images: string[] = [];
  readonly #signals: number[] = [];
  readonly #answers: Answer[] = [];
  #rest = '';
  #stderr = '';
  #answered = 0;

  constructor(t: Test, { env = {}, descriptors = [], under = [], node = process.execPath, cwd }: ImageOptions = {}) {
    const words = [...under, node, script];
    this.#child = spawn(words.shift() ?? node, words, {
      env: { ...environmentOf(1), ...env },
      stdio: ['pipe', 'pipe', 'pipe', ...descriptors],
      ...(cwd !== undefined && { cwd }),
    });
    this.#child.stdout?.setEncoding('utf8').on('data', (text: string) => this.#read(text));
    this.#child.stderr?.setEncoding('latin1').on('data', (text: string) => (this.#stderr += text));
    t.teardown(() => this.#child.kill('SIGKILL'));
  }

  get pid(): number {
    return this.#child.pid ?? NaN;
  }

  get stderr(): string {
    return this.#stderr;
  }

  /** The numbers of the images so far, in their order. */
  get images(): readonly string[] {
    return this.#images;
  }

  /** All signals that were told so far. */
  get signals(): readonly number[] {
    return this.#signals;
  }

  /** Waits until this is so. */
  async sees<T>(awaited: string, check: () => T | undefined | false): Promise<T> {
    const seen = (): string => `${JSON.stringify(this.#messages)}\n${this.#stderr}\n${JSON.stringify(this.ended)}`;
    return eventually(awaited, check, { seen });
  }

  /** Waits for the image of this number. */
  async is(number: number): Promise<void> {
    await this.sees(`image ${String(number)}`, () => this.images.at(-1) === String(number));
  }

  /** What a function of the addon gives. The image first sends itself the signals, and runs no JavaScript after that. */
  async call(name: keyof Addon | 'watch', args: unknown[], raise: readonly number[] = []): Promise<unknown> {
    const answer = await this.#ask(name, args, raise);
    if ('error' in answer) throw new Error(JSON.stringify(answer.error));
    return answer.value;
  }

  /** The error with which a call is refused. */
  async refused(name: keyof Addon, args: unknown[], raise: readonly number[] = []): Promise<NativeError> {
    const answer = await this.#ask(name, args, raise);
    if (!('error' in answer)) throw new Error('not refused');
    return answer.error;
  }

  /** Becomes another program, and does not wait for it. */
  exec(request: ExecRequest, raise: readonly number[] = []): void {
    this.#tell({ call: 'exec', args: [request], raise });
  }

  get ended(): { code: number | null; signal: NodeJS.Signals | null } | undefined {
    const { exitCode: code, signalCode: signal } = this.#child;
    return code === null && signal === null ? undefined : { code, signal };
  }

  async #ask(call: keyof Addon | 'watch', args: unknown[], raise: readonly number[]) {
    this.#tell({ call, args, raise });
    this.#answered += 1;
    return this.sees(`an answer to ${call}`, () => this.#answers[this.#answered - 1]);
  }

  #tell(order: { call: keyof Addon | 'watch'; args: unknown[]; raise: readonly number[] }): void {
    this.#child.stdin?.write(`${JSON.stringify(order)}\n`);
  }

  #read(text: string): void {
    const lines = `${this.#rest}${text}`.split('\n');
    this.#rest = lines.pop() ?? '';
    for (const line of lines) this.#note(JSON.parse(line) as Message);
  }

  #note(message: Message): void {
    this.#messages.push(message);
    if ('image' in message) this.#images.push(message.image);
    else if ('signals' in message) this.#signals.push(...message.signals);
    else if ('value' in message || 'error' in message) this.#answers.push(message);
  }
}

/** The signals in a line of /proc/PID/status, such as `SigBlk`. */
export function signalsIn(pid: number, line: string): number[] {
  const [, mask = '0'] = new RegExp(`^${line}:\t(\\w+)$`, 'm').exec(procFile(pid, 'status')) ?? [];
  return signalsOf(mask);
}
