/**
 * Recognises a value that a program printed in its language's own notation instead of JSON, and says how that language
 * writes JSON.
 */

interface Notation {
  readonly form: RegExp;
  /** Ends the sentence "This looks like ...". */
  readonly printed: string;
  /** How to print the message instead. */
  readonly instead: string;
}

/** The first one that fits counts. */
const NOTATIONS: readonly Notation[] = [
  {
    form: /^\s*\{\s*'/,
    printed: "Python's own notation",
    instead: 'print json.dumps(message), not the dict itself',
  },
  {
    form: /^b['"]\s*[{[]/,
    printed: "Python's bytes",
    instead: 'print(data.decode()), or write the bytes themselves to sys.stdout.buffer',
  },
  {
    form: /^<[\w.]+ object at 0x[\da-f]+>/i,
    printed: 'a Python object',
    instead: 'print json.dumps of a dict of its fields, such as vars(message) or dataclasses.asdict(message)',
  },
  {
    form: /^\[object \w+\]|^Promise \{|^(?:Map|Set)\(\d+\) \{|^\{ \w+: (?:['"{[]|\w)/,
    printed: 'a JavaScript object printed without serialization',
    instead: 'print JSON.stringify(message)',
  },
  {
    form: /^\s*%\{|^%\w+(?:\.\w+)*\{/,
    printed: "Elixir's notation of a map",
    instead:
      'print Jason.encode!(message), or JSON.encode!(message) from Elixir 1.18 on, not inspect(message)',
  },
  {
    form: /^#\{\s*\S+\s*=>|^\{?<<["\d]|^\[(?:123|"\{|<<"\{)/, // a map, a binary, an iolist that begins with {
    printed: "Erlang's notation of a term",
    instead: 'print json:encode(Message) from OTP 27 on, or jsx:encode(Message), by ~s and not by ~p',
  },
  {
    form: /^\{\s*(?::\w+|"\w+")\s*=>|^#<(?:struct |[A-Z]\w*(?:::[A-Z]\w*)*[ :>])/,
    printed: "Ruby's notation of an object",
    instead:
      'print message.to_json (require "json"), not message.inspect; make an object of a class a hash first, with to_h',
  },
  {
    form: /^\{\s*:\w[\w.-]*(?:\/[\w.-]+)? +["\w{[:]/,
    printed: "Clojure's notation (EDN)",
    instead: 'print (cheshire.core/generate-string message) or (clojure.data.json/write-str message)',
  },
  {
    form: /^(?:array\(\d+\) \{|Array$|stdClass Object$|object\(\S+\)#\d+ \(\d+\) \{)/,
    printed: "PHP's notation of an array or object",
    instead: 'echo json_encode($message), "\\n"',
  },
  {
    form: /^table: 0x[\da-f]+/i,
    printed: 'a Lua table',
    instead: 'encode it first, as by cjson.encode(message) or dkjson.encode(message)',
  },
  {
    form: /^(?:[\w:]+=)?(?:HASH|ARRAY)\(0x[\da-f]+\)/i,
    printed: 'a reference in Perl',
    instead: 'print encode_json($message) (use JSON::PP)',
  },
  {
    form: /^&?(?:map\[|\{\S+ \S+ (?:map\[|\{|0x[\da-f]))/,
    printed: "Go's notation of a value",
    instead: 'print what json.Marshal(message) returns, or use json.NewEncoder(os.Stdout).Encode(message)',
  },
  {
    form: /^System\.(?:\w+\.)*\w+(?:`\d+)?\[|^(?:\w+\.)+\w+ \{ \w+ = /,
    printed: 'an object in .NET',
    instead: 'print JsonSerializer.Serialize(message)',
  },
  {
    form: /^Dict\{|^Dict\(/,
    printed: "Julia's notation of a Dict",
    instead: 'println(JSON.json(message)), or JSON3.write(message)',
  },
  {
    form: /^\[1\] |^\$\w+$/,
    printed: "R's notation of a value",
    instead: 'cat(toJSON(message, auto_unbox = TRUE), "\\n"), since print adds [1] and quotes',
  },
  {
    form: /^\[\s*"\w+": /,
    printed: "Swift's notation of a dictionary",
    instead:
      'print the text of JSONSerialization.data(withJSONObject: message), or of JSONEncoder().encode(message)',
  },
  {
    form: /^Optional\(|^Some\(/,
    printed: 'an optional value that was not unwrapped',
    instead: 'unwrap it, and print the text in it',
  },
  {
    form: /^#S\(|^\(\(?:?"?[\w-]+"? \. |^#<(?:hash-table|HASH-TABLE)/,
    printed: "Lisp's notation of a value",
    instead:
      'use a JSON library, such as yason or com.inuoe.jzon in Common Lisp, (json) in Guile, (write-json ...) in Racket',
  },
  {
    form: /^(?:Hash)?Map\(\w+ -> /,
    printed: "Scala's notation of a map",
    instead: 'use a JSON library, such as ujson.write(message) or message.asJson.noSpaces of circe',
  },
  {
    form: /^(?:\w+\.)+[A-Z]\w*(?:\$\w+)*@[\da-f]{3,}$/,
    printed: 'an object on the JVM without toString',
    instead: 'print new Gson().toJson(message), or new ObjectMapper().writeValueAsString(message)',
  },
  {
    form: /^[A-Z]\w* ?\{ ?\w+ = |^[A-Z]\w* ?\{ ?\w+: |^[A-Z]\w*[([]\w+=/,
    printed: 'a record in the notation of Java, Kotlin, Haskell, Rust or C#',
    instead:
      'print what a JSON library makes of it, such as Gson on the JVM, Data.Aeson in Haskell, serde_json in Rust, JsonSerializer in C#',
  },
];

/** Returns advice for a line in the notation of some language, or undefined if it is in none that is known. */
export function printedValueHint(line: string): string | undefined {
  const found = NOTATIONS.find(({ form }) => form.test(line));
  return found && `This looks like ${found.printed}: ${found.instead}. Debugging output belongs on stderr.`;
}
