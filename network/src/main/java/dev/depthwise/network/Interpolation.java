package dev.depthwise.network;

/**
 * How samples between samples are made when a picture changes its size, as Pillow defines it. All
 * but {@link #NEAREST} widen with the scale when a picture shrinks (antialias).
 */
public enum Interpolation {
  /** The nearest sample, with no antialias; what Keras' {@code load_img} does unless told. */
  NEAREST,
  /** The mean over the source area. */
  BOX,
  /** A triangle over two samples; the usual one for classification. */
  BILINEAR,
  /** A raised cosine over two samples: sharper than {@link #BILINEAR}. */
  HAMMING,
  /** Cubic convolution with a = -0.5 (Keys 1981). */
  BICUBIC,
  /** A sinc windowed by a sinc of three times the width. */
  LANCZOS
}
