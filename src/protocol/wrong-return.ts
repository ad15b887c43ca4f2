/**
 * Thrown when a function of the user's returned an unusable value. The function is no longer on the stack, so `by`
 * identifies it.
 */
export class WrongReturn extends TypeError {
  constructor(
    message: string,
    /** Any value; for a function, its location in the file can be found. */
    readonly by: unknown,
  ) {
    super(message);
    this.name = 'TypeError';
  }
}

/** Returns a method as a value, for `by`, without calling it. */
export const functionOf = (owner: object, name: string): unknown => Reflect.get(owner, name);
