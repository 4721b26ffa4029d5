// A worker that makes JPEG of pictures: the page's own thread is left to the moving picture.
let canvas = null;
let pen = null;

onmessage = async ({ data: { picture, width, height, quality } }) => {
  if (canvas?.width !== width || canvas.height !== height) {
    canvas = new OffscreenCanvas(width, height);
    pen = canvas.getContext("2d", { alpha: false, willReadFrequently: true });
  }
  pen.drawImage(picture, 0, 0, width, height);
  picture.close();
  const blob = await canvas.convertToBlob({ type: "image/jpeg", quality });
  const jpeg = await blob.arrayBuffer();
  postMessage(jpeg, [jpeg]);
};
