/** Why another command line cannot take the place of the one in force. */
import { quoted } from './quoted.js';

export const changeFailures = {
  reconfigureNeedsControl: () => '--reconfigure option requires --control to be set as well',
  /** `now` is the option as it is in force; undefined where it is not. */
  cannotChange: (option: string, now: string | undefined) =>
    `${option} cannot change while start_server runs; ` +
    (now === undefined ? `leave ${option} out` : `give ${now} as it was started with`) +
    ', or stop it and start it anew',
  /** `what` is an option, or the program. */
  relativeElsewhere: (what: string, path: string, directory: string) =>
    `${what}: ${quoted(path)} is a relative path, and start_server runs in another directory, ${quoted(directory)}; ` +
    'give the whole path, or type the command there',
  cannotOpenCandidate: (reason: string) =>
    `failed to open what the new command line needs: ${reason}; the one before stays in force`,
  /** `rival` is the name of the socket of the command line in force. */
  stillBound: (key: string, reason: string, rival: string) =>
    `failed to bind to ${key}:${reason}; --port=${rival} of the command line in force has it: ` +
    'leave that out in a first --reconfigure, and add this in a second',
} as const;
