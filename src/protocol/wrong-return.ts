/** A function of the user's returned what cannot be used. It had returned by then, so that no stack names it: `by` does. */
export class WrongReturn extends TypeError {
  constructor(
    message: string,
    /** Any value: of a function its place in its file can be found. */
    readonly by: unknown,
  ) {
    super(message);
    this.name = 'TypeError';
  }
}

/** A method as a value, for `by`: it is not called. */
export const functionOf = (owner: object, name: string): unknown => Reflect.get(owner, name);
