package dev.depthwise.catalogue;

import java.io.IOException;
import java.net.http.HttpResponse.BodySubscriber;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow.Subscription;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * The body of an answer, piece by piece. At most one piece waits, so that a fast server fills no
 * memory; and unlike a stream, it can be waited for only so long.
 */
final class Chunks implements BodySubscriber<Chunks>, AutoCloseable {
  private final BlockingQueue<Piece> pieces = new LinkedBlockingQueue<>();
  private final AtomicReference<@Nullable Subscription> subscription = new AtomicReference<>();

  /** Before that, nothing can be asked for: an answer may have its head long before. */
  private final CompletableFuture<Chunks> subscribed = new CompletableFuture<>();

  /**
   * A piece, or the end.
   *
   * @param buffers empty at the end
   * @param failure why it is the end, unless all is there
   */
  private record Piece(List<ByteBuffer> buffers, @Nullable Throwable failure, boolean last) {}

  /** Nothing came for a while. */
  static final class StalledException extends IOException {
    private static final long serialVersionUID = 1L;

    StalledException(Duration patience) {
      super("nothing came for %.0f s".formatted(patience.toMillis() / 1000.0));
    }
  }

  @Override
  public CompletionStage<Chunks> getBody() {
    return subscribed;
  }

  @Override
  public void onSubscribe(Subscription given) {
    subscription.set(given);
    subscribed.complete(this);
  }

  @Override
  public void onNext(List<ByteBuffer> buffers) {
    pieces.add(new Piece(buffers, null, false));
  }

  @Override
  public void onError(Throwable failure) {
    pieces.add(new Piece(List.of(), failure, true));
    subscribed.completeExceptionally(failure);
  }

  @Override
  public void onComplete() {
    pieces.add(new Piece(List.of(), null, true));
  }

  /**
   * The next piece.
   *
   * @return nothing at the end
   * @throws IOException if the line was cut, or nothing comes for so long
   */
  @Nullable List<ByteBuffer> next(Duration patience) throws IOException, InterruptedException {
    Subscription given = subscription.get();
    if (given != null) {
      given.request(1);
    }
    Piece piece = pieces.poll(patience.toMillis(), TimeUnit.MILLISECONDS);
    if (piece == null) {
      throw new StalledException(patience);
    }
    if (piece.failure() != null) {
      throw new IOException("the line was cut", piece.failure());
    }
    return piece.last() ? null : piece.buffers();
  }

  /** Wants no more; the connection is closed if there is more. */
  @Override
  public void close() {
    Subscription given = subscription.get();
    if (given != null) {
      given.cancel();
    }
  }
}
