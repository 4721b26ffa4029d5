// A gated recurrent unit, from the bottom up: the reset gate below, the update gate above.
const [X, LEFT, RIGHT, LOOP] = [222, 66, 408, 336];

export function draw(sheet) {
  const { values } = sheet;
  sheet.size(444, 560);
  sheet.wire("hidden", "M150 520 V443");
  sheet.wire("reset", `M150 416 C150 385 185 370 ${X - 14} 345`);
  sheet.wire("input", `M290 520 C290 400 260 370 ${X + 15} 346`);
  sheet.wire("candidate", `M${X} 309 V257`);
  sheet.wire("new", `M${X} 229 V163`);
  sheet.wire("h", `M${X} 86 V36`);
  sheet.wire("a_r", `M4 430 H${LEFT - 28}`);
  sheet.wire("r", `M${LEFT + 28} 430 H136`);
  sheet.wire("a_z", `M${RIGHT} 212 V152`);
  sheet.wire("z", `M${RIGHT - 28} 124 H${LOOP + 14}`);
  // the rest that z leaves
  sheet.wire("rest", `M${RIGHT - 20} 144 C${RIGHT - 50} 243 330 243 ${X + 14} 243`);
  sheet.wire("before", `M${X + 24} 94 C${X + 44} 56 ${LOOP} 56 ${LOOP} 110`);
  sheet.wire("kept", `M${LOOP} 138 C${LOOP} 190 ${X + 44} 190 ${X + 25} 154`);

  sheet.times("reset", 150, 430);
  sheet.times("new", X, 243);
  sheet.times("kept", LOOP, 124);
  sheet.squash("candidate", X, 330);
  sheet.gate("r", LEFT, 430, "r");
  sheet.gate("z", RIGHT, 124, "z");
  sheet.unit("h", X, 124, "h_{t}", values.h);

  sheet.label("h", X + 14, 54, "h_{t}");
  sheet.label("new", X - 12, 204, "(1\u2212z) h\u0303", "end");
  sheet.label("candidate", X - 12, 286, "h\u0303", "end");
  sheet.label("before", 340, 62, "h_{t\u22121}", "middle");
  sheet.label("kept", 290, 190, "z h_{t\u22121}", "middle");
  sheet.label("rest", 330, 262, "1\u2212z", "middle");
  sheet.label("reset", 128, 376, "r\u2218U h_{t\u22121}", "end");
  sheet.label("hidden", 138, 486, "U h_{t\u22121}", "end");
  sheet.label("input", 298, 486, "W x_{t}");
  sheet.label("a_r", 4, 398, "a_{r}");
  sheet.label("a_z", 440, 230, "a_{z}", "end");
  sheet.word(150, 540, "from the states before");
  sheet.word(300, 540, "from the character");
  sheet.word(X, 22, "to the readout, and to the next step");
}
