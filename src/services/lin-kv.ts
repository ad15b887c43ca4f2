/** `lin-kv`: a linearizable key-value store. Each request meets the one current state at the moment it arrives. */
import type { Json, JsonObject } from '../protocol/json.ts';
import { applyKvRequest, parseKvRequest } from './kv-request.ts';
import type { ServiceAnswer, ServiceMachine } from './service.ts';

export class LinKv implements ServiceMachine {
  private readonly values = new Map<string, Json>();

  constructor(readonly name: string = 'lin-kv') {}

  handle(type: string, body: JsonObject): ServiceAnswer {
    const parsed = parseKvRequest(this.name, type, body);
    if (parsed.kind === 'refused') return parsed.answer;
    const { request } = parsed;
    const { answer, write } = applyKvRequest(request, this.values.get(request.id));
    if (write !== undefined) this.values.set(request.id, write.value);
    return answer;
  }
}
