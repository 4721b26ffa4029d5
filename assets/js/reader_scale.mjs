// Numbers to colours, and the ink that reads on each of them.
import { along, css, signed } from "./ramp.mjs";
import { rgb } from "./theme.mjs";

const LEVELS = 256;
const [DARK, LIGHT] = ["#11161a", "#ffffff"];
const MOST_BITS = 8; // a scale of losses goes no further

// The scale of one track: low, high, and for each of 256 levels a colour and an ink.
export function scale(low, high, theme, sequential) {
  return table(low, high, low < 0 ? balanced(low, high, signed({ colours: theme, diverging: theme.diverging })) : rising(theme, sequential));
}

// Of losses: 0 bits are nothing, many are warm.
export function lossScale(loss, theme) {
  let most = 1;
  for (const value of loss) if (value > most) most = value;
  const warm = signed({ colours: theme, diverging: theme.diverging });
  const ground = rgb(theme.secondary);
  const made = table(0, Math.min(MOST_BITS, most), (share) => along([ground, ...warm.slice(theme.dark ? 4 : 6)], share));
  return { ...made, over: most > MOST_BITS };
}

// Zero is in the middle of the ramp, wherever it lies between low and high.
function balanced(low, high, stops) {
  const most = Math.max(-low, high, 1e-9);
  return (share) => along(stops, 0.5 + (low + (high - low) * share) / most / 2);
}

function rising(theme, sequential) {
  const ramp = sequential.map(rgb);
  const stops = theme.dark ? [rgb(theme.secondary), ramp[8], ramp[6], ramp[4], ramp[2]] : ramp;
  return (share) => along(stops, share);
}

function table(low, high, colour) {
  const colours = Array.from({ length: LEVELS }, (_, k) => colour(k / (LEVELS - 1)));
  const span = high - low || 1;
  const stops = Array.from({ length: 9 }, (_, k) => css(colours[Math.round((k / 8) * (LEVELS - 1))]));
  return {
    low,
    high,
    stops,
    css: colours.map((one) => css(one)),
    ink: colours.map(ink),
    // The level of a value, or -1 where there is none.
    level: (value) => (value === value ? Math.max(0, Math.min(LEVELS - 1, Math.round(((value - low) / span) * (LEVELS - 1)))) : -1),
  };
}

// Whichever of the two stands out more (WCAG's contrast).
function ink(colour) {
  const [r, g, b] = colour.map((v) => (v / 255 <= 0.04045 ? v / 255 / 12.92 : ((v / 255 + 0.055) / 1.055) ** 2.4));
  const light = 0.2126 * r + 0.7152 * g + 0.0722 * b;
  return (light + 0.05) / 0.058 > 1.05 / (light + 0.05) ? DARK : LIGHT;
}
