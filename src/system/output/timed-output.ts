import type { Priority } from '../../core/text/priority.js';
import type { Output } from './output.js';

/** Another output, with the time before each line where that is wanted. */
export class TimedOutput implements Output {
  /** `isTimed` holds for the lines to come. */
  constructor(
    private readonly output: Output,
    private readonly timestamp: () => string,
    public isTimed: boolean,
  ) {}

  write(line: string, priority?: Priority): string {
    return this.output.write(this.isTimed ? `${this.timestamp()} ${line}` : line, priority);
  }

  redirect(descriptor: number): void {
    this.output.redirect(descriptor);
  }

  get descriptors(): Output['descriptors'] {
    return this.output.descriptors;
  }

  close(): void {
    this.output.close();
  }
}
