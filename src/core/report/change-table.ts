/** What another command line would change, for people. */
import type { CommandChange } from '../command-line/command-changes.js';
import { shellWords } from '../text/shell-words.js';
import type { ChangeReport, ListenerChange } from './control-protocol.js';
import { columns } from './status-table.js';

/** Several lines; the last one has its newline. */
export function changeTable({ listeners, command }: ChangeReport): string {
  const sockets = listeners.length === 0 ? [] : columns([['SOCKET', 'KIND', 'IS'], ...listeners.map(listenerRow)]);
  const other = listeners.some(({ change, asked }) => change !== 'kept' || asked !== undefined) ? 'other ' : '';
  const words = command.length === 0 ? [`no ${other}option changes, nor does the program`] : command.map(changeLine);
  return [...sockets, ...words].map((line) => `${line}\n`).join('');
}

function listenerRow({ name, kind, change, asked }: ListenerChange): string[] {
  return [name, kind, asked === undefined ? change : `${change}: ${asked.before} -> ${asked.after}`];
}

function changeLine({ option, before, after }: CommandChange): string {
  return `${option ?? 'the program'}: ${inWords(before)} -> ${inWords(after)}`;
}

function inWords(values: readonly string[] | undefined): string {
  if (values === undefined) return 'not given';
  return values.length === 0 ? 'given' : shellWords(values);
}
