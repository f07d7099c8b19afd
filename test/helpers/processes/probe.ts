import { compiled } from '../place/compile.js';

/** What a descriptor was when the probe started. */
export interface ProbedDescriptor {
  /** What /proc/self/fd shows for it. */
  target: string;
  cloexec: boolean;
  access: string;
  nonblock: boolean;
  append: boolean;
  /** File type and permissions, as st_mode. */
  mode: number;
  /** The name a socket is bound to: `ADDRESS:PORT` or a path. */
  name: string | undefined;
  /** Socket options by their name in C (`SO_TYPE`, `IPV6_V6ONLY`...), and `backlog` of a listening TCP socket. */
  options: Readonly<Partial<Record<string, number>>>;
}

/** What the probe was given. Texts are byte strings. */
export interface ProbeDump {
  argv: string[];
  environ: string[];
  process: {
    exe: string;
    cwd: string;
    pid: number;
    ppid: number;
    pgid: number;
    sid: number;
    uid: number;
    euid: number;
    gid: number;
    egid: number;
    umask: number;
    nice: number;
    oomScoreAdj: number;
    parentDeathSignal: number;
    hasTerminal: boolean;
    blocked: number[];
    ignored: number[];
    caught: number[];
  };
  /** By the name in /proc/self/limits, for example `Max open files`; Infinity stands for unlimited. */
  limits: Map<string, { soft: number; hard: number }>;
  fds: Map<number, ProbedDescriptor>;
}

/** The path of the probe, a static program; its options are told at the head of test/fixtures/probe.c. */
export function probe(): string {
  return compiled('probe', ['probe.c', 'probe_dump.c', 'probe.h'], ['-static']);
}

/** Reads what `probe -o` wrote (as latin1). Throws on anything that is not a complete dump. */
export function parseDump(text: string): ProbeDump {
  const sections = new Map<string, string[]>();
  for (const section of text.split(/^== /m).slice(1)) {
    const [name = '', ...lines] = section.split('\n');
    sections.set(name, lines.slice(0, -1));
  }
  const lines = (name: string): string[] => {
    const found = sections.get(name);
    if (found === undefined) throw new Error(`the dump has no section ${name}:\n${text}`);
    return found;
  };
  return {
    argv: lines('argv').map(unescaped),
    environ: lines('environ').map(unescaped),
    process: parseProcess(lines('process')),
    limits: new Map(lines('limits').slice(1).map(parseLimit)),
    fds: new Map(lines('fds').map(parseDescriptor)),
  };
}

function unescaped(text: string): string {
  return text.replace(/\\x([0-9a-f]{2})/g, (_, code: string) => String.fromCharCode(parseInt(code, 16)));
}

function parseProcess(lines: readonly string[]): ProbeDump['process'] {
  const facts = new Map(lines.map((line) => line.split(' ', 2) as [string, string]));
  const text = (name: string): string => {
    const value = facts.get(name);
    if (value === undefined) throw new Error(`the dump does not tell ${name}`);
    return unescaped(value);
  };
  const number = (name: string): number => Number(text(name));
  return {
    exe: text('exe'),
    cwd: text('cwd'),
    pid: number('pid'),
    ppid: number('ppid'),
    pgid: number('pgid'),
    sid: number('sid'),
    uid: number('uid'),
    euid: number('euid'),
    gid: number('gid'),
    egid: number('egid'),
    umask: parseInt(text('Umask'), 8),
    nice: number('nice'),
    oomScoreAdj: number('oom_score_adj'),
    parentDeathSignal: number('pdeathsig'),
    hasTerminal: number('ctty') === 1,
    blocked: signalsOf(text('SigBlk')),
    ignored: signalsOf(text('SigIgn')),
    caught: signalsOf(text('SigCgt')),
  };
}

/** The numbers in a mask as /proc shows it: hexadecimal, signal 1 being the lowest bit. */
export function signalsOf(mask: string): number[] {
  const bits = BigInt(`0x${mask}`);
  return Array.from({ length: 64 }, (_, index) => index + 1).filter((signal) => (bits >> BigInt(signal - 1)) & 1n);
}

function parseLimit(line: string): [string, { soft: number; hard: number }] {
  const [, name = '', soft = '', hard = ''] = /^(.+?) {2,}(\S+) +(\S+)/.exec(line) ?? [];
  const value = (word: string): number => (word === 'unlimited' ? Infinity : Number(word));
  return [name, { soft: value(soft), hard: value(hard) }];
}

function parseDescriptor(line: string): [number, ProbedDescriptor] {
  const [number = '', target = '', ...words] = line.split(' ');
  const facts = new Map(words.map((word) => [word.slice(0, word.indexOf('=')), word.slice(word.indexOf('=') + 1)]));
  const fact = (name: string): string => facts.get(name) ?? '';
  const name = facts.get('name');
  const options = [...facts].filter(([key]) => /^(SO|TCP|IPV6)_|^backlog$/.test(key));
  return [
    Number(number),
    {
      target: unescaped(target),
      cloexec: fact('cloexec') === '1',
      access: fact('access'),
      nonblock: fact('nonblock') === '1',
      append: fact('append') === '1',
      mode: parseInt(fact('mode'), 8),
      name: name === undefined ? undefined : unescaped(name),
      options: Object.fromEntries(options.map(([key, value]) => [key, Number(value)])),
    },
  ];
}
