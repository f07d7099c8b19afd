/** Sockets that workers are given as systemd gives them, from one image to the next. */
import type { ListenFdsPart } from '../core/handover/manager-part.js';
import { noListenFds, type ListenFds } from '../core/manager/listen-fds.js';
import { addon } from '../system/engine/addon.js';
import type { Keep } from '../system/engine/keep.js';

export function partOfListenFds({ variables, descriptors, pidVariable }: ListenFds, keep: Keep): ListenFdsPart {
  return {
    variables: Array.from(variables, ([name, value]) => ({ name, value })),
    descriptors: descriptors.map(([from, to]) => ({ from: keep(from), to })),
    ...(pidVariable && { pidVariable }),
  };
}

export function takeUpListenFds(part: ListenFdsPart | undefined): ListenFds {
  if (part === undefined) return noListenFds;
  const { variables, descriptors, pidVariable } = part;
  for (const { from } of descriptors) addon.setCloseOnExec(from);
  return {
    variables: new Map(variables.map(({ name, value }) => [name, value])),
    descriptors: descriptors.map(({ from, to }) => [from, to] as const),
    ...(pidVariable && { pidVariable }),
  };
}
