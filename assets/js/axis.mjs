// Round numbers along an axis, and numbers as people write them.

// Round values within lo .. hi, about `wanted` of them.
export function ticks(lo, hi, wanted = 5) {
  const span = hi - lo;
  if (!(span > 0) || !Number.isFinite(span)) return [];
  const rough = span / Math.max(1, wanted);
  const ten = 10 ** Math.floor(Math.log10(rough));
  const step = ten * [1, 2, 5, 10].find((m) => m * ten >= rough * 0.999);
  const first = Math.ceil(lo / step - 1e-9);
  const count = Math.floor(hi / step + 1e-9) - first + 1;
  return Array.from({ length: count }, (_, i) => Number(((first + i) * step).toPrecision(12)));
}

// Powers of ten within lo .. hi, at most `wanted`.
export function decades(lo, hi, wanted = 5) {
  const first = Math.ceil(Math.log10(lo) - 1e-9);
  const last = Math.floor(Math.log10(hi) + 1e-9);
  const every = Math.max(1, Math.ceil((last - first + 1) / wanted));
  const found = [];
  for (let power = first; power <= last; power += every) found.push(10 ** power);
  return found;
}

// 12300 -> 12.3k
export function short(value) {
  for (const [size, unit] of [[1e9, "G"], [1e6, "M"], [1e3, "k"]])
    if (Math.abs(value) >= size) return `${Number((value / size).toPrecision(3))}${unit}`;
  return `${Number(value.toPrecision(3))}`;
}

// Three digits that count; a true minus sign.
export function figure(value) {
  if (!Number.isFinite(value)) return "not a number";
  const size = Math.abs(value);
  const text = size >= 1e4 || (size > 0 && size < 1e-3) ? value.toExponential(1)
    : value.toFixed(size >= 100 ? 0 : size >= 10 ? 1 : size >= 1 ? 2 : 3);
  return text.replace("-", "\u2212");
}

export const whole = (value) => Math.round(value).toLocaleString("en");
