// Words and camera of each kind of picture that can be cropped on the spot.

export const KINDS = {
  photo: {
    title: "裁剪照片",
    help: "移动、放大照片，让头顶和下巴落在椭圆线上，左右居中。",
    keys: "用键盘：在裁剪框里按方向键移动图片，按加号、减号放大缩小。",
    // Somebody else takes it, at arm's length and more; a selfie is too near and lacks pixels.
    capture: "environment",
  },
  signature: {
    title: "裁剪签名",
    help: "移动、放大图片，让签名完整地落在框内。底色会自动变白，四周会自动留空。",
    keys: "用键盘：在裁剪框里按方向键移动图片，按加号、减号放大缩小。",
    capture: "environment",
  },
  passport: {
    title: "裁剪、压缩护照扫描件",
    help: "框住护照首页整页，四角和底部两行机读码都要在框内。会自动压缩到1 MB以下。",
    keys: "用键盘：在裁剪框里按方向键移动图片，按加号、减号放大缩小，按住Shift再按方向键改变框的大小。",
    capture: "environment",
  },
};
