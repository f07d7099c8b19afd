/** `--check`: looks at everything that a start would need, and changes nothing. */
import type { CheckCommand } from '../core/command-line/command.js';
import { allClear } from '../core/report/check-report.js';
import { exitCodes } from '../core/text/exit-codes.js';
import { failures } from '../core/text/failures.js';
import { attempt } from '../service/attempt.js';
import { checkStart } from '../service/check-start.js';
import { Closing } from '../service/closing.js';
import { Findings } from '../service/findings.js';
import type { Say } from '../service/say.js';
import { underManager, withoutManager } from '../service/under-manager.js';
import { calledAs } from '../system/engine/arguments.js';
import { Installation } from '../system/handover/installation.js';
import { printable } from '../system/output/printable.js';
import { readInheritance } from '../system/processes/inheritance.js';

/** Gives the exit code where nothing is wrong; otherwise all that is wrong is one StarterError. */
export async function check(
  { start: command }: CheckCommand,
  say: Say,
  print: (text: string) => void,
): Promise<number> {
  const inherited = readInheritance();
  const { manager, inheritance } = command.systemd ? underManager(inherited, [process.pid]) : withoutManager(inherited);
  const findings = new Findings();
  const closing = new Closing();
  try {
    if (command.hibernate !== undefined)
      await findings.part(() => attempt(() => Installation.open(calledAs()), failures.cannotHibernate));
    await checkStart(command, { inheritance, manager, closing, findings });
  } finally {
    closing.close();
  }
  for (const line of findings.warnings) say(line, 'warning');
  if (findings.failure !== undefined) throw findings.failure;
  print(`${printable(allClear(command))}\n`);
  return exitCodes.success.code;
}
