// The figures beneath the picture: rates, latency, and where the time of one picture goes.
import { recent } from "./camera_pace.mjs";
import { make } from "./make.mjs";
import { write } from "./parts.mjs";

// In the order in which a picture passes them, with what is told of each.
const STAGES = [
  ["camera", "until the browser has the picture", "#8C8C8C"],
  ["encode", "made a JPEG, in the browser", "#CC79A7"],
  ["travel", "to the server and back", "#56B4E9"],
  ["wait", "for the detector to be free", "#F0E442"],
  ["decode", "unpacked, on the server", "#E69F00"],
  ["resize", "made small for the detector", "#999933"],
  ["model", "the detector itself", "#0072B2"],
  ["follow", "boxes chosen and followed", "#009E73"],
  ["draw", "boxes drawn", "#D55E00"],
];

export function create() {
  const facts = Object.fromEntries(["camera", "boxes", "latency", "found"].map((name) => [name, make("b")]));
  const fact = (name, before, after, title) => make("span", { className: "fact", title }, before, facts[name], after);
  const spent = Object.fromEntries(STAGES.map(([name]) => [name, recent()]));
  const latency = recent();
  const parts = STAGES.map(([name, , colour]) => {
    const part = make("i", { title: name });
    part.style.background = colour;
    return part;
  });
  const notes = STAGES.map(([name, title, colour]) => {
    const dot = make("i");
    dot.style.background = colour;
    const ms = make("b");
    return [make("span", { className: "stage", title: `${name}: ${title}` }, dot, `${name} `, ms), ms];
  });
  const bar = make("div", { className: "shares", role: "img" }, ...parts);
  const root = make("div", { className: "figures" },
    make("div", { className: "facts" },
      fact("camera", "camera ", " frames/s", "New pictures of the camera shown each second"),
      fact("boxes", "detections ", " /s", "Pictures each second that the detector has looked at"),
      fact("latency", "latency ", " ms", "From the moment the camera took a picture until its boxes are drawn: the median of the last ones"),
      fact("found", "", "", "Boxes on the picture")),
    bar, make("div", { className: "legend" }, ...notes.map(([note]) => note)));
  return {
    root,
    // Milliseconds by stage of one picture.
    add(stages) {
      let whole = 0;
      for (const [name] of STAGES) {
        spent[name].add(stages[name] ?? 0);
        whole += stages[name] ?? 0;
      }
      latency.add(whole);
    },
    get latency() {
      return latency.median;
    },
    get stages() {
      return Object.fromEntries(STAGES.map(([name]) => [name, spent[name].median]));
    },
    clear() {
      latency.clear();
      for (const each of Object.values(spent)) each.clear();
    },
    show({ fps, answers, found }) {
      write(facts.camera, fps.toFixed(0));
      write(facts.boxes, answers.toFixed(answers < 10 ? 1 : 0));
      write(facts.latency, latency.median ? latency.median.toFixed(0) : "?");
      write(facts.found, `${found} ${found === 1 ? "box" : "boxes"}`);
      const medians = STAGES.map(([name]) => Math.max(0, spent[name].median));
      const whole = medians.reduce((a, b) => a + b, 0) || 1;
      medians.forEach((ms, i) => {
        const share = (100 * ms) / whole;
        parts[i].style.width = `${share.toFixed(2)}%`;
        write(notes[i][1], `${ms < 10 ? ms.toFixed(1) : ms.toFixed(0)} ms`);
      });
      bar.setAttribute("aria-label", STAGES.map(([name], i) => `${name} ${medians[i].toFixed(0)} ms`).join(", "));
    },
  };
}
