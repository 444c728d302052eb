/// Takes work that would hold up an event loop to the threads that all tasks share.
///
/// A call runs on its connection's event loop: for small documents, to change threads costs more than to map them. Large
/// ones would keep every other connection of the loop waiting.
enum OffLoop {
    /// Bytes of JSON that are read, mapped and written in a fraction of a millisecond.
    static let threshold = 64 << 10

    /// Runs `work` where a document of so many bytes is to be worked on.
    static func run<Result, Failure: Error>(
        _ bytes: Int, _ work: () async throws(Failure) -> Result
    ) async throws(Failure) -> Result {
        guard bytes > threshold else { return try await work() }
        return try await withTaskExecutorPreference(globalConcurrentExecutor, operation: work)
    }
}
