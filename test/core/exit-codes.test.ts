import t from 'tap';
import { exitCodes, unableFailure, usageFailure } from '../../src/core/text/exit-codes.js';

for (const { code, label, prose } of Object.values(exitCodes)) {
  t.equal(label, code === undefined ? 'errno' : String(code));
  t.match(prose, /^[a-z][\x20-\x7e]*[^.]$/);
}

t.same(usageFailure('no'), { ok: false, error: { message: 'no', exitCode: 1 } });
t.same(unableFailure('no'), { ok: false, error: { message: 'no', exitCode: 255 } });
