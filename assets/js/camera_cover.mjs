// What lies over the picture while there is none: the button to start, or why it can't.
import { REASONS } from "./camera_stream.mjs";
import { icon } from "./icons.mjs";
import { make } from "./make.mjs";

export function cover(camera) {
  const { cover: place, state, reason, act } = camera;
  place.hidden = state === "live" || state === "paused";
  camera.view.classList.toggle("empty", state === "idle" || state === "failed");
  place.dataset.reason = reason ?? "";
  camera.view.setAttribute("aria-busy", state === "starting");
  const begin = (text) => make("button", { type: "button", className: "big", onclick: () => act.start() }, icon("camera"), text);
  if (state === "failed") {
    const still = make("button", { type: "button", className: "second", onclick: () => offerStill(camera, reason) }, "Send a still picture instead");
    still.dataset.do = "still";
    const [title, help] = REASONS[reason];
    place.replaceChildren(make("h3", { role: "alert" }, title), make("p", {}, help), make("div", { className: "pair" }, begin("Try again"), still));
  } else if (state === "starting") {
    place.replaceChildren(make("p", { role: "status" }, "Starting. If the browser asks, allow the camera."));
  } else if (state === "idle") {
    place.replaceChildren(begin("Start the camera"),
      make("p", {}, "Your browser\u2019s own camera. Its pictures go to the server that runs this page, are looked at, and are forgotten."));
  }
}

export function offerStill(camera, reason) {
  camera.asked = reason !== null;
  camera.component.setStateValue("still", reason);
}
