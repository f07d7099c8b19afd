/** What Perl takes for true. */

/** Whether a text is true in Perl: '' and '0' are not, `no`, `false` and `00` are. */
export function isTrue(text: string | undefined): text is string {
  return text !== undefined && text !== '' && text !== '0';
}

/** In the original a file called `0` or '' is no file, though `--log-file=0` satisfies --daemonize. */
export function given(text: string | undefined): string | undefined {
  return isTrue(text) ? text : undefined;
}
