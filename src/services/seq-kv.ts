/**
 * `seq-kv`: a sequentially consistent key-value store that is as stale as that allows.
 *
 * It keeps the last 32 states and, per client, the newest state that the client has seen. A request that would change
 * nothing (a read, a failing cas, a write of the current value) applies to a random state from that one to the newest;
 * one that would change something applies to the newest. So all writes have one order, and no client goes back:
 *
 *     states    s0 ── s1 ── s2 ── s3 ── s4
 *     client c1       └ has seen  └ may read here   └ must write here
 *
 * A client that is more than 32 states behind continues at the oldest state kept.
 */
import type { Json, JsonObject } from '../protocol/json.ts';
import type { Cause } from '../world/cause.ts';
import type { Random } from '../world/random.ts';
import { applyKvRequest, parseKvRequest } from './kv-request.ts';
import { full, type ServiceAnswer, type ServiceMachine } from './service.ts';
import { ServiceMemory } from './service-memory.ts';
import { VersionedMap } from './versioned-map.ts';

const STATES_KEPT = 32;

export class SeqKv implements ServiceMachine {
  private readonly states = new VersionedMap(STATES_KEPT);
  private readonly met = new Map<string, number>();

  constructor(
    private readonly random: Random,
    readonly name: string = 'seq-kv',
    private readonly memory: ServiceMemory = new ServiceMemory(),
  ) {}

  handle(type: string, body: JsonObject, client: string, cause?: Cause): ServiceAnswer {
    const parsed = parseKvRequest(this.name, type, body);
    if (parsed.kind === 'refused') return parsed.answer;
    const { request } = parsed;
    const { states } = this;

    const from = Math.max(this.met.get(client) ?? 0, states.oldestVersion);
    const version = from + this.random.for(cause).int(states.newestVersion - from + 1);
    const effect = applyKvRequest(request, states.get(request.id, version));
    if (effect.write?.changes !== true) {
      this.met.set(client, version);
      return effect.answer;
    }
    const { answer, write } = applyKvRequest(request, states.get(request.id, states.newestVersion));
    if (write?.changes === true && !this.keep(request.id, write.value))
      return full(this.name, request.key, this.memory);
    this.met.set(client, states.newestVersion);
    return answer;
  }

  /** Adds a new state; returns false if there is no room. The earlier value stays, for clients that are behind. */
  private keep(id: string, value: Json): boolean {
    if (!this.memory.replace(id, undefined, value)) return false;
    const forgotten = this.states.set(id, value);
    if (forgotten?.before !== undefined) this.memory.remove(forgotten.id, forgotten.before);
    return true;
  }
}
