import type { Contender, ContenderName } from './contender.ts';
import { startContender } from './start.ts';

/** Contenders that stand side by side; who is not measured just now is idle. */
export class Stage implements AsyncDisposable {
  readonly #contenders: Contender[] = [];

  /**
   * Starts them one by one.
   * @param step told before each how many are started and how many there are
   * @throws SluiceError when one does not start; nothing is left behind then
   */
  static async open(
    names: readonly ContenderName[],
    step: (done: number, all: number) => void,
    signal: AbortSignal,
  ): Promise<Stage> {
    const stage = new Stage();
    try {
      for (const name of names) {
        step(stage.#contenders.length, names.length);
        stage.#contenders.push(await startContender(name, signal));
      }
      return stage;
    } catch (error) {
      await stage.close();
      throw error;
    }
  }

  get contenders(): readonly Contender[] {
    return this.#contenders;
  }

  /** Ends them all. */
  async close(): Promise<void> {
    await Promise.all(this.#contenders.splice(0).map((each) => each[Symbol.asyncDispose]()));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }
}
