/** `lin-kv`: a linearizable key-value store. Each request applies to the single current state when it arrives. */
import type { Json, JsonObject } from '../protocol/json.ts';
import { applyKvRequest, parseKvRequest } from './kv-request.ts';
import { full, type ServiceAnswer, type ServiceMachine } from './service.ts';
import { ServiceMemory } from './service-memory.ts';

export class LinKv implements ServiceMachine {
  private readonly values = new Map<string, Json>();

  constructor(
    readonly name: string = 'lin-kv',
    private readonly memory: ServiceMemory = new ServiceMemory(),
  ) {}

  handle(type: string, body: JsonObject): ServiceAnswer {
    const parsed = parseKvRequest(this.name, type, body);
    if (parsed.kind === 'refused') return parsed.answer;
    const { request } = parsed;
    const before = this.values.get(request.id);
    const { answer, write } = applyKvRequest(request, before);
    if (write === undefined) return answer;
    if (!this.memory.replace(request.id, before, write.value))
      return full(this.name, request.key, this.memory);
    this.values.set(request.id, write.value);
    return answer;
  }
}
