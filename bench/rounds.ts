/**
 * Measures every contender once a round, one after the other (A B C A B C ...), so that each is measured in good and in
 * bad moments of the machine.
 * @param step told before every measurement how many are done and how many there are
 * @returns the samples of each contender, in their order, one a round
 */
export async function alternate<Contender, Sample>(
  contenders: readonly Contender[],
  rounds: number,
  measure: (contender: Contender) => Promise<Sample>,
  step: (done: number, all: number) => void,
): Promise<readonly (readonly Sample[])[]> {
  const samples = contenders.map((): Sample[] => []);
  for (let round = 0; round < rounds; round++) {
    for (const [index, contender] of contenders.entries()) {
      step(round * contenders.length + index, rounds * contenders.length);
      samples[index]?.push(await measure(contender));
    }
  }
  return samples;
}
