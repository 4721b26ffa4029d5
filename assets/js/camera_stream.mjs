// The visitor's camera: asked for, named, and where it can't be had, why.

// Each reason: what it is called, and what can be done.
export const REASONS = {
  insecure: ["This page may not use a camera.", "Browsers allow that only over https, or from the very machine that serves the page (localhost). Ask whoever runs this server for https."],
  none: ["No camera was found.", "Plug one in or switch it on, then try again."],
  refused: ["The camera was not allowed.", "Allow it for this page: in the browser by the sign beside the address, or in the system's settings. Then try again."],
  busy: ["The camera is in use.", "Another program, or another tab, seems to hold it. Close that one, then try again."],
  lost: ["The camera is gone.", "It was unplugged or switched off. Try again when it is back."],
  line: ["The server can't be reached.", "Something between this browser and the server lets neither of our two ways pass."],
  other: ["The camera did not start.", "Try again, or try another camera or browser."],
};
const NAMES = {
  NotAllowedError: "refused", SecurityError: "refused", NotFoundError: "none", DevicesNotFoundError: "none",
  NotReadableError: "busy", AbortError: "busy", TrackStartError: "busy",
};
const WANTED = { width: { ideal: 640 }, height: { ideal: 480 }, frameRate: { ideal: 30 } };

class Refusal extends Error {
  constructor(reason) {
    super(REASONS[reason].join(" "));
    this.reason = reason;
  }
}

// The stream of a camera: of `device`, else one that looks where `facing` says ("user", "environment").
export async function open({ device = null, facing = null } = {}) {
  if (!window.isSecureContext || !navigator.mediaDevices?.getUserMedia) throw new Refusal("insecure");
  const which = device ? { deviceId: { exact: device } } : facing ? { facingMode: { ideal: facing } } : {};
  try {
    return await navigator.mediaDevices.getUserMedia({ video: { ...WANTED, ...which }, audio: false });
  } catch (error) {
    if (error.name === "OverconstrainedError" && device) return open({ facing }); // it was unplugged
    throw new Refusal(NAMES[error.name] ?? "other");
  }
}

// The cameras there are, [id, name]; they have names only once one of them was allowed.
export async function list() {
  const devices = (await navigator.mediaDevices?.enumerateDevices?.()) ?? [];
  return devices.filter(({ kind, deviceId }) => kind === "videoinput" && deviceId)
    .map(({ deviceId, label }, i) => [deviceId, label || `Camera ${i + 1}`]);
}

export function stop(stream) {
  for (const track of stream?.getTracks() ?? []) track.stop();
}
