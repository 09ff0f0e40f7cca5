package dev.depthwise.catalogue;

/** Is told how a file comes. */
public interface FetchListener {
  /** Nobody wants to know. */
  FetchListener SILENT =
      new FetchListener() {
        @Override
        public void at(long done, long total) {}

        @Override
        public void note(String remark) {}
      };

  /**
   * So many bytes are there.
   *
   * @param total of the whole file; -1 where the server does not say
   */
  void at(long done, long total);

  /** Something that a person may want to know. */
  void note(String remark);
}
