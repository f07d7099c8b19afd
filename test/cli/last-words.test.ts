/** Why a program does not start is among what --restart shows of it, whatever it is written in and said before. */
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { commanding } from '../helpers/running/control-socket.js';
import { eventually } from '../helpers/eventually.js';
import { withoutCommand } from '../helpers/place/installed.js';
import { LoggedRun } from '../helpers/running/logged-run.js';
import { script } from '../helpers/processes/native.js';
import { room } from '../helpers/place/room.js';

interface Language {
  readonly command: string;
  readonly file: string;
  /** Says forty lines, and fails forty calls deep. */
  readonly content: string;
  /** What runs the file; made in its directory before where it has to be compiled. */
  readonly words?: readonly string[];
  readonly compile?: readonly string[];
  /** The line that tells why. */
  readonly why: RegExp;
}

const languages: Readonly<Record<string, Language>> = {
  'Node.js': {
    command: 'node',
    file: 'app.js',
    content: `for (let i = 0; i < 40; i++) console.log('part', i);
      const f = (n) => (n ? f(n - 1) : require('./config.js'));
      Error.stackTraceLimit = 50;
      f(40);`,
    why: /^ {2}\| Error: Cannot find module '\.\/config\.js'$/m,
  },
  'Node.js, a module': {
    command: 'node',
    file: 'app.mjs',
    content: "import './config.mjs';",
    why: /^ {2}\| Error \[ERR_MODULE_NOT_FOUND\]: Cannot find module /m,
  },
  Perl: {
    command: 'perl',
    file: 'app.pl',
    content: `$| = 1; print "part $_\\n" for 1 .. 40; use Carp;
      sub f { my $n = shift; $n ? f($n - 1) : Carp::confess("no configuration") }
      f(40);`,
    why: /^ {2}\| no configuration at \S+ line \d+\.$/m,
  },
  Python: {
    command: 'python3',
    file: 'app.py',
    content: `for i in range(40): print("part", i, flush=True)
def f(n, m):
    if n == 0: raise ValueError("no configuration")
    g(n - 1, m)
def g(n, m): f(n, m)
f(40, 0)
`,
    why: /^ {2}\| ValueError: no configuration$/m,
  },
  Ruby: {
    command: 'ruby',
    file: 'app.rb',
    content: `$stdout.sync = true
      40.times { |i| puts "part #{i}" }
      def f(n) n == 0 ? raise(ArgumentError, 'no configuration') : f(n - 1) end
      f(40)`,
    why: /^ {2}\| .*: no configuration \(ArgumentError\)$/m,
  },
  Go: {
    command: 'go',
    file: 'app.go',
    content: `package main
      import "fmt"
      func f(n int) { if n == 0 { panic("no configuration") }; f(n - 1) }
      func main() { for i := 0; i < 40; i++ { fmt.Println("part", i); go func() { select {} }() }; f(40) }`,
    compile: ['go', 'build', '-o', 'app', 'app.go'],
    words: ['./app'],
    why: /^ {2}\| panic: no configuration$/m,
  },
  Java: {
    command: 'java',
    file: 'App.java',
    content: `public class App {
      static void f(int n) { if (n == 0) throw new IllegalStateException("no configuration"); f(n - 1); }
      public static void main(String[] words) {
        for (int i = 0; i < 40; i++) System.out.println("part " + i);
        try { f(40); } catch (Exception reason) { throw new RuntimeException("cannot start", reason); }
      }
    }`,
    why: /^ {2}\| Caused by: java\.lang\.IllegalStateException: no configuration$/m,
  },
};

t.jobs = 2;
for (const [name, { command, file, content, words = [command, file], compile, why }] of Object.entries(languages)) {
  t.test(name, { buffered: true, skip: withoutCommand(command) }, async (t) => {
    const cwd = room(t);
    writeFileSync(join(cwd, file), content);
    const env = { ...process.env, HOME: cwd };
    if (compile !== undefined) execFileSync(compile[0] ?? '', compile.slice(1), { cwd, env, stdio: 'pipe' });
    // Ready when it says so, so that it does not matter how long a language takes to fail.
    const serve = 'eval "echo >&$SERVER_STARTER_READY_FD"; exec sleep 100';
    script(
      join(cwd, 'worker'),
      `#!/bin/sh\n[ $SERVER_STARTER_GENERATION = 1 ] && { ${serve}; }\nexec ${words.join(' ')}\n`,
    );
    const options = ['--control=c', '--log-file=log', '--status-file=st', '--ready=fd', '--max-failures=1'];
    const run = new LoggedRun(t, [...options, '--', './worker'], { cwd, env: process.env });
    await eventually('the first worker', () => run.has('st'), { seen: () => run.read() });
    const restart = commanding(t, ['--restart'], cwd);
    t.match(await restart.ended(), { code: 75 });
    t.match(restart.stderr, why);
    t.ok(restart.stderr.split('\n').length < 30, restart.stderr);
    await run.stop();
  });
}
