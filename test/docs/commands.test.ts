/**
 * Every command of README.md and docs is run, or stands in the table of those that cannot be run here. Blocks of `sh` have
 * to succeed; of `console`, what is shown has to be said too.
 */
import { existsSync } from 'node:fs';
import t, { type Test } from 'tap';
import { blocksOf, isCommands, pages, stories, type DocBlock } from '../helpers/docs/doc-blocks.js';
import { expectedLines, runStory, withoutNamespaces } from '../helpers/docs/doc-story.js';
import { withoutCommand } from '../helpers/place/installed.js';
import { original } from '../helpers/running/starter.js';
import { elsewhere } from './elsewhere.js';

const programs = [
  'man',
  'plackup',
  'fcgiwrap',
  'curl',
  'rotatelogs',
  'ansible-playbook',
  'systemd-analyze',
  'setpriv',
  'ss',
  'sysctl',
  'ip',
];
const noNamespaces = withoutNamespaces();

/** Why this story cannot be run on this machine. */
function lacks(blocks: readonly DocBlock[]): string | false {
  const text = blocks.map((block) => `${block.text} ip`).join('\n');
  const missing = programs.filter((name) => new RegExp(`\\b${name} |\\b${name}$`).test(text)).map(withoutCommand);
  const noOriginal = text.includes('/usr/bin/start_server') && original()?.command !== '/usr/bin/start_server';
  const reasons = [noNamespaces, ...missing, noOriginal && "Perl's start_server is missing"];
  return reasons.find((reason) => reason !== false) ?? false;
}

const all = pages().flatMap((page) => blocksOf(page).filter(isCommands));
const whyNot = (block: DocBlock) =>
  elsewhere.find(({ page, text }) => page === block.page && block.text.includes(text));

t.test('blocks', (t) => {
  // Most of the time is waiting for intervals.
  t.jobs = 6;
  for (const blocks of stories(all.filter((block) => whyNot(block) === undefined))) {
    const [first] = blocks;
    if (first === undefined) continue;
    const name = `${first.page}, line ${String(first.line)}: ${first.text.split('\n', 1)[0] ?? ''}`;
    t.test(name, { buffered: true, skip: lacks(blocks) }, (t) => tell(t, blocks));
  }
  t.end();
});

t.test('README.md can be typed from top to bottom, in one shell', (t) => {
  const readme = all.filter((block) => block.page === 'README.md' && whyNot(block) === undefined);
  const [told, ...others] = stories(readme);
  t.same(others, [], 'every block continues the one before');
  t.ok(told?.[0]?.notes.includes('nothing prepared'), 'and needs nothing but what the page gives');
  t.end();
});

async function tell(t: Test, blocks: readonly DocBlock[]): Promise<void> {
  const { code, said } = await runStory(t, blocks);
  t.equal(code, 0, said);
  // Not in this order: a worker's first line may come before the one that tells its start.
  for (const expected of blocks.flatMap(expectedLines)) t.match(said, expected);
}

t.test('what is not run is still there, and has its reason', (t) => {
  for (const { page, text, reason } of elsewhere) {
    const blocks = all.filter((block) => block.page === page && block.text.includes(text));
    t.equal(blocks.length, 1, `${page}: ${text}`);
    const [, file] = /^run by (test\/\S+)$/.exec(reason) ?? [];
    t.ok(file === undefined ? reason.startsWith('needs ') : existsSync(file), reason);
  }
  t.end();
});

t.test('only known languages stand behind fences', (t) => {
  const programs = ['perl', 'python', 'ruby', 'go', 'bash'];
  const known = ['sh', 'console', 'text', 'ini', 'js', 'ts', 'mermaid', 'json', ...programs, ''];
  const unknown = pages().flatMap((page) => blocksOf(page).filter(({ language }) => !known.includes(language)));
  t.same(unknown, []);
  const fences = pages().flatMap((page) => blocksOf(page));
  t.ok(fences.length > 80, 'pages were read');
  t.end();
});
