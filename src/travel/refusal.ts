/** A request that cannot be fulfilled, with a sentence; `status` as in recording/travel-view.ts. */
import { UserError } from '../protocol/user-error.ts';

export class Refusal extends UserError {
  constructor(
    readonly status: 400 | 404 | 409 | 410,
    message: string,
    hint?: string,
  ) {
    super(message, hint);
  }
}
