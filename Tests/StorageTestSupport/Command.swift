import Foundation

/// Runs a program to its end.
///
/// Not with `Process`: that one waits until everyone has gone who inherited a socket of its own, and a server that the
/// program leaves behind never does.
enum Command {
    struct Failure: Error, CustomStringConvertible {
        var description: String
    }

    /// What it wrote. On a thread of its own, because waiting for a process blocks.
    @discardableResult
    static func run(_ path: String, _ arguments: [String]) async throws -> String {
        try await withCheckedThrowingContinuation { continuation in
            Thread {
                continuation.resume(with: Result { try runBlocking(path, arguments) })
            }.start()
        }
    }

    private static func runBlocking(_ path: String, _ arguments: [String]) throws -> String {
        // A file and not a pipe, for the same reason.
        let output = "/tmp/attache-out-\(UUID().uuidString)"
        defer { unlink(output) }
        let words = ([path] + arguments).map(quoted).joined(separator: " ")
        // The shell gives it a folder that every user may enter, and no input.
        let line = "cd /tmp && exec \(words) >\(output) 2>&1 </dev/null"
        var argv: [UnsafeMutablePointer<CChar>?] = ["/bin/sh", "-c", line].map { (text: String) in strdup(text) } + [nil]
        defer { for text in argv { free(text) } }
        // This thread may have its signals blocked. A server that inherits that cannot be told to stop.
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var none = sigset_t()
        sigemptyset(&none)
        posix_spawnattr_setsigmask(&attributes, &none)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK))
        var child: pid_t = 0
        guard posix_spawn(&child, "/bin/sh", nil, &attributes, &argv, environ) == 0 else {
            throw Failure(description: "cannot start \(path)")
        }
        var status: Int32 = 0
        while waitpid(child, &status, 0) < 0, errno == EINTR {}
        let text = (try? String(contentsOfFile: output, encoding: .utf8)) ?? ""
        guard status == 0 else {
            throw Failure(description: "\(path) \(arguments) ended with status \(status): \(text)")
        }
        return text
    }

    static func quoted(_ text: String) -> String { "'" + text.replacing("'", with: #"'\''"#) + "'" }
}
