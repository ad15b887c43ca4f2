/** The default export of a user's file: read, and named in messages. */
import { seen } from '../../own/examples.ts';
import { UserError } from '../../protocol/user-error.ts';
import { describeThrown, type OwnModule } from './own-module.ts';

/** Evaluates the module. Throws a UserError if it throws; `source` names the file. */
export function exported(module: OwnModule, source: string): unknown {
  try {
    return module.fresh();
  } catch (error) {
    if (error instanceof UserError) throw new UserError(`${source}: ${error.message}`, error.hint);
    throw new UserError(`${source} could not be loaded: ${describeThrown(error)}`);
  }
}

/** Describes a default export by its methods. */
export function whatIs(value: unknown): string {
  const { prepare, named, started } = Object(value) as Readonly<Record<string, unknown>>;
  if (typeof prepare === 'function') return 'a workload';
  if (typeof named === 'function') return 'a fault';
  if (typeof started === 'function') return 'a service';
  return value === undefined ? 'nothing' : seen(value);
}
