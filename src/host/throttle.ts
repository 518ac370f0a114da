/** Runs a task soon after it is asked for, once for all that ask meanwhile. */
export class Throttle {
  private timer: NodeJS.Timeout | null = null;

  constructor(
    private readonly ms: number,
    private readonly run: () => void,
  ) {}

  ask(): void {
    this.timer ??= setTimeout(() => {
      this.timer = null;
      this.run();
    }, this.ms);
  }

  dispose(): void {
    if (this.timer) clearTimeout(this.timer);
  }
}
