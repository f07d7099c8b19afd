/** What the launcher has node run. */
import { evaluate, readScript } from './command-script.js';

const directory = import.meta.dirname;
evaluate(readScript(directory), directory, require).run();
