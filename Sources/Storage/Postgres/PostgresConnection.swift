/// One connection through libpq. Not `Sendable`: it belongs to the one thread that made it.
final class PostgresConnection {
    private let libpq: LibPQ
    private let handle: LibPQ.Handle

    /// Connects, or throws `.connectionLost`.
    init(url: String, _ libpq: LibPQ) throws(PostgresFailure) {
        guard let handle = Self.withParameters(url, { libpq.connect($0, $1, 1) }) else {
            throw PostgresFailure(.other, "out of memory")
        }
        _ = libpq.readNotices(handle, { _, _ in }, nil)
        guard libpq.status(handle) == LibPQ.connectionOK else {
            defer { libpq.finish(handle) }
            throw PostgresFailure(.connectionLost, Self.sentence(libpq.errorMessage(handle)))
        }
        self.libpq = libpq
        self.handle = handle
    }

    deinit { libpq.finish(handle) }

    /// What libpq itself does with a connection; the server is not asked for any of it, so a pooler in between does
    /// not mind. A parameter of the address comes later, and wins.
    ///
    /// A server whose machine is gone says nothing: it is given 3 seconds to accept a connection, 5 to acknowledge what was
    /// sent, and about 9 while it owes a response.
    private static let defaults: [(String, String)] = [
        ("application_name", "attache"), ("client_encoding", "UTF8"), ("gssencmode", "disable"),
        ("connect_timeout", "3"), ("keepalives_idle", "5"), ("keepalives_interval", "2"), ("keepalives_count", "2"),
        ("tcp_user_timeout", "5000"),
    ]

    private static func withParameters<Result>(
        _ url: String,
        _ body: (UnsafePointer<UnsafePointer<CChar>?>, UnsafePointer<UnsafePointer<CChar>?>) -> Result
    ) -> Result {
        let pairs = defaults + [("dbname", url)]
        return withCStrings(pairs.map { $0.0 }) { keywords in
            withCStrings(pairs.map { $0.1 }) { values in body(keywords, values) }
        }
    }

    /// Whether libpq can read the address. Its own complaint would quote a part of it, perhaps of the password.
    static func isAddress(_ url: String, _ libpq: LibPQ) -> Bool {
        var complaint: UnsafeMutableRawPointer?
        guard let options = libpq.parseAddress(url, &complaint) else {
            libpq.free(complaint)
            return false
        }
        libpq.freeAddress(options)
        return true
    }

    /// Runs statements of our own without values, several at once, in one round trip.
    func execute(_ text: String, expecting tag: String? = nil) throws(PostgresFailure) {
        let result = try checked(libpq.execute(handle, text))
        if let tag, result.commandTag != tag {
            throw PostgresFailure(.other, "\(tag) was answered with \(result.commandTag)")
        }
    }

    /// Runs a statement through the unnamed prepared statement, which does not outlive it.
    func run(_ statement: SQLStatement) throws(PostgresFailure) -> PostgresResult {
        var types: [LibPQ.OID] = []
        var texts: [String?] = []
        for value in statement.values {
            switch value {
            case .null:
                types.append(0)
                texts.append(nil)
            case .integer(let number):
                types.append(PostgresResult.int8)
                texts.append(String(number))
            case .text(let text):
                // libpq takes C strings and would silently cut this one.
                if text.utf8.contains(0) { throw PostgresFailure(.unusableText, "a text holds U+0000") }
                types.append(PostgresResult.text)
                texts.append(text)
            }
        }
        let count = Int32(texts.count)
        return try checked(
            withCStrings(texts) { values in
                libpq.executeWithValues(handle, statement.text { "$\($0)" }, count, types, values, nil, nil, 0)
            })
    }

    private func checked(_ pointer: OpaquePointer?) throws(PostgresFailure) -> PostgresResult {
        guard let pointer else {
            throw PostgresFailure(.connectionLost, Self.sentence(libpq.errorMessage(handle)))
        }
        let result = PostgresResult(pointer, libpq)
        if let failure = result.failure(isConnected: libpq.status(handle) == LibPQ.connectionOK) { throw failure }
        return result
    }

    /// The first line, without the severity and the line end.
    static func sentence(_ text: UnsafePointer<CChar>?) -> String {
        guard let text else { return "no message" }
        let line = String(cString: text).split(separator: "\n").first.map(String.init) ?? "the connection was closed"
        return line
    }
}

/// Gives C an array of strings, each nil or ended by zero, for the time of `body`.
private func withCStrings<Result>(
    _ strings: [String?], _ body: (UnsafePointer<UnsafePointer<CChar>?>) -> Result
) -> Result {
    var bytes: [CChar] = []
    var starts: [Int?] = []
    for string in strings {
        starts.append(string == nil ? nil : bytes.count)
        guard let string else { continue }
        bytes.append(contentsOf: string.utf8.lazy.map { CChar(bitPattern: $0) })
        bytes.append(0)
    }
    return bytes.withUnsafeBufferPointer { buffer in
        let pointers = starts.map { start in start.flatMap { buffer.baseAddress?.advanced(by: $0) } } + [nil]
        return pointers.withUnsafeBufferPointer { list in
            // Never nil: there is always the nil that ends the list.
            list.baseAddress.map(body) ?? body([nil])
        }
    }
}
