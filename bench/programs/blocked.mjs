/**
 * Prints as JSON for how many microseconds each of many spawns kept this process from doing anything else:
 * node blocked.mjs ADDON CHILD MEGABYTES SPAWNS DESCRIPTORS PATH-ELEMENTS [child_process]. It holds that much heap.
 */
import { spawn } from 'node:child_process';
import { openSync } from 'node:fs';

const [, , file, child, ...words] = process.argv;
const [megabytes, spawns, descriptors, elements] = words.map(Number);
const byNode = words.includes('child_process');
const target = { exports: {} };
process.dlopen(target, file);
const addon = target.exports;

const heap = Array.from({ length: megabytes }, () => Array.from({ length: 20_000 }, (_, index) => ({ index })));
const source = openSync('/dev/null', 'r');
const fds = Array.from({ length: descriptors }, (_, index) => [source, index]);
const PATH = [...Array.from({ length: elements }, () => '/nonexistent'), '/bin'].join(':');

const taken = [];
for (let round = 0; round < spawns; round++) {
  const begun = process.hrtime.bigint();
  const request = { file: elements > 0 ? 'true' : child, args: [child], env: [`PATH=${PATH}`], fds };
  const pid = byNode ? spawn(child, [], { stdio: 'ignore' }).pid : addon.spawn(request);
  taken.push(Number(process.hrtime.bigint() - begun) / 1000);
  await ended(pid);
}
process.stdout.write(JSON.stringify({ taken, heap: heap.length }));

async function ended(pid) {
  if (byNode) await new Promise((resolve) => setTimeout(resolve, 2));
  else while (addon.waitpid(pid) === undefined) await new Promise((resolve) => setTimeout(resolve, 1));
}
