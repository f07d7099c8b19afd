/** What answers at the path of a control socket, and is no start_server, is not believed, whatever is asked for. */
import { spawn } from 'node:child_process';
import { createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { commanding } from '../helpers/running/control-socket.js';
import { saidBy } from '../helpers/running/control.js';
import { isAlive, Run } from '../helpers/running/starter.js';
import { workspace } from '../helpers/place/workspace.js';

const noServer = {
  code: 1,
  stderr: 'what answers at c is no start_server; give the --control of one that runs\n',
};

/** Something at the path `c` of a directory: `answer` is told the command that it is asked for. */
async function answering(t: Test, answer: (command: string, socket: Socket) => void): Promise<string> {
  const cwd = workspace(t);
  const server = createServer((socket) => {
    socket.on('error', () => undefined);
    socket.once('data', (request) => {
      const [, command = ''] = /"command":"(\w+)/.exec(request.toString('latin1')) ?? [];
      answer(command, socket);
    });
  });
  t.teardown(() => server.close());
  await new Promise<void>((resolve) => server.listen(join(cwd, 'c'), resolve));
  return cwd;
}

const lines = [
  'HTTP/1.1 400 Bad Request\r',
  '{"ok":true,"status":null}',
  '{"ok":true,"status":{}}',
  '{"ok":true,"status":{"pid":1,"workers":null}}',
  '{"ok":true}',
];
const commands = [
  ['--show-status'],
  ['--show-status', '--json'],
  ['--show-status', '--prometheus'],
  ['--restart'],
  ['--stop'],
  ['--cancel'],
  ['--upgrade'],
  ['--reconfigure', '--port=8000', '--check', '--', './app'],
];

/** A pid that no process of Linux has. */
const highest = 2 ** 31 - 1;

for (const line of lines) {
  t.test(`no command believes ${line.trim()}`, async (t) => {
    const cwd = await answering(t, (_, socket) => socket.end(`${line}\n`));
    for (const words of commands)
      t.same(await saidBy(new Run(t, ['--control=c', ...words], { cwd })), noServer, words.join(' '));
  });
}

t.test('no command takes it for an answer that nothing is said', async (t) => {
  const cwd = await answering(t, (_, socket) => socket.end());
  const noAnswer = {
    code: 1,
    stderr: 'start_server has ended before it had answered; look into its log, and start it again\n',
  };
  for (const words of [...commands, ['--follow']])
    t.same(await saidBy(new Run(t, ['--control=c', ...words], { cwd })), noAnswer, words.join(' '));
});

for (const told of ['the group of others', 'abc', 1.5, 0, 1])
  t.test(`nothing is killed for a worker of the pid ${String(told)}`, async (t) => {
    const others = spawn('sleep', ['99'], { stdio: 'ignore', detached: true });
    t.teardown(() => others.kill('SIGKILL'));
    const pid = told === 'the group of others' ? -(others.pid ?? NaN) : told;
    const status = { pid: highest, generation: 1, workers: [{ generation: 1, pid, state: 'current' }] };
    let stopping: Socket | undefined;
    const cwd = await answering(t, (command, socket) => {
      if (command === 'stop') stopping = socket;
      // Those that are to be killed are asked for behind the stop, which then is over.
      else socket.end(`${JSON.stringify({ ok: true, status })}\n`, () => stopping?.end());
    });
    const said = await saidBy(commanding(t, ['--stop', '--force'], cwd));
    t.equal(said.code, 1);
    t.notMatch(said.stderr, /killing|internal error/);
    t.ok(isAlive(others.pid ?? NaN));
  });
