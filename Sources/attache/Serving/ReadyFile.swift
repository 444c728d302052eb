import FoundationEssentials
import JSON
import ServiceLifecycle

/// The file that tells scripts that the gateway serves. It holds a token, so only this user may read it.
///
/// Written by a service of its own, so that a file that cannot be written ends the program: whoever waits for it would
/// wait for ever.
struct ReadyFile: Service {
    private let path: String
    private let contents: AsyncStream<JSONValue>
    private let continuation: AsyncStream<JSONValue>.Continuation

    /// - Throws: where the file cannot be made. One of an earlier run is removed, since it tells of another gateway.
    init(path: String) throws(CommandError) {
        self.path = path
        (contents, continuation) = AsyncStream.makeStream(of: JSONValue.self)
        if let reason = Paths.obstacle(toMakingFilesIn: Paths.parent(path)) { throw Self.failure(path, reason) }
        guard FilePresence(Paths.parent(path)) == .present else {
            throw Self.failure(path, "there is no folder \(Paths.parent(path))")
        }
        try? FileManager.default.removeItem(atPath: path)
        guard FilePresence(path) == .absent else { throw Self.failure(path, "it is in the way, and cannot be removed") }
    }

    /// Has it written, once.
    func fill(_ contents: JSONValue) {
        continuation.yield(contents)
        continuation.finish()
    }

    func run() async throws {
        for await json in contents.cancelOnGracefulShutdown() {
            do {
                try PrivateFile.make(json.bytes(pretty: true), at: path)
            } catch {
                throw Self.failure(path, error.reason)
            }
        }
        try await gracefulShutdown()
    }

    private static func failure(_ path: String, _ reason: String) -> CommandError {
        CommandError("Cannot write the ready file \(path): \(reason)", do: "Give another with --ready-file")
    }
}
