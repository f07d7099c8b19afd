/** What the package exports is found by import and by require, with types, however a program is built. */
import { checkPackage, createPackageFromTarballData } from '@arethetypeswrong/core';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { publint } from 'publint';
import { formatMessage } from 'publint/utils';
import t from 'tap';
import { workspace } from '../helpers/place/workspace.js';

const root = join(import.meta.dirname, '../..');

const exported = {
  superdaemon: ['ListenError', 'StarterError', 'restartServer', 'serverPorts', 'startServer', 'stopServer'],
  'superdaemon/worker': ['ListenError', 'listen', 'ready', 'serverPorts'],
};

for (const [name, names] of Object.entries(exported)) {
  t.test(name, async (t) => {
    // The package's own name, as its users write it.
    const imported = (await import(name)) as Record<string, unknown>;
    const required = createRequire(import.meta.url)(name) as Record<string, unknown>;
    t.same(Object.keys(required).sort(), names);
    t.same(
      Object.keys(imported)
        .filter((key) => key !== 'default' && key !== 'module.exports')
        .sort(),
      names,
    );
    for (const key of names) t.equal(imported[key], required[key], `${key} is the same by both ways`);
  });
}

t.test('the tarball, as publint and are-the-types-wrong see it', async (t) => {
  const directory = workspace(t);
  const words = ['pack', '--json', '--pack-destination', directory];
  const output = execFileSync('npm', words, { cwd: root, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
  const [packed] = JSON.parse(output.slice(output.indexOf('['))) as [{ filename: string }];
  const tarball = new Uint8Array(readFileSync(join(directory, packed.filename)));

  const { messages, pkg } = await publint({ pack: { tarball: tarball.buffer }, strict: true });
  t.same(
    messages.map((message) => formatMessage(message, pkg)),
    [],
  );

  const analysis = await checkPackage(createPackageFromTarballData(tarball), {
    // What looks only into node_modules/NAME/FILE knows no exports, and no supported Node is like that.
    entrypoints: ['.', './worker'],
  });
  t.ok(analysis.types);
  const problems = 'problems' in analysis ? analysis.problems : [];
  t.same(
    problems.filter((problem) => !('resolutionKind' in problem && problem.resolutionKind === 'node10')),
    [],
  );
});
