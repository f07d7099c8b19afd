import type { ListenerReport } from '../core/report/status-report.js';
import type { OpenListener } from './open-listeners.js';

/** An open socket as `--show-status` shows it, with the port that the system has chosen. */
export function listenerReport({ spec, listener }: OpenListener): ListenerReport {
  const { kind, key: name } = spec;
  if (kind === 'unix') return { name, kind, address: spec.path };
  return { name, kind, address: spec.address ?? '', port: listener.port };
}
