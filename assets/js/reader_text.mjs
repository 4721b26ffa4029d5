// Code points as they are shown: one sign each, never shaped together, nothing invisible.
const NAMES = { 0: "NUL", 9: "tab", 10: "new line", 13: "carriage return", 32: "space", 0xa0: "no-break space" };
const WIDE = /[\u1100-\u115f\u2329\u232a\u2e80-\u303e\u3041-\ua4cf\ua960-\ua97c\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff01-\uff60\uffe0-\uffe6\u{1f300}-\u{1f64f}\u{1f680}-\u{1faff}\u{20000}-\u{3fffd}]/u;
const FAINT = new Set([9, 10, 32]);
const known = new Map();

// { sign, wide, faint }: what is drawn, whether it takes two columns, whether it stands back.
export function shown(code) {
  if (!known.has(code)) {
    const sign = signOf(code);
    known.set(code, { sign, wide: WIDE.test(sign), faint: FAINT.has(code) });
  }
  return known.get(code);
}

// The character itself; half a surrogate pair is none.
export const character = (code) => (code >= 0xd800 && code <= 0xdfff ? "\ufffd" : String.fromCodePoint(code));

function signOf(code) {
  if (code === 9) return "\u2192"; // →
  if (code === 10) return "\u21b5"; // ↵
  if (code === 32) return "\u00b7"; // ·
  if (code < 32) return String.fromCodePoint(0x2400 + code);
  if (code === 127) return "\u2421";
  const text = character(code);
  if (/\p{Zs}/u.test(text)) return "\u2423"; // ␣, of any width
  if (/\p{M}/u.test(text)) return `\u25cc${text}`; // a mark needs something to stand on
  if (/[\p{C}\p{Zl}\p{Zp}]/u.test(text) && !/\p{Co}/u.test(text)) return "\u25cc";
  return text;
}

// For those who listen, and above the numbers.
export function spoken(code) {
  if (NAMES[code]) return NAMES[code];
  const { sign } = shown(code);
  return sign === character(code) || sign.endsWith(character(code)) ? `\u201c${character(code)}\u201d` : "control character";
}

export const point = (code) => `U+${code.toString(16).toUpperCase().padStart(4, "0")}`;

// Numbers as people write them.
export const figure = (value, digits = 3) => {
  const text = value.toFixed(digits);
  return (Number(text) === 0 ? text.replace("-", "") : text).replace("-", "\u2212");
};

export function percent(share) {
  const hundred = 100 * share;
  if (hundred >= 99.95) return "100 %";
  if (hundred >= 10) return `${hundred.toFixed(0)} %`;
  return hundred >= 0.1 ? `${hundred.toFixed(1)} %` : "< 0.1 %";
}
