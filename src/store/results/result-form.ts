/**
 * The form of a part of a result as data, for the reference pages and `maelstrom help`. A shape (shaped-edn.ts)
 * combines it with its way of writing, so that both are declared at once.
 */
import type { Meaning } from '../../protocol/key-meaning.ts';

export type Form =
  /** A single value, by the name of its type: `integer`, `keyword`. */
  | { readonly kind: 'one'; readonly type: string }
  | { readonly kind: 'either'; readonly of: readonly Form[] }
  | { readonly kind: 'several'; readonly as: 'list' | 'set'; readonly of: Form }
  | { readonly kind: 'tuple'; readonly of: readonly Form[] }
  | { readonly kind: 'map'; readonly keys: ReadonlyMap<string, DescribedKey>; readonly others?: Form }
  /** A map whose keys are described by `by`. */
  | { readonly kind: 'by'; readonly by: string; readonly of: Form };

export interface DescribedKey {
  readonly form: Form;
  readonly meaning: Meaning;
}

/** Returns the form in words: `list of operations`, `integer by element`, `string or null`. */
export function formInWords(form: Form): string {
  switch (form.kind) {
    case 'one':
      return form.type;
    case 'either':
      return [...new Set(form.of.map(formInWords))].join(' or ');
    case 'several':
      return `${form.as} of ${plural(form.of)}`;
    case 'tuple':
      return `[${form.of.map(formInWords).join(', ')}]`;
    case 'map':
      return 'map';
    case 'by':
      return `${formInWords(form.of)} by ${form.by}`;
  }
}

function plural(form: Form): string {
  const words = formInWords(form);
  return form.kind === 'one' || form.kind === 'map' ? `${words}s` : words;
}

/** Yields all keys of a form and of its parts, each with its path: `by-f.NAME.count`. */
export function* keysWithin(form: Form, path = ''): Iterable<readonly [path: string, key: DescribedKey]> {
  switch (form.kind) {
    case 'one':
      return;
    case 'either':
    case 'tuple':
      for (const one of form.of) yield* keysWithin(one, path);
      return;
    case 'several':
      yield* keysWithin(form.of, path === '' ? '' : `${path}[]`);
      return;
    case 'by':
      yield* keysWithin(form.of, joined(path, form.by.toUpperCase()));
      return;
    case 'map':
      for (const [name, key] of form.keys) {
        yield [joined(path, name), key];
        yield* keysWithin(key.form, joined(path, name));
      }
      if (form.others !== undefined) yield* keysWithin(form.others, joined(path, 'NAME'));
  }
}

const joined = (path: string, name: string): string => (path === '' ? name : `${path}.${name}`);
