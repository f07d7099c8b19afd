import type { Priority } from '../../core/text/priority.js';
import type { Output } from './output.js';

/** Another output, with the time before each line. */
export class TimedOutput implements Output {
  constructor(
    private readonly output: Output,
    private readonly timestamp: () => string,
  ) {}

  write(line: string, priority?: Priority): string {
    return this.output.write(`${this.timestamp()} ${line}`, priority);
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
