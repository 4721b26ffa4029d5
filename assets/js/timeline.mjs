// The timeline of the shown run: back to any moment of it, and from there on, once more or beside it.
import { short, whole } from "./axis.mjs";
import { make } from "./make.mjs";
import { soon, write } from "./parts.mjs";

const LANES = 4; // runs side by side, at most
const PATIENCE = 1000; // ms until a moment that was asked for and did not come is given up

export function create(host, studio) {
  const range = make("input", { type: "range", min: 0, max: 0, step: 1, className: "film", "aria-label": "moment of the run" });
  range.dataset.do = "scrub";
  // Frames that come meanwhile must not move the handle from where a hand or a key has put it.
  let held = false;
  let asked = null; // { at, until }
  const scrub = soon(() => studio.send({ do: "scrub", at: asked.at }));
  range.addEventListener("pointerdown", () => (held = true));
  for (const end of ["pointerup", "pointercancel", "lostpointercapture"]) range.addEventListener(end, () => (held = false));
  range.addEventListener("input", () => {
    asked = { at: Number(range.value), until: performance.now() + PATIENCE };
    scrub();
  });
  const when = make("span", { className: "when" });
  const at = () => studio.lane()?.at ?? null;
  const act = (name, label, title, message) => {
    const made = make("button", { type: "button", className: "chip", title, onclick: () => studio.send(message()) }, label);
    made.dataset.do = name;
    return made;
  };
  const fork = act("fork", "Fork from here", "A second run goes on from this moment; change its settings and compare",
    () => ({ do: "fork", at: at() }));
  const rewind = act("rewind", "Rewind to here", "Forget what came after this moment, and go on from it",
    () => ({ do: "rewind", at: at() }));
  const now = act("now", "Back to now", "Show the newest moment", () => ({ do: "scrub", at: null }));
  const root = make("div", { className: "timeline" },
    make("div", { className: "row" }, make("span", { className: "label" }, "Timeline"), range, when),
    make("div", { className: "row" }, fork, rewind, now));
  host.append(root);

  function frame() {
    const lane = studio.lane();
    root.hidden = !lane;
    if (!lane) return;
    range.max = Math.max(0, lane.records - 1);
    if (asked && (lane.at === asked.at || performance.now() > asked.until)) asked = null;
    if (!held && !asked) range.value = lane.at ?? lane.records - 1;
    const place = `${short(lane.examples)} examples, epoch ${whole(lane.epochs)}`;
    write(when, `${lane.at === null ? "now" : "here"}: ${place}`);
    range.setAttribute("aria-valuetext", place);
    now.hidden = rewind.hidden = lane.at === null;
    fork.disabled = studio.state.lanes.length >= LANES;
  }

  return { frame, release: scrub.cancel };
}
