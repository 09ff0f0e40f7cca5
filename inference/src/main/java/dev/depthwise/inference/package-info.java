/** From a picture to an answer: classes, or the features of any layer. */
@NullMarked
package dev.depthwise.inference;

import org.jspecify.annotations.NullMarked;
