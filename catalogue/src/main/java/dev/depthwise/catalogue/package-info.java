/** The published weights of the zoo: where they are, and how they are fetched, checked and kept. */
@NullMarked
package dev.depthwise.catalogue;

import org.jspecify.annotations.NullMarked;
