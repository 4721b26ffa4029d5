// The line to the server: it comes back by itself when it breaks, and takes frames apart.
const KINDS = { u1: Uint8Array, f4: Float32Array };
const decoder = new TextDecoder();
const [SOON, LATE] = [300, 5000]; // ms between two attempts to connect

// A frame: 4 bytes of length, that much JSON, then the arrays it tells of, as views of one buffer.
export function parse(buffer) {
  const length = new DataView(buffer).getUint32(0, true);
  const header = JSON.parse(decoder.decode(new Uint8Array(buffer, 4, length)));
  const arrays = {};
  const shapes = {};
  for (const [name, [kind, shape, offset]] of Object.entries(header.arrays)) {
    const count = shape.reduce((a, b) => a * b, 1);
    arrays[name] = new KINDS[kind](buffer, 4 + length + offset, count);
    shapes[name] = shape;
  }
  return { header, arrays, shapes };
}

// This script lies at <base>/assets/js/, wherever the dashboard is mounted.
export function address(path) {
  const url = new URL(`../..${path}`, import.meta.url);
  url.protocol = url.protocol.replace("http", "ws");
  return url;
}

// hears: opened(), frame(buffer), said(message), lost(attempts)
export function line(hears) {
  let [socket, path, token, timer, attempts, closed] = [null, null, null, 0, 0, false];

  function connect() {
    const made = (socket = new WebSocket(address(path)));
    made.binaryType = "arraybuffer";
    made.onopen = () => {
      made.send(JSON.stringify({ do: "hello", token }));
      hears.opened();
    };
    made.onmessage = ({ data }) => {
      if (made !== socket) return;
      if (typeof data === "string") return hears.said(JSON.parse(data));
      attempts = 0;
      hears.frame(data);
    };
    made.onclose = () => {
      if (made !== socket || closed) return;
      const wait = Math.min(LATE, SOON * 2 ** attempts++);
      hears.lost(attempts);
      timer = setTimeout(connect, wait);
    };
  }

  return {
    to(newPath, newToken) {
      if (newPath === path && newToken === token) return;
      [path, token, attempts] = [newPath, newToken, 0];
      clearTimeout(timer);
      socket?.close();
      connect();
    },
    send(message) {
      if (socket?.readyState === WebSocket.OPEN) socket.send(JSON.stringify(message));
    },
    close() {
      closed = true;
      clearTimeout(timer);
      socket?.close();
    },
  };
}
