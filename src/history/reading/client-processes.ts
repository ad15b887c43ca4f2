/** Numbers of the processes of clients that are known by names or numbers of their own, or not at all. */
import { canonicalJson, type Json } from '../../protocol/json.ts';
import type { Op } from '../op.ts';
import type { ProcessNames } from './process-names.ts';

/** Numbers the processes of clients. A client that has several operations open, or one in doubt, needs several. */
export class ClientProcesses {
  readonly #names: ProcessNames;
  readonly #own = new Map<string, number>();
  readonly #busy = new Set<number>();
  /** Those of operations without a client. */
  readonly #unnamed = new Set<number>();
  readonly #idle: number[] = [];
  /** The next number that no client has. */
  #unused: number;

  constructor(names: ProcessNames, clients: readonly (Json | undefined)[]) {
    this.#names = names;
    const named = new Set(clients.filter((client) => typeof client === 'string'));
    this.#unused = clients.reduce<number>(
      (most, client) => (isNumber(client) ? Math.max(most, client + 1) : most),
      named.size,
    );
  }

  begin(client: Json | undefined): number {
    const process = client === undefined ? this.#ofNone() : this.#of(client);
    this.#busy.add(process);
    return process;
  }

  end(process: Op['process']): void {
    if (typeof process !== 'number') return;
    this.#busy.delete(process);
    if (this.#unnamed.has(process)) this.#idle.push(process);
  }

  #ofNone(): number {
    const process = this.#idle.pop() ?? this.#unused++;
    this.#unnamed.add(process);
    return process;
  }

  #of(client: Json): number {
    const name = canonicalJson(client);
    const own = this.#own.get(name) ?? this.#numberOf(client);
    const process = this.#busy.has(own) ? this.#unused++ : own;
    this.#own.set(name, process);
    return process;
  }

  #numberOf(client: Json): number {
    if (typeof client === 'string') return this.#names.numberOf(client);
    return isNumber(client) ? client : this.#unused++;
  }
}

const isNumber = (client: Json | undefined): client is number =>
  Number.isSafeInteger(client) && Number(client) >= 0;
