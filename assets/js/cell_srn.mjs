// A unit of a simple recurrent network and its context units, Elman's, from the bottom up.
const X = 222;

export function draw(sheet) {
  const { values } = sheet;
  sheet.size(444, 400);
  sheet.wire("input", `M130 350 C130 290 180 270 ${X - 10} 251`);
  sheet.wire("hidden", `M330 292 C320 270 270 262 ${X + 22} 246`);
  sheet.wire("a", `M${X} 209 V176`);
  sheet.wire("h", `M${X} 99 V40`);
  sheet.wire("before", `M${X + 32} 116 C330 90 400 180 352 290`);
  sheet.squash("a", X, 230, "\u03a3");
  sheet.unit("h", X, 137, "s_{t}", values.h);
  sheet.label("h", X + 14, 66, "s_{t}");
  sheet.label("a", X - 14, 198, "a_{t}", "end");
  sheet.label("input", 124, 300, "U x_{t}", "end");
  sheet.label("hidden", 262, 234, "W s_{t\u22121}");
  sheet.label("before", 372, 130, "s_{t\u22121}", "middle");
  for (let k = 0; k < 4; k++) sheet.context("before", 290 + 34 * k, 308);
  sheet.word(340, 346, "context units: all s of the step before");
  sheet.word(130, 370, "from the character");
  sheet.word(X, 24, "to the readout, and to the context units");
}
