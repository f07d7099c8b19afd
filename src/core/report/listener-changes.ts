/** What another command line means for the sockets of a superdaemon that runs. */
import type { ListenerMatch } from '../command-line/command-changes.js';
import type { ListenerSpec } from '../command-line/port-spec.js';
import type { ListenerChange } from './control-protocol.js';

export function listenerChanges({ wanted, gone }: ListenerMatch<{ readonly spec: ListenerSpec }>): ListenerChange[] {
  return [
    ...wanted.map(({ spec, held }) => (held === undefined ? change('added', spec) : kept(held.spec, spec))),
    ...gone.map(({ spec }) => change('closed', spec)),
  ];
}

function change(what: ListenerChange['change'], { key: name, kind }: ListenerSpec): ListenerChange {
  return { change: what, name, kind };
}

function kept(before: ListenerSpec, after: ListenerSpec): ListenerChange {
  const asked = { before: asAsked(before), after: asAsked(after) };
  return { ...change('kept', after), ...(asked.before === asked.after ? {} : { asked }) };
}

/** The name that workers read, with the number if there is one to be. */
function asAsked({ key, fixed }: ListenerSpec): string {
  return fixed === undefined ? key : `${key}=${fixed.text}`;
}
