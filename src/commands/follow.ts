/** `--follow`: what happens to the workers of a running superdaemon, as it happens, until that one ends. */
import type { ControlCommand } from '../core/command-line/control-command.js';
import type { FollowedEvent } from '../core/report/control-protocol.js';
import { followedEventInWords } from '../core/report/followed-event-in-words.js';
import { exitCodes } from '../core/text/exit-codes.js';
import { signals } from '../system/engine/platform.js';
import { timestamp } from '../system/loop/clock.js';
import { printable } from '../system/output/printable.js';
import { ControlClient } from './control-client.js';

type FollowCommand = Extract<ControlCommand, { type: 'follow' }>;

/** Prints a line for each event, and gives the exit code at the end. Throws a StarterError where nobody can be followed. */
export async function follow({ control, json }: FollowCommand, print: (text: string) => void): Promise<number> {
  const client = await ControlClient.ask(control, { command: 'follow' });
  try {
    for await (const event of client.events()) print(`${json ? inJson(event) : inWords(event)}\n`);
    return exitCodes.success.code;
  } finally {
    client.close();
  }
}

function inJson(event: FollowedEvent): string {
  return JSON.stringify({ time: timestamp(), ...event });
}

function inWords(event: FollowedEvent): string {
  return printable(`${timestamp()} ${followedEventInWords(event, nameOf)}`);
}

function nameOf(number: number): string {
  const [name] = Object.entries(signals.names).find(([, value]) => value === number) ?? [];
  return name?.replace(/^SIG/, '') ?? `signal ${String(number)}`;
}
