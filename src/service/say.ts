/** Writes one line of the log. */
export type Say = (line: string) => void;

/** Tells a trouble that lasts once, until another one or its end follows; undefined where there is none at the moment. */
export function tellOnce(say: Say): (trouble: string | undefined) => void {
  let told: string | undefined;
  return (trouble) => {
    if (trouble !== undefined && trouble !== told) say(trouble);
    told = trouble;
  };
}
