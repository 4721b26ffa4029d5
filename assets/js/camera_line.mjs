// The way to the server: a socket of our own; where that is blocked, the component's channel.
import { address } from "./socket.mjs";

const [ATTEMPTS, BY_THEN, HANGING] = [3, 3000, 1500]; // until the socket is given up: tries, ms, ms a try
const [SOON, LATE] = [250, 5000]; // ms between two tries
const SILENT = 15000; // ms without an answer until the channel is given up

// hears: answer(message), way(name), lost(attempts), failed(text); name is "socket" or "channel"
export function line(hears, component) {
  let [socket, path, token, timer, attempts, closed] = [null, null, null, 0, 0, false];
  let [proved, began, channel, told, opened] = [false, 0, false, [], 0];

  function connect() {
    began ||= performance.now();
    const made = (socket = new WebSocket(address(path)));
    made.binaryType = "arraybuffer";
    const hung = setTimeout(() => made.readyState === WebSocket.CONNECTING && made.close(), HANGING);
    made.onopen = () => {
      clearTimeout(hung);
      opened += 1;
      made.send(JSON.stringify({ do: "hello", token }));
      hears.way("socket");
    };
    made.onmessage = ({ data }) => {
      if (made !== socket) return;
      const message = JSON.parse(data);
      if (message.refused) return hears.failed(message.refused);
      [proved, attempts] = [true, 0];
      hears.answer(message);
    };
    made.onclose = () => {
      clearTimeout(hung);
      if (made !== socket || closed) return;
      attempts += 1;
      const late = attempts >= ATTEMPTS || performance.now() - began > BY_THEN;
      if (!proved && late) return fallBack();
      hears.lost(attempts);
      timer = setTimeout(connect, Math.min(LATE, SOON * 2 ** (attempts - 1)));
    };
  }

  function fallBack() {
    [channel, socket] = [true, null];
    hears.way("channel");
  }

  const ready = () => channel || socket?.readyState === WebSocket.OPEN;

  return {
    ready,
    get most() {
      return channel ? 1 : 2; // pictures in flight
    },
    to(newPath, newToken) {
      if (newPath === path && newToken === token) return;
      [path, token, attempts, began, proved, channel] = [newPath, newToken, 0, 0, false, false];
      clearTimeout(timer);
      const old = socket;
      socket = null;
      old?.close();
      connect();
    },
    get opened() {
      return opened; // how often a socket was, so far
    },
    // A picture: 4 bytes of length, little-endian, that much JSON, the JPEG.
    send(n, jpeg) {
      if (channel) {
        component().setTriggerValue("picture", { n, jpeg: base64(jpeg), do: told.splice(0) });
        clearTimeout(timer);
        timer = setTimeout(() => hears.failed(null), SILENT);
        return;
      }
      const head = new TextEncoder().encode(JSON.stringify({ n }));
      const whole = new Uint8Array(4 + head.length + jpeg.byteLength);
      new DataView(whole.buffer).setUint32(0, head.length, true);
      whole.set(head, 4);
      whole.set(new Uint8Array(jpeg), 4 + head.length);
      socket.send(whole);
    },
    tell(message) {
      if (channel) told.push(message);
      else if (ready()) socket.send(JSON.stringify(message));
    },
    // What the component was given: an answer, where the channel is in use.
    carried(answer) {
      if (!channel || !answer) return;
      clearTimeout(timer);
      hears.answer(answer);
    },
    close() {
      closed = true;
      clearTimeout(timer);
      socket?.close();
    },
  };
}

function base64(buffer) {
  const bytes = new Uint8Array(buffer);
  const pieces = [];
  for (let at = 0; at < bytes.length; at += 0x8000) pieces.push(String.fromCharCode(...bytes.subarray(at, at + 0x8000)));
  return btoa(pieces.join(""));
}
