/**
 * What one image of a superdaemon hands over to the next, beside open descriptors: all that the next one needs to go on
 * as if nothing had happened. A descriptor has the same number in both images; times are those of CLOCK_MONOTONIC in
 * milliseconds; text from outside is a byte string.
 */
import { imageName } from '../report/answers.js';
import { controlPart } from './control-part.js';
import { listenFdsPart, managerPart } from './manager-part.js';
import {
  descriptor,
  flag,
  list,
  Misshapen,
  number,
  optional,
  pid,
  record,
  text,
  type Shaped,
} from '../report/shape.js';
import { statePart } from './state-part.js';
import { countersPart, failuresPart, heardPart, outlivingPart, workerOutputPart } from './workers-part.js';

/**
 * The version of the document. It is raised when a reader that knows only the version before would go wrong; a new member
 * that such a reader may ignore does not raise it.
 */
export const documentVersion = 1;

/** The command line, byte by byte, and what its meaning depends on. */
const commandPart = record({ calledAs: text, words: list(text), posixlyCorrect: flag });
export type Calling = Shaped<typeof commandPart>;

const inheritancePart = record({
  environment: list(text),
  softLimits: record({ nofile: optional(number), as: optional(number), data: optional(number) }),
  ignoredSignals: list(number),
  blockedSignals: list(number),
  descriptors: list(descriptor),
});

/** About the process in the foreground that has started the daemon, as long as it waits for a report. */
const reportPart = record({ descriptor: optional(descriptor), foreground: number });
export type ReportPart = Shaped<typeof reportPart>;

/** By `file` it is noticed when another file has taken the place of a unix socket's own. */
const listenerPart = record({
  descriptor,
  /** In workers. */
  number: descriptor,
  address: optional(text),
  file: optional(text),
  /** Whether somebody else keeps the socket open, too, so that its file stays when it is closed here. */
  isLeft: optional(flag),
});
export type ListenerPart = Shaped<typeof listenerPart>;

const pidFilePart = record({ descriptor, created: flag, written: flag });
export type PidFilePart = Shaped<typeof pidFilePart>;

const statusFilePart = record({ written: flag, trouble: optional(text) });
export type StatusFilePart = Shaped<typeof statusFilePart>;

const loggerPart = record({
  reading: descriptor,
  writing: optional(descriptor),
  output: descriptor,
  errors: descriptor,
  pid: optional(pid),
});
export type LoggerPart = Shaped<typeof loggerPart>;

/** `waiting`: lines that nobody has read yet, or the first only in part. `dropped`: how many had to be left out. */
const outputPart = record({
  isRedirected: flag,
  /** Whether lines begin with their priority, for a journal. */
  isMarked: optional(flag),
  waiting: list(text),
  dropped: number,
});
export type OutputPart = Shaped<typeof outputPart>;

const environmentPart = record({ envdir: list(record({ name: text, value: text })), trouble: optional(text) });
export type EnvironmentPart = Shaped<typeof environmentPart>;

const notifyPart = record({ fd: descriptor, name: text, workers: list(pid) });
export type NotifyPart = Shaped<typeof notifyPart>;
const pipePart = record({ pid, fd: descriptor, length: number });
const readinessPart = record({ notify: optional(notifyPart), pipes: list(pipePart) });
export type ReadinessPart = Shaped<typeof readinessPart>;

/** A file that the image was started from. It is kept open, so that it can be started again when the file is replaced. */
const heldPart = record({ name: text, fd: descriptor, path: text });

/** `refused`: the installation that was tried last and cannot go on with the run, so that it is not tried again. */
const installationPart = record({ held: list(heldPart), refused: optional(text) });
export type InstallationPart = Shaped<typeof installationPart>;

const members = {
  writer: imageName,
  command: commandPart,
  inheritance: inheritancePart,
  isDaemon: flag,
  report: optional(reportPart),
  state: statePart,
  listeners: list(listenerPart),
  listenFds: optional(listenFdsPart),
  manager: optional(managerPart),
  pidFile: optional(pidFilePart),
  statusFile: optional(statusFilePart),
  output: outputPart,
  logger: optional(loggerPart),
  environment: environmentPart,
  workerOutput: workerOutputPart,
  heard: heardPart,
  failures: failuresPart,
  outliving: optional(outlivingPart),
  counters: optional(countersPart),
  readiness: optional(readinessPart),
  control: optional(controlPart),
  installation: optional(installationPart),
};

const document = record(members);

export type HandoverDocument = Shaped<typeof document>;

export function encodeDocument(written: HandoverDocument): string {
  return escaped(JSON.stringify({ version: documentVersion, ...written }));
}

/** Throws `Misshapen` where the text is no document, or one of a version that is not known here. */
export function decodeDocument(encoded: string): HandoverDocument {
  const value = parsed(encoded);
  const { version } = record({ version: number })(value, 'document');
  if (version !== documentVersion)
    throw new Misshapen(
      `it is of version ${String(version)}, and this superdaemon knows version ${String(documentVersion)} only`,
    );
  return document(value, 'document');
}

/** Makes a byte string of JSON in which there may be text of JavaScript's own. */
function escaped(json: string): string {
  return json.replace(/[^\0-\u00ff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

function parsed(encoded: string): unknown {
  try {
    return JSON.parse(encoded);
  } catch {
    throw new Misshapen('it is cut off, or no document at all');
  }
}
