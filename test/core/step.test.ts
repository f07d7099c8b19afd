import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { replay } from '../helpers/decision/transcript.js';

const directory = join(import.meta.dirname, 'transcripts');

for (const file of readdirSync(directory)) {
  t.test(`the story of ${file}`, (t) => {
    const told = readFileSync(join(directory, file), 'utf8');
    t.equal(replay(told), told);
    t.end();
  });
}
