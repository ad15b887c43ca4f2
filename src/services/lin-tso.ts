/** `lin-tso`: a linearizable timestamp oracle. Every `ts` is answered with the next integer, from 0. */
import type { JsonObject } from '../protocol/json.ts';
import { unsupported, type ServiceAnswer, type ServiceMachine } from './service.ts';

export class LinTso implements ServiceMachine {
  private nextTimestamp = 0;

  constructor(readonly name: string = 'lin-tso') {}

  handle(type: string, _request: JsonObject): ServiceAnswer {
    if (type !== 'ts') return unsupported(this.name, type, ['ts']);
    return { kind: 'ok', type: 'ts_ok', fields: { ts: this.nextTimestamp++ } };
  }
}
