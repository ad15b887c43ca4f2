/**
 * Values of a history in a certificate, which is JSON. A value of EDN that JSON lacks, such as the keyword `:x`, which
 * is not the text `"x"`, is written as `{"edn": ":x"}`.
 */
import { readEdn } from '../edn/edn-reader.ts';
import { ednToValue } from '../edn/edn-value.ts';
import { writeJsonAsEdn } from '../edn/json-to-edn.ts';
import { isJsonObject, jsonEquals, parseJson, stringifyJson, type Json } from '../protocol/json.ts';
import type { CasesProof, Certificate, CycleProof } from './certificate.ts';

/** Returns a certificate as the text of its file. */
export const certificateText = (certificate: Certificate): string =>
  `${stringifyJson(withEach(certificate, written))}\n`;

/** Returns a certificate of a file with the values that it stands for. Throws a SyntaxError if one is not EDN. */
export const withReadValues = (certificate: Certificate): Certificate => withEach(certificate, read);

function withEach(certificate: Certificate, turn: (value: Json) => Json): Certificate {
  const { options, proof } = certificate;
  const initial = options['initial-value'];
  return {
    ...certificate,
    options: initial === undefined ? options : { ...options, 'initial-value': turn(initial) },
    proof: proof.kind === 'cases' ? ofCases(proof) : proof,
  };

  function ofCases(cases: CasesProof): CasesProof {
    const { key, before, after } = cases;
    return { ...cases, key: turn(key), before: ofPart(before), after: ofPart(after) };
  }

  function ofPart(part: CycleProof | CasesProof): CycleProof | CasesProof {
    return part.kind === 'cases' ? ofCases(part) : part;
  }
}

const isWritten = (value: Json): value is { readonly edn: Json } =>
  isJsonObject(value) && Object.keys(value).join() === 'edn';

function written(value: Json): Json {
  const isPlain = jsonEquals(parseJson(stringifyJson(value)), value) && !isWritten(value);
  return isPlain ? value : { edn: writeJsonAsEdn(value) };
}

function read(value: Json): Json {
  return isWritten(value) && typeof value.edn === 'string' ? ednToValue(readEdn(value.edn)) : value;
}
