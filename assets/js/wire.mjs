// Takes apart what pages/_kit/stage/wire.py has packed: [header, payload].
export function unpack(data) {
  const length = new DataView(data.buffer, data.byteOffset).getUint32(0, true);
  const header = JSON.parse(new TextDecoder().decode(data.subarray(4, 4 + length)));
  return [header, data.subarray(4 + length)];
}
