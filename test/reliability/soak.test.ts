/** All injections at once, for some seconds in `npm test`, for as long as it is told by `npm run soak`. */
import t from 'tap';
import { injections, type Injection } from '../helpers/reliability/injections.js';
import { soakSeconds } from '../helpers/reliability/reliability.js';
import { SoakRun, type Soak } from '../helpers/reliability/soak-run.js';

const soaks: readonly Soak[] = [
  { name: 'one image', options: [], isOneImage: true },
  { name: 'other images and command lines, and deaths', options: [], isOneImage: false },
  { name: 'the same, and it sleeps whenever it can', options: ['--hibernate=0'], isOneImage: false },
];

const seconds = soakSeconds() / soaks.length;

for (const soak of soaks)
  t.test(`${String(seconds)} seconds of everything: ${soak.name}`, { timeout: 0 }, async (t) => {
    const run = await SoakRun.start(t, soak, seconds);
    await run.injectAll(possibleIn(soak));
    await run.end();
  });

function possibleIn({ isOneImage }: Soak): Injection[] {
  const wanted = injections.filter(({ changesImage = false }) => !isOneImage || !changesImage);
  const possible = wanted.filter(({ lacks }) => lacks === undefined || lacks() === false);
  t.ok(possible.length >= 8, `${String(possible.length)} of ${String(wanted.length)} injections are possible here`);
  return possible;
}
