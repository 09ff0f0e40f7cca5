package dev.depthwise.network;

/** Which colour a network's first, second and third channel are. */
public enum ChannelOrder {
  /** Red, green, blue; or grey. */
  RGB,
  /** Blue, green, red: what Caffe's networks take, because OpenCV gave it. */
  BGR
}
