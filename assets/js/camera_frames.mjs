// New pictures of the camera the moment they are there. A <video> hands them on when the screen is
// drawn next, up to 17 ms later; some browsers also give them straight from the camera.

// act(picture, taken): a VideoFrame, which the one who is called must close, and when the camera took
// it, in ms of performance.now(). Gives back what ends it; null where the browser can't.
export function straight(stream, act) {
  // A phone turns its camera's pictures only in the <video>.
  if (!("MediaStreamTrackProcessor" in window) || matchMedia("(pointer: coarse)").matches) return null;
  const [track] = stream.getVideoTracks();
  const reader = new MediaStreamTrackProcessor({ track, maxBufferSize: 1 }).readable.getReader();
  let ended = false;
  let ahead = Infinity; // ms from the camera's clock to ours: the least that was ever seen

  async function read() {
    while (!ended) {
      const { value: picture, done } = await reader.read();
      if (done) return;
      if (ended) return picture.close();
      const at = picture.timestamp / 1000;
      ahead = Math.min(ahead, performance.now() - at);
      act(picture, at + ahead);
    }
  }

  read().catch(() => {}); // the camera was taken away: its track tells
  return () => {
    ended = true;
    reader.cancel().catch(() => {});
  };
}
