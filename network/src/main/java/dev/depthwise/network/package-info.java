/** What a network is: operations, shapes, the graph, and the language that builds it. */
@NullMarked
package dev.depthwise.network;

import org.jspecify.annotations.NullMarked;
