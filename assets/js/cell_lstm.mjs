// The memory block of Graves (2012) in the colours of Schmidhuber's slide, from the bottom up.
const [X, LEFT, RIGHT] = [222, 66, 408]; // the middle, the gates at the left, the forget gate
const LOOP = 336; // where the carousel meets the forget gate

export function draw(sheet) {
  const { backward, data, values } = sheet;
  const name = (forward, back) => (backward ? back : forward);
  sheet.size(444, 640);
  const peep = { dashed: true, none: !data.peepholes };

  // the way through
  sheet.wire("a_c", `M${X} 596 V541`);
  sheet.wire("g", `M${X} 499 V443`);
  sheet.wire("new", `M${X} 415 V330`);
  sheet.wire("s", `M${X} 251 V206`);
  sheet.wire("squashed", `M${X} 164 V119`);
  sheet.wire("b", `M${X} 91 V34`);
  // gates and what enters them
  for (const [part, y] of [["iota", 429], ["omega", 105]]) {
    sheet.wire(`a_${part}`, `M4 ${y} H${LEFT - 28}`);
    sheet.wire(part, `M${LEFT + 28} ${y} H${X - 14}`);
  }
  sheet.wire("a_phi", `M${RIGHT} 196 V262`);
  sheet.wire("phi", `M${RIGHT - 28} 290 H${LOOP + 14}`);
  // the carousel: out of the cell, through the forget gate, back in
  sheet.wire("before", `M${X + 24} 259 C${X + 44} 222 ${LOOP} 222 ${LOOP} 276`);
  sheet.wire("kept", `M${LOOP} 304 C${LOOP} 358 ${X + 44} 358 ${X + 25} 322`);
  // peepholes
  sheet.wire("peep_iota", `M${X - 33} 312 C${X - 90} 336 ${LEFT + 14} 350 ${LEFT + 6} 401`, peep);
  sheet.wire("peep_omega", `M${X - 33} 270 C${X - 90} 246 ${LEFT + 14} 190 ${LEFT + 6} 133`, peep);
  sheet.wire("peep_phi", `M${X + 17} 326 C${X + 40} 420 ${RIGHT - 8} 420 ${RIGHT - 4} 318`, peep);

  sheet.times("b", X, 105);
  sheet.times("new", X, 429);
  sheet.times("kept", LOOP, 290);
  sheet.squash("squashed", X, 185);
  sheet.squash("g", X, 520);
  sheet.gate("omega", LEFT, 105, name("\u03c9", "\u03b4_{\u03c9}"));
  sheet.gate("iota", LEFT, 429, name("\u03b9", "\u03b4_{\u03b9}"));
  sheet.gate("phi", RIGHT, 290, name("\u03c6", "\u03b4_{\u03c6}"));
  sheet.unit(backward ? "state" : "s", X, 291, name("s^{t}", "\u03b5_{s}^{t}"), backward ? values.state : values.s);

  sheet.label("b", X + 14, 62, name("b^{t}", "\u03b5_{c}^{t}"));
  sheet.label("squashed", X + 14, 146, name("tanh s^{t}", "\u03c9 \u03b5_{c}"));
  sheet.label("s", X - 14, 236, name("s^{t}", "\u03c9 h\u2032 \u03b5_{c}"), "end");
  sheet.label("new", X + 14, 396, name("\u03b9 g", "\u03b5_{s}^{t}"));
  sheet.label("g", X + 14, 474, name("g(a_{c})", "\u03b9 \u03b5_{s}"));
  sheet.label("a_c", X + 14, 580, name("a_{c}", "\u03b4_{c}"));
  sheet.label("a_omega", 4, 156, name("a_{\u03c9}", "\u03b4_{\u03c9}"));
  sheet.label("a_iota", 4, 480, name("a_{\u03b9}", "\u03b4_{\u03b9}"));
  sheet.label("a_phi", 440, 186, name("a_{\u03c6}", "\u03b4_{\u03c6}"), "end");
  sheet.label("before", 320, 220, name("s^{t\u22121}", "\u03c6^{t+1}\u03b5_{s}^{t+1}"), "middle");
  sheet.label("kept", 352, 350, name("\u03c6 s^{t\u22121}", "\u03b5_{s}^{t+1}"));
  sheet.word(297, 297, "1.0", "middle", "carousel");
  sheet.label("peep_iota", 4, 352, name("w s^{t\u22121}", "w \u03b4_{\u03b9}^{t+1}"), "start", { faint: !data.peepholes });
  sheet.label("peep_omega", 4, 214, name("w s^{t}", "w \u03b4_{\u03c9}^{t}"), "start", { faint: !data.peepholes });
  sheet.label("peep_phi", 436, 424, name("w s^{t\u22121}", "w \u03b4_{\u03c6}^{t+1}"), "end", { faint: !data.peepholes });
  sheet.word(X, 616, backward ? "to what came in, and to the step before" : "x and b of the step before, by their weights");
  sheet.word(X, 20, backward ? "from the loss, and from the step after" : "to the readout, and to the next step");
  if (!data.peepholes) sheet.word(4, 250, "no peepholes", "start");
}
