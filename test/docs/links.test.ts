/** What pages refer to is there: files, headings, the picture; and what they show of a file is what is in it. */
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import t from 'tap';
import { blocksOf, pages, textOf } from '../helpers/docs/doc-blocks.js';
import { faultIn } from '../helpers/docs/well-formed.js';

const root = join(import.meta.dirname, '../..');

/** As GitHub makes them of headings. */
function anchorsOf(page: string): Set<string> {
  const headings = textOf(page).matchAll(/^#+ (.*)$/gm);
  const anchor = (heading: string) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\w\- ]/g, '')
      .replaceAll(' ', '-');
  return new Set(Array.from(headings, ([, heading = '']) => anchor(heading)));
}

function linksOf(page: string): string[] {
  const prose = textOf(page).replaceAll(/^ *```[^]*?^ *```$/gm, '');
  return Array.from(prose.matchAll(/\]\(([^)\s]+)\)/g), ([, link = '']) => link).filter(
    (link) => !link.includes('://'),
  );
}

for (const page of [...pages(), 'CONTRIBUTING.md', 'test/README.md']) {
  t.test(`links of ${page}`, (t) => {
    for (const link of linksOf(page)) {
      const [path = '', anchor] = link.split('#');
      const file = path === '' ? page : join(dirname(page), path);
      t.ok(existsSync(join(root, file)), `${link} is there`);
      if (anchor !== undefined && file.endsWith('.md')) t.ok(anchorsOf(file).has(anchor), `${link} is a heading`);
    }
    t.end();
  });
}

t.test(
  'the links of a page that is installed lead to what is installed, but for tests and for who contributes',
  (t) => {
    const { files } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { files: string[] };
    const isInstalled = (file: string) =>
      ['README.md', 'LICENSE', ...files].some((name) => file === name || file.startsWith(`${name}/`));
    const isForContributors = (file: string) => file === 'CONTRIBUTING.md' || /^test\/.*\.test\.ts$/.test(file);
    for (const page of pages()) {
      const led = linksOf(page).map((link) => join(dirname(page), link.replace(/#.*/, '')));
      t.same(
        led.filter((file) => file !== dirname(page) && !isInstalled(file) && !isForContributors(file)),
        [],
        page,
      );
    }
    t.end();
  },
);

t.test('pages are reached from the README', (t) => {
  const reached = new Set(linksOf('README.md').map((link) => link.split('#')[0]));
  t.same(
    pages().filter((page) => page !== 'README.md' && !reached.has(page)),
    [],
  );
  t.end();
});

t.test('files that are shown', (t) => {
  const shown = pages()
    .flatMap((page) => blocksOf(page))
    .filter(({ file }) => file?.includes('/'));
  t.ok(shown.length >= 3);
  for (const { page, file = '', text } of shown)
    t.equal(text, readFileSync(join(root, file), 'utf8'), `${page}: ${file}`);
  t.end();
});

t.test('the picture of a restart', (t) => {
  const picture = readFileSync(join(root, 'docs/restart.svg'), 'utf8');
  t.equal(faultIn(picture), undefined);
  t.match(picture, /<svg [^>]*role="img" aria-labelledby="title description"/);
  for (const id of ['title', 'description']) t.match(picture, new RegExp(`<(title|desc) id="${id}">[^<]+</`));
  t.match(
    picture,
    /^ {2}<rect width="920" height="420"[^>]*fill="#ffffff"/m,
    'it has a ground of its own, in dark themes too',
  );
  t.ok(linksOf('docs/how-it-works.md').includes('restart.svg'));
  t.end();
});

t.test('what is not well-formed', (t) => {
  const faults = [
    '<a>',
    '<a></b>',
    '<a b=c></a>',
    '<a>&amp</a>',
    '<a></a><a></a>',
    '<a b="1" b="2"/>',
    '<a><</a>',
    'a<a/>',
  ];
  for (const fault of faults) t.not(faultIn(fault), undefined, fault);
  t.equal(faultIn('<?xml version="1.0"?>\n<a b="1">x &#8594; <c/></a>\n'), undefined);
  t.end();
});
