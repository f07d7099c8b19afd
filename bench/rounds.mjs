/** Rounds in which every subject takes its turn, so that what else happens on the machine happens to all of them. */

/**
 * Calls `sample(subject)` for all subjects over and over, or `floor()` where a subject has it; the first round is for
 * warming up and does not count. Gives a list of the numbers by the subject's id.
 */
export async function interleaved(subjects, rounds, sample) {
  const samples = new Map(subjects.map(({ id }) => [id, []]));
  for (let round = 0; round <= rounds; round++) {
    for (const subject of turned(subjects, round)) {
      const number = await (subject.floor ?? sample)(subject);
      if (round > 0) samples.get(subject.id).push(number);
    }
  }
  return samples;
}

/** Each round begins with another subject, so that none always comes after the same one. */
function turned(subjects, round) {
  const at = round % subjects.length;
  return [...subjects.slice(at), ...subjects.slice(0, at)];
}
