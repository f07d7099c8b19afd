/** The way out that a failure tells depends on its reason. */
import t from 'tap';
import { controlMessages } from '../../src/core/text/control-messages.js';
import { failures } from '../../src/core/text/failures.js';

const holder = { pid: 42, name: 'app', isOurs: false };

t.test('who has an address is said as far as it is known', (t) => {
  const holders = (count: number) => Array.from({ length: count }, (_, index) => ({ ...holder, pid: index }));
  const remedy = (...args: Parameters<typeof failures.portInUse>) => failures.portInUse(...args).split('; ')[1];
  t.equal(
    remedy('80', 'no', []),
    'another socket has it: stop its process, which ss -ltunp names, or give another --port',
  );
  t.equal(remedy('80', 'no', [holder]), 'process 42 ("app") has it: stop it, or give another --port');
  t.match(remedy('80', 'no', holders(2)), /^process 0 \("app"\), process 1 \("app"\) has it/);
  t.match(remedy('80', 'no', holders(9)), /process 2 \("app"\), 6 more has it/);
  t.match(remedy('80', 'no', [{ ...holder, isOurs: true }]), /^this start_server has it already: /);
  t.match(failures.pathInUse('s', []), /^failed to listen to file s:another process accepts connections there; /);
  t.match(
    failures.pathInUse('s', [{ ...holder, isOurs: true }]),
    /s:this start_server accepts connections there already; /,
  );
  t.match(failures.pathInUse('s', [{ ...holder, name: 'x\n\u001b' }]), /^[ -~]+$/);
  t.end();
});

t.test('a refusal has the remedy of its reason, and one for any other', (t) => {
  for (const code of ['EADDRINUSE', 'EACCES', 'EADDRNOTAVAIL', 'EINVAL'])
    t.match(failures.cannotBind('80', 'no', code), /^failed to bind to 80:no; .*(give|--port)/);
  for (const code of ['ENOENT', 'ENOTDIR', 'EACCES', 'ELOOP'])
    t.match(failures.cannotListenToFile('s', 'no', code), /^failed to listen to file s:no; .*give another --path$/);
  for (const code of ['ENOENT', 'ECONNREFUSED', 'EACCES', 'ENOTDIR'])
    t.match(
      controlMessages.cannotConnect('c', 'no', code),
      /^failed to connect to control socket:c:no; .*(give|be the user)/,
    );
  t.end();
});
