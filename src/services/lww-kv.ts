/**
 * `lww-kv`: an eventually consistent key-value store in which the last write wins.
 *
 * It has independent replicas, each with a Lamport clock. Before each request one random replica is merged into
 * another; then the request goes to a random replica. Of two values of a key the one with the greater (timestamp,
 * replica) wins, so once writes have stopped, merging makes all replicas equal. There are two replicas, as in
 * upstream's code (its guide says five).
 */
import type { Json, JsonObject } from '../protocol/json.ts';
import type { Cause } from '../world/cause.ts';
import type { Random } from '../world/random.ts';
import { applyKvRequest, parseKvRequest } from './kv-request.ts';
import { full, type ServiceAnswer, type ServiceMachine } from './service.ts';
import { ServiceMemory } from './service-memory.ts';

const REPLICAS = 2;

interface Stamped {
  readonly value: Json;
  readonly timestamp: number;
  /** The replica that took the write; breaks ties between equal timestamps. */
  readonly replica: number;
}

const wins = (a: Stamped, b: Stamped | undefined): boolean =>
  b === undefined || a.timestamp > b.timestamp || (a.timestamp === b.timestamp && a.replica > b.replica);

class Replica {
  readonly values = new Map<string, Stamped>();
  clock = 0;
  /** Indexed by replica: the keys that changed here since the last merge into it, so that a merge copies only these. */
  readonly news: readonly Set<string>[];

  constructor(
    readonly number: number,
    replicas: number,
    private readonly memory: ServiceMemory,
  ) {
    this.news = Array.from({ length: replicas }, () => new Set<string>());
  }

  /** Returns false if there is no room. */
  write(id: string, value: Json): boolean {
    if (!this.memory.replace(id, this.values.get(id)?.value, value)) return false;
    this.clock += 1;
    this.put(id, { value, timestamp: this.clock, replica: this.number });
    return true;
  }

  mergeInto(other: Replica): void {
    const news = this.news[other.number];
    if (news === undefined) return;
    for (const id of news) {
      const mine = this.values.get(id);
      const theirs = other.values.get(id);
      if (mine === undefined || !wins(mine, theirs)) continue;
      if (theirs !== undefined) this.memory.remove(id, theirs.value);
      this.memory.add(id, mine.value);
      other.put(id, mine);
    }
    news.clear();
    other.clock = Math.max(other.clock, this.clock);
  }

  private put(id: string, stamped: Stamped): void {
    this.values.set(id, stamped);
    for (const [other, ids] of this.news.entries()) if (other !== this.number) ids.add(id);
  }
}

export class LwwKv implements ServiceMachine {
  private readonly replicas: readonly Replica[];

  constructor(
    private readonly random: Random,
    readonly name: string = 'lww-kv',
    replicas: number = REPLICAS,
    private readonly memory: ServiceMemory = new ServiceMemory(),
  ) {
    this.replicas = Array.from({ length: replicas }, (_, number) => new Replica(number, replicas, memory));
  }

  handle(type: string, body: JsonObject, _client?: string, cause?: Cause): ServiceAnswer {
    const parsed = parseKvRequest(this.name, type, body);
    if (parsed.kind === 'refused') return parsed.answer;
    const { request } = parsed;
    const chance = this.random.for(cause);
    const source = chance.pick(this.replicas);
    const target = chance.pick(this.replicas);
    if (source !== target) source.mergeInto(target);
    const replica = chance.pick(this.replicas);
    const { answer, write } = applyKvRequest(request, replica.values.get(request.id)?.value);
    if (write !== undefined && !replica.write(request.id, write.value))
      return full(this.name, request.key, this.memory);
    return answer;
  }
}
