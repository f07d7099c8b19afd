/** The blocks of CONTRIBUTING.md that say what the linter refuses. */
import { fill, table } from './markdown.js';

/** A room of src, or a layer without rooms, from the bottom to the top; see eslint.rooms.js. */
export interface Room {
  readonly name: string;
  readonly is: string;
  readonly imports: readonly string[];
}

/** What only some files may do; see eslint.powers.js. */
export interface Power {
  readonly is: string;
  readonly held: readonly string[];
}

/** CONTRIBUTING.md with its blocks filled; throws where one of them is not there exactly once. */
export function contributing(present: string, rooms: readonly Room[], powers: readonly Power[]): string {
  const rows = rooms.map(({ name, is, imports }) => [`\`${name}\``, is, imports.map(shown).join(', ') || 'nothing']);
  return [
    { name: 'rooms', text: table([['in `src`', 'holds', 'imports, beside its own files'], ...rows]) },
    { name: 'powers', text: powers.map(({ is, held }) => `- It ${is}: ${holders(held)}.`).join('\n') },
  ].reduce(fill, present);
}

function shown(what: string): string {
  const prefix = 'types of ';
  return what.startsWith(prefix) ? `${prefix}\`${what.slice(prefix.length)}\`` : `\`${what}\``;
}

function holders(held: readonly string[]): string {
  const places = held.map((path) => `\`${path.replace(/^src\//, '').replace(/\/\*\*\/\*\.ts$/, '')}\``);
  return places.length === 0 ? 'nowhere' : places.sort().join(', ');
}
