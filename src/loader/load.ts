/** What the launcher has node run. */
import { evaluate, readScript } from './command-script.js';
import { heldPlace, placeIn } from './place.js';

const place = heldPlace() ?? placeIn(import.meta.dirname);
evaluate(readScript(place), place, require).run();
