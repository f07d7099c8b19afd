import t from 'tap';
import { ListenError, serverPorts } from '../../src/worker/index.js';
import { givenVariable } from '../helpers/processes/given-sockets.js';

t.test('the sockets of this process by name', (t) => {
  givenVariable(t, '8080=3;/tmp/\u00e9.sock=4');
  t.same(Object.entries(serverPorts()), [
    ['8080', 3],
    ['/tmp/\u00e9.sock', 4],
  ]);
  t.equal(Object.getPrototypeOf(serverPorts()), null);
  givenVariable(t, '');
  t.same(Object.keys(serverPorts()), []);
  t.end();
});

t.test('none, and nonsense', (t) => {
  givenVariable(t, undefined);
  t.throws(() => serverPorts(), { code: 'ERR_NO_START_SERVER', message: /^there is no SERVER_STARTER_PORT/ });
  givenVariable(t, '8080');
  t.throws(() => serverPorts(), { code: 'ERR_SERVER_STARTER_PORT', message: /^SERVER_STARTER_PORT is "8080", / });
  t.throws(() => serverPorts(), ListenError);
  t.end();
});
