// The row of buttons and lists under the picture.
import { make } from "./make.mjs";
import { button, offer, select, write } from "./parts.mjs";

const WIDTHS = [["320", "320 pixels"], ["480", "480 pixels"], ["640", "640 pixels"]];
const IN_FLIGHT = [["2", "two: most answers"], ["1", "one: least latency"]];

export function tools(camera) {
  const { act } = camera;
  const tool = (name, text, title, picture = name) => button({ name, text, title, picture, act: act[name] });
  const made = {
    pause: tool("pause", "Pause", "Hold the picture"),
    snapshot: tool("snapshot", "Snapshot", "Take home this picture with its boxes"),
    record: tool("record", "Record", "Film the picture with its boxes"),
    mirror: tool("mirror", "Mirror", "Show the picture as a mirror does"),
    follow: tool("follow", "Follow", "Give each thing a number and follow it"),
    line: tool("line", "Count at a line", "Count what crosses a line that you can move"),
    again: button({ name: "again", picture: "reset", text: "Count anew", title: "Forget what was counted", act: act.again }),
    full: tool("full", "", "The whole screen"),
    flip: tool("flip", "", "Front or back camera"),
    stop: tool("stop", "Stop", "Switch the camera off"),
  };
  const cameras = select("Camera", act.choose);
  cameras.dataset.do = "camera";
  const width = select("Width of the pictures sent", (value) => (camera.width = Number(value)));
  width.dataset.do = "width";
  offer(width, WIDTHS, camera.width);
  const most = select("Pictures in flight", (value) => (camera.most = Number(value)));
  most.dataset.do = "underway";
  offer(most, IN_FLIGHT, camera.most);
  const shared = make("span", { className: "fact", hidden: true, title: "One detector serves all cameras in turn" });
  const first = make("div", { className: "tools" }, ...Object.values(made));
  const second = make("div", { className: "tools" }, cameras,
    make("label", {}, "Sent", width), make("label", {}, "In flight", most), shared);
  const root = make("div", {}, first, second);
  root.hidden = true;
  let many = false;

  return {
    root,
    show() {
      const { state } = camera;
      const live = state === "live" || state === "paused";
      root.hidden = !live;
      for (const name of ["record", "mirror", "follow", "line", "pause"]) {
        const on = { record: camera.film, mirror: camera.mirrored, follow: camera.following, line: camera.count.line, pause: state === "paused" }[name];
        made[name].setAttribute("aria-pressed", Boolean(on));
      }
      made.again.hidden = !camera.following;
      made.record.hidden = !window.MediaRecorder;
      made.full.hidden = !document.fullscreenEnabled;
      made.flip.hidden = !(many && matchMedia("(pointer: coarse)").matches);
    },
    cameras(found, device) {
      many = found.length > 1;
      cameras.hidden = !found.length;
      offer(cameras, found, device);
      this.show();
    },
    sharing(count) {
      shared.hidden = count < 2;
      write(shared, `shared with ${count - 1} other ${count === 2 ? "camera" : "cameras"}`);
    },
  };
}
