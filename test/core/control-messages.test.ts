import t from 'tap';
import { controlMessages } from '../../src/core/text/control-messages.js';

t.test('scripts know these lines of the original', (t) => {
  t.same(
    [
      controlMessages.cannotOpen('/run/a b', 'No such file or directory', 'ENOENT'),
      controlMessages.cannotOpen('pid', 'Permission denied', 'EACCES'),
      controlMessages.stopping(7, 42),
      controlMessages.cannotSignal('HUP', 'No such process'),
      controlMessages.cannotSignal('TERM', 'Operation not permitted'),
      controlMessages.nothingActive(),
    ],
    [
      'failed to open file:/run/a b:No such file or directory; give that of a start_server that runs',
      'failed to open file:pid:Permission denied; be the user that it runs as, or root',
      'stop_server (pid:7) stopping now (pid:42)...',
      'failed to send SIGHUP to the server process:No such process; be the user that it runs as, or start it if it has ended',
      'failed to send SIGTERM to the server process:Operation not permitted; be the user that it runs as, or start it if it has ended',
      'no active process found in the status file; wait for its first worker, or give the --status-file that it was given',
    ],
  );
  t.end();
});

t.test('whatever a pid file says, it is told on one line', (t) => {
  for (const message of [controlMessages.notRunning('pid', 'a\r"\0'), controlMessages.notNamed('pid', 'a\r"\0')]) {
    t.match(message, /^no superdaemon is running/);
    t.ok(message.includes(String.raw`"a\r\"\x00"`));
    t.notMatch(message, /[\n\r\0]/);
  }
  t.end();
});
