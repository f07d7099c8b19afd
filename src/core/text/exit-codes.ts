/** The exit codes of `start_server`, once: the commands end with them, the help and the documentation show them. */
export const exitCodes = {
  success: {
    code: 0,
    label: '0',
    prose: 'ended by TERM, INT or QUIT, or the command did what it was asked for',
  },
  usage: {
    code: 1,
    label: '1',
    prose:
      'an option or its value is wrong; another start_server has the pid file; for --restart, --stop, --reconfigure, --cancel, --show-status and --upgrade: no start_server is running; the native part is missing',
  },
  system: {
    code: undefined,
    label: 'errno',
    prose:
      'the system refused something: 2 no such file, 13 permission denied, 28 no space left, 98 (48 on macOS) address in use',
  },
  nothingServes: {
    code: 69,
    label: '69',
    prose:
      'as many starts in a row have failed as --max-failures allows, and no worker is left that serves; ' +
      'for --check of a start: the program cannot be run',
  },
  internal: {
    code: 70,
    label: '70',
    prose: 'a defect of start_server itself; please report what it printed',
  },
  failedStart: {
    code: 75,
    label: '75',
    prose:
      'for --restart and --reconfigure: the new worker failed to start (with --check: it would), or was cancelled; what served before serves on, unless the ' +
      'message says otherwise; for --upgrade and --cancel: it was refused, and all is as before',
  },
  timeout: {
    code: 124,
    label: '124',
    prose: 'for --restart, --stop, --reconfigure, --cancel, --show-status and --upgrade: --timeout was over first',
  },
  noReader: {
    code: 141,
    label: '141',
    prose:
      'the reader of the output has gone, such as head behind a "|", and nothing is said; a shell shows SIGPIPE so, too',
  },
  unable: {
    code: 255,
    label: '255',
    prose:
      'no program was given, a --port or --path is not valid, or a host name has no address; or an option that a ' +
      'command cannot do without is missing',
  },
} as const satisfies Record<string, ExitCode>;

export interface ExitCode {
  /** Undefined where the code is the errno of what was refused. */
  readonly code: number | undefined;
  readonly label: string;
  readonly prose: string;
}

/** Why nothing was started: a line for stderr, without its newline, and the code to end with. */
export interface Failure {
  readonly message: string;
  readonly exitCode: number;
}

/** A mistake in an option or its value that the original does not find. */
export function usageFailure(message: string): { readonly ok: false; readonly error: Failure } {
  return { ok: false, error: { message, exitCode: exitCodes.usage.code } };
}

/** A fatal error without an errno, for which Perl's `die` ends with 255. */
export function unableFailure(message: string): { readonly ok: false; readonly error: Failure } {
  return { ok: false, error: { message, exitCode: exitCodes.unable.code } };
}
