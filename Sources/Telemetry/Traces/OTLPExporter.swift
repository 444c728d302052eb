import JSON
package import Logging

/// Hands spans on to a receiver, in batches.
package struct OTLPExporter: Sendable {
    /// Posts a document; throws where the receiver has not taken it.
    package typealias Post = @Sendable (_ document: [UInt8]) async throws -> Void

    static let batch = 512

    private let queue: SpanQueue
    private let version: String
    private let logger: Logger
    private let post: Post

    package init(queue: SpanQueue, version: String, logger: Logger, post: @escaping Post) {
        self.queue = queue
        self.version = version
        self.logger = logger
        self.post = post
    }

    /// Exports twice a second until it is cancelled.
    package func run(every interval: Duration = .milliseconds(500)) async {
        var isDown = false
        while !Task.isCancelled {
            guard (try? await Task.sleep(for: interval)) != nil else { return }
            await export(&isDown)
        }
    }

    /// Exports what waits, once.
    package func finish() async {
        var isDown = false
        await export(&isDown)
    }

    /// Exports what waits. A batch that is not taken is lost: what happens now is of more use than what has been.
    func export(_ isDown: inout Bool) async {
        var lost = queue.takeDropped()
        var failed = false
        while !failed, case let spans = queue.take(Self.batch), !spans.isEmpty {
            do { try await post(OTLPDocument.of(spans, version: version).bytes()) } catch {
                lost += spans.count
                failed = true
            }
        }
        // Once each time that it begins, not twice a second.
        if lost > 0, !isDown { logger.warning("Spans were lost", metadata: ["count": .stringConvertible(lost)]) }
        isDown = lost > 0
    }
}
