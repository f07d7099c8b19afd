/** What node shows of a refusal that nobody catches. */
import t from 'tap';
import { Program } from '../helpers/processes/program.js';
import { fixture } from '../helpers/place/samples.js';

const program = fixture('wrong-option.js');

t.test("the program's own line", async (t) => {
  const listening = new Program(t, [program]);
  await listening.ended();
  t.match(listening.output, /^file:.*wrong-option\.js:6\nawait listen\(createServer\(\), \{ prot: 8080 \}\);\n +\^\n\nListenError: option "prot" is unknown; did you mean port\?\n +at /); // prettier-ignore
  t.match(listening.output, /\{\n {2}code: 'ERR_LISTEN_OPTION'\n\}/);
  const asking = new Program(t, [program, 'serverPorts']);
  await asking.ended();
  t.match(asking.output, /serverPorts\(\);\n +\^\n\nListenError: there is no SERVER_STARTER_PORT/);
  t.notMatch(listening.output + asking.output, /superdaemon\/dist|worker\.cjs/);
});
