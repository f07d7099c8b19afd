import { StarterError } from '../core/text/starter-error.js';
import { text } from '../system/engine/bytes.js';

/** The same promise with text of JavaScript's own in its error: messages of the command are byte strings. */
export async function readable<T>(promise: Promise<T>): Promise<T> {
  try {
    return await promise;
  } catch (error) {
    if (error instanceof StarterError) {
      error.message = text(error.message);
      error.details = error.details.map(text);
    }
    throw error;
  }
}
