import type { AnyContender } from './contender.ts';

/** Contenders that stand side by side; who is not measured just now is idle. */
export class Stage<Name extends string> implements AsyncDisposable {
  readonly #contenders: AnyContender<Name>[] = [];

  /**
   * Starts them one by one.
   * @param start starts one
   * @param step told before each how many are started and how many there are
   * @throws SluiceError when one does not start; nothing is left behind then
   */
  static async open<Name extends string>(
    names: readonly Name[],
    start: (name: Name) => Promise<AnyContender<Name>>,
    step: (done: number, all: number) => void,
  ): Promise<Stage<Name>> {
    const stage = new Stage<Name>();
    try {
      for (const name of names) {
        step(stage.#contenders.length, names.length);
        stage.#contenders.push(await start(name));
      }
      return stage;
    } catch (error) {
      await stage.close();
      throw error;
    }
  }

  get contenders(): readonly AnyContender<Name>[] {
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
