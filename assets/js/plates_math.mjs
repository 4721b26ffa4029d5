// Letters and numbers as they are written: "p(z_n | θ)" with a subscript, 0.0031, 2.4 × 10⁻⁷.
import { make } from "./make.mjs";

const RAISED = { "-": "⁻", ...Object.fromEntries([..."0123456789"].map((digit, k) => [digit, "⁰¹²³⁴⁵⁶⁷⁸⁹"[k]])) };

// What _ stands before, until a space, bracket or other sign, is a subscript; `n` is put in for n there.
export function letters(text, n) {
  const parts = text.split(/(_[^\s()|,:]+)/);
  return parts.filter(Boolean).map((part) => {
    if (!part.startsWith("_")) return part;
    const name = part.slice(1);
    return make("sub", {}, n !== undefined && name === "n" ? `${n}` : name);
  });
}

// A number by its natural logarithm, with three digits.
export function number(log) {
  const ten = log / Math.LN10;
  if (ten >= -4 && ten < 3) return Math.exp(log).toPrecision(3).replace(/(\.\d*?)0+$/, "$1").replace(/\.$/, "");
  let power = Math.floor(ten);
  let front = Math.pow(10, ten - power).toFixed(2);
  if (front === "10.00") [front, power] = ["1.00", power + 1];
  return `${front} × 10${[...`${power}`].map((sign) => RAISED[sign]).join("")}`;
}

export function percent(p) {
  if (p >= 0.0995) return `${Math.round(p * 100)} %`;
  if (p >= 0.00095) return `${(p * 100).toFixed(1)} %`;
  return p >= 9.5e-6 ? `${Number((p * 100).toPrecision(1))} %` : p > 0 ? "< 0.001 %" : "0 %";
}
