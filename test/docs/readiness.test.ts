/** Every snippet of docs/readiness.md tells start_server that its program is ready. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { withoutCommand } from '../helpers/place/installed.js';
import { room } from '../helpers/place/room.js';
import { Run } from '../helpers/running/starter.js';

const root = join(import.meta.dirname, '../..');
const page = readFileSync(join(root, 'docs/readiness.md'), 'utf8');
const [byLine = '', byDatagram = ''] = page.split('### A datagram');

/** How a snippet becomes a program that goes on afterwards, and what runs it. */
interface Language {
  readonly interpreter: string;
  readonly program: (snippet: string) => string;
  readonly start?: (directory: string, file: string) => string[];
}

const languages: Record<string, Language> = {
  js: { interpreter: 'node', program: (snippet) => snippet },
  perl: { interpreter: 'perl', program: (snippet) => `${snippet}\nsleep 100;\n` },
  python: { interpreter: 'python3', program: (snippet) => `${snippet}\nimport time\ntime.sleep(100)\n` },
  ruby: { interpreter: 'ruby', program: (snippet) => `${snippet}\nsleep 100\n` },
  bash: { interpreter: 'bash', program: (snippet) => `${snippet}\nexec sleep 100\n` },
  go: {
    interpreter: 'go',
    program: (snippet) => {
      const packages = ['net', 'os', 'strconv', 'time'].filter(
        (name) => name === 'time' || snippet.includes(`${name}.`),
      );
      const imports = packages.map((name) => `import "${name}"`).join('\n');
      return `package main\n\n${imports}\n\nfunc main() {\n${snippet}\ntime.Sleep(100 * time.Second)\n}\n`;
    },
    start: (directory, file) => {
      const binary = join(directory, 'program');
      const cache = join(root, 'build/go');
      mkdirSync(cache, { recursive: true });
      const env = { ...process.env, GOCACHE: cache, GOFLAGS: '-mod=mod', GO111MODULE: 'off', CGO_ENABLED: '0' };
      execFileSync('go', ['build', '-o', binary, file], { env });
      return [binary];
    },
  },
};

t.jobs = 3;
for (const [ready, text] of [
  ['fd', byLine],
  ['notify', byDatagram],
] as const) {
  for (const [, language = '', snippet = ''] of text.matchAll(/^```(js|perl|python|ruby|bash|go)\n(.*?)^```$/gms)) {
    const { interpreter, program, start } = languages[language] ?? { interpreter: 'none', program: String };
    t.test(`${language}, --ready=${ready}`, { buffered: true, skip: withoutCommand(interpreter) }, async (t) => {
      const cwd = room(t);
      const file = join(cwd, `program.${language === 'js' ? 'mjs' : language}`);
      const here = snippet.replace("'superdaemon/worker'", JSON.stringify(join(root, 'dist/worker.mjs')));
      writeFileSync(file, program(here));
      const words = start?.(cwd, file) ?? [interpreter, file];
      const run = new Run(t, ['--interval=0', '--port=127.0.0.1:0', `--ready=${ready}`, '--', ...words], { cwd });
      await run.sees(/^new worker \d+ is ready$/);
      if (ready === 'notify') await run.sees(/^worker \d+ says: serving$/);
      await run.stop();
    });
  }
}

t.test('the command line', { skip: withoutCommand('systemd-notify') }, async (t) => {
  const line = /^```sh\nstart_server (--port=8080 .*) -- \.\/app\n```$/m.exec(page)?.[1] ?? '';
  const options = line.replace('8080', '127.0.0.1:0').split(' ');
  const run = new Run(t, [...options, '--', 'sh', '-c', 'systemd-notify --ready; exec sleep 100'], { cwd: room(t) });
  await run.sees(/^new worker \d+ is ready$/);
  await run.stop();
});

t.test('there is one for each language', (t) => {
  const found = (text: string) =>
    Array.from(text.matchAll(/^```(\w+)\n/gm), ([, name]) => name).filter((name) => name !== 'sh');
  t.same(found(byLine), ['js', 'perl', 'python', 'ruby', 'go', 'bash']);
  t.same(found(byDatagram), ['perl', 'python', 'ruby', 'go', 'bash']);
  t.end();
});
