/** The client of `lin-tso`, a service that hands out 0, 1, 2, ..., each number once, in the order of requests. */
import type { Node, RpcOptions } from './node.ts';

export class Tso {
  constructor(private readonly node: Node) {}

  /**
   * Resolves with the next timestamp, which is larger than any that was handed out before this call. Rejects with an
   * `RpcError`.
   */
  async next(options?: RpcOptions): Promise<number> {
    const reply = await this.node.rpc<{ ts: number }>('lin-tso', { type: 'ts' }, options);
    return reply.ts;
  }
}
