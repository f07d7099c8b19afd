/** What a service manager has told and was told, and what it has handed down, as it is handed over. */
import { failureReport } from '../report/answers.js';
import { descriptor, flag, list, number, optional, pid, record, text, word, type Shaped } from '../report/shape.js';

/** Absent where it was never asked to wait, since JSON has no infinity. */
const toldPart = record({
  isReady: flag,
  isReloading: flag,
  isStopping: flag,
  errno: number,
  status: text,
  waitsUntil: optional(number),
});
export type ToldPart = Shaped<typeof toldPart>;

/** What the sentence of `systemctl status` is made of, by the pids of workers. */
const tellingPart = record({
  told: toldPart,
  since: list(record({ pid, at: text })),
  said: list(record({ pid, text })),
  lastFailure: optional(record({ report: failureReport, at: text })),
});
export type TellingPart = Shaped<typeof tellingPart>;

export const managerPart = record({
  notifySocket: optional(text),
  watchdog: optional(number),
  journal: optional(text),
  telling: optional(tellingPart),
});
export type ManagerPart = Shaped<typeof managerPart>;

/** Variables and descriptors of sockets that workers are given as systemd gives them. */
export const listenFdsPart = record({
  variables: list(record({ name: text, value: text })),
  pidVariable: optional(word('LISTEN_PID')),
  descriptors: list(record({ from: descriptor, to: descriptor })),
});
export type ListenFdsPart = Shaped<typeof listenFdsPart>;
