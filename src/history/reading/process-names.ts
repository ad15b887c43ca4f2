/**
 * Numbers processes that a history identifies by names ("client-1", a UUID, a number beyond 2^53), in the order of their
 * first operations. Names and numbers in the same history are an error, since it is unclear which of them are clients.
 */
import { shownText } from '../../protocol/shown-text.ts';
import { HistoryError } from '../history-error.ts';

const SHOWN = 6;

export class ProcessNames {
  private readonly numbers = new Map<string, number>();
  private firstNumber: number | undefined;

  /** Returns the number of a name. Throws a HistoryError if other processes have numbers. */
  numberOf(name: string): number {
    if (this.firstNumber !== undefined) throw mixed(JSON.stringify(name), String(this.firstNumber));
    const number = this.numbers.get(name) ?? this.numbers.size;
    this.numbers.set(name, number);
    return number;
  }

  /** Throws a HistoryError if other processes have names. */
  noteNumber(process: number): void {
    if (this.firstNumber !== undefined) return;
    const [first] = this.numbers.keys();
    if (first !== undefined) throw mixed(String(process), JSON.stringify(first));
    this.firstNumber = process;
  }

  /** The numbers with their names, as text; undefined if there are no names. */
  get shown(): string | undefined {
    if (this.numbers.size === 0) return undefined;
    const first = [...this.numbers]
      .slice(0, SHOWN)
      .map(([name, number]) => `${number} is ${shownText(name, 40)}`);
    return [...first, ...(this.numbers.size > SHOWN ? ['...'] : [])].join(', ');
  }
}

const mixed = (seen: string, before: string): HistoryError =>
  new HistoryError(
    `\`process\` is ${shownText(seen, 80)}, but an operation before has ${shownText(before, 80)}; expected a number for all, or a name for all`,
  );
