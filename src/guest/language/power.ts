/**
 * `Math.pow` and `**`, with the same bits on every version of V8: V8 12 and V8 13 differ in the last bit. They use only
 * additions, multiplications and divisions, whose results IEEE 754 defines exactly.
 *
 *     x = m * 2^e with m near 1      x^y = 2^(y * (e + log2 m)) = 2^k * 2^f with k whole and |f| <= 1/2
 *
 * Double-double arithmetic with 106 bits (Dekker 1971) leaves an error of about 2^-80 before the single final rounding, so
 * results that can be represented, such as 3^33, are exact. A call takes a microsecond, or a tenth of that for a small
 * integer exponent.
 *
 * Functions with such a result return the high part and leave the low part in `low`, which avoids allocating objects.
 */
const native = Math.pow;

let low = 0;

/** High part of a + b. */
function sum(a: number, b: number): number {
  const high = a + b;
  const ofB = high - a;
  low = a - (high - ofB) + (b - ofB);
  return high;
}

const SPLITTER = 2 ** 27 + 1;

/** High part of a * b. */
function product(a: number, b: number): number {
  const high = a * b;
  const aWide = SPLITTER * a;
  const aHigh = aWide - (aWide - a);
  const aLow = a - aHigh;
  const bWide = SPLITTER * b;
  const bHigh = bWide - (bWide - b);
  const bLow = b - bHigh;
  low = aHigh * bHigh - high + aHigh * bLow + aLow * bHigh + aLow * bLow;
  return high;
}

/** High part of (a + aLow) + (b + bLow). */
function add(a: number, aLow: number, b: number, bLow: number): number {
  const high = sum(a, b);
  return sum(high, low + aLow + bLow);
}

/** High part of (a + aLow) * (b + bLow). */
function multiply(a: number, aLow: number, b: number, bLow: number): number {
  const high = product(a, b);
  return sum(high, low + a * bLow + aLow * b);
}

/** High part of (a + aLow) / (b + bLow). */
function divide(a: number, aLow: number, b: number, bLow: number): number {
  const first = a / b;
  const back = multiply(b, bLow, first, 0);
  const rest = add(a, aLow, -back, -low);
  return sum(first, (rest + low) / b);
}

/** Double-doubles in sequence: high, low, high, low. */
type Coefficients = Float64Array;

function coefficients(count: number, denominator: (index: number) => number): Coefficients {
  const made = new Float64Array(2 * count);
  for (let i = 0; i < count; i++) {
    made[2 * i] = divide(1, 0, denominator(i), 0);
    made[2 * i + 1] = low;
  }
  return made;
}

/** Number of terms that need full precision; for the smaller ones the high parts suffice. */
const FULL_TERMS = 6;

/** High part of the polynomial in x + xLow, by Horner's rule. */
function polynomial(of: Coefficients, x: number, xLow: number): number {
  let high = 0;
  let at = of.length - 2;
  for (; at >= 2 * FULL_TERMS; at -= 2) high = high * x + (of[at] ?? 0);
  low = 0;
  for (; at >= 0; at -= 2) {
    high = multiply(high, low, x, xLow);
    high = add(high, low, of[at] ?? 0, of[at + 1] ?? 0);
  }
  return high;
}

/** artanh(s) / s = 1 + s^2/3 + s^4/5 + ..., for s up to 0.172. Computed on first use, like the next one. */
let artanhTerms: Coefficients | undefined;
/** e^x = 1 + x + x^2/2! + ..., for x up to 0.044. */
let exponentialTerms: Coefficients | undefined;

function factorialOf(n: number): number {
  let factorial = 1;
  for (let i = 2; i <= n; i++) factorial *= i;
  return factorial;
}

/** 2 / ln 2, and (ln 2) / 8, as double-doubles. */
const TWO_LOG2_E = [2.8853900817779268, 4.0710547481862066e-17] as const;
const EIGHTH_LN_2 = [0.08664339756999316, 2.8988085173078744e-18] as const;

const [Bytes, View] = [ArrayBuffer, DataView]; // a program may put others in their place
/** Made on first use: few programs need it, and off-heap memory is expensive to allocate for every process. */
let madeParts: DataView | undefined;
const partsOf = (): DataView => (madeParts ??= new View(new Bytes(8)));
const EXPONENT_BIAS = 1023;

/** 2^k, for k from -1022 to 1023. */
function twoTo(k: number): number {
  const parts = partsOf();
  parts.setInt32(0, (k + EXPONENT_BIAS) << 20);
  parts.setInt32(4, 0);
  return parts.getFloat64(0);
}

/** High part of log2(x), for a finite x above 0. */
function log2(x: number): number {
  const isSmall = x < twoTo(-1000);
  const normal = isSmall ? x * twoTo(200) : x;
  const parts = partsOf();
  parts.setFloat64(0, normal);
  const word = parts.getInt32(0);
  let exponent = (word >>> 20) - EXPONENT_BIAS;
  parts.setInt32(0, (word & 0xfffff) | (EXPONENT_BIAS << 20));
  let mantissa = parts.getFloat64(0);
  if (mantissa > Math.SQRT2) {
    mantissa /= 2;
    exponent++;
  }
  const above = sum(mantissa, 1);
  const s = divide(mantissa - 1, 0, above, low);
  const sLow = low;
  const square = multiply(s, sLow, s, sLow);
  const squareLow = low;
  artanhTerms ??= coefficients(18, (n) => 2 * n + 1);
  const series = polynomial(artanhTerms, square, squareLow);
  const artanh = multiply(series, low, s, sLow);
  const fraction = multiply(artanh, low, ...TWO_LOG2_E);
  return add(isSmall ? exponent - 200 : exponent, 0, fraction, low);
}

/** 2^(z + zLow). */
function exp2(z: number, zLow: number): number {
  const whole = Math.round(z);
  const fraction = sum(z - whole, zLow);
  const eighth = multiply(fraction, low, ...EIGHTH_LN_2);
  const eighthLow = low;
  exponentialTerms ??= coefficients(15, factorialOf);
  let high = polynomial(exponentialTerms, eighth, eighthLow);
  for (let i = 0; i < 3; i++) high = multiply(high, low, high, low);
  const half = whole >> 1;
  return (high + low) * twoTo(half) * twoTo(whole - half);
}

/** Integer exponents up to this one are computed by repeated squaring. */
const LARGEST_MULTIPLIED = 64;
/** Outside these bounds, a product of parts may overflow or underflow. */
const SMALLEST = 2 ** -900;
const LARGEST = 2 ** 900;

/** Computes the power by repeated squaring; undefined if the result is close to overflow or underflow. */
function multipliedOut(base: number, exponent: number): number | undefined {
  let [high, highLow, square, squareLow] = [1, 0, base, 0];
  for (let left = Math.abs(exponent); ;) {
    if (!(square > SMALLEST && square < LARGEST)) return undefined;
    if (left % 2 === 1) {
      high = multiply(high, highLow, square, squareLow);
      highLow = low;
    }
    left = Math.floor(left / 2);
    if (left === 0) break;
    square = multiply(square, squareLow, square, squareLow);
    squareLow = low;
  }
  if (!(high > SMALLEST && high < LARGEST)) return undefined;
  return exponent > 0 ? high : divide(1, 0, high, highLow);
}

/** For a finite base above 0 and a finite exponent other than 0. */
function positivePower(base: number, exponent: number): number {
  if (exponent === 1) return base;
  if (exponent === 2) return base * base;
  if (exponent === -1) return 1 / base;
  if (exponent === 0.5) return Math.sqrt(base);
  if (Number.isInteger(exponent) && Math.abs(exponent) <= LARGEST_MULTIPLIED) {
    const result = multipliedOut(base, exponent);
    if (result !== undefined) return result;
  }
  const log = log2(base);
  const logLow = low;
  const size = log * exponent;
  if (size > 1025) return Infinity;
  if (size < -1080) return 0;
  const z = multiply(log, logLow, exponent, 0);
  return exp2(z, low);
}

/** `Math.pow`. */
export function power(base: number, exponent: number): number {
  // The argument may be anything: multiplying converts it to a number, or throws as Math.pow does.
  const x = base * 1;
  const y = exponent * 1;
  // The special cases that the language defines involve no rounding, so V8's own function is exact.
  if (x === 0 || y === 0 || !Number.isFinite(x) || !Number.isFinite(y)) return native(x, y);
  if (x > 0) return positivePower(x, y);
  if (!Number.isInteger(y)) return Number.NaN;
  const size = positivePower(-x, y);
  return y % 2 === 0 ? size : -size;
}

/** The operator `**`, which also takes bigints; the bundler replaces the operator by calls of this function. */
export function exponentiate(base: unknown, exponent: unknown): unknown {
  if (typeof base === 'number' && typeof exponent === 'number') return power(base, exponent);
  // Negating twice converts to a number or a bigint, as the operator does.
  const left = -(-(base as number));
  const right = -(-(exponent as number));
  return typeof left === 'number' && typeof right === 'number' ? power(left, right) : left ** right;
}
