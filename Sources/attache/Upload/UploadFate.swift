/// What became of a file whose upload ended without a response.
struct UploadFate: Sendable, Hashable {
    /// Bytes of the file that were handed to the connection.
    var sent: Int
    /// Bytes; nil where the length is not known beforehand.
    var total: Int?
    /// Whether the request was handed over to its end.
    var isWhole: Bool

    /// What the person at the terminal has to know before the same command is run again.
    ///
    /// A request that was cut off cannot have stored a file: its end, or the bytes that it announced, are missing. Once
    /// it is whole, the provider may have it, whoever hangs up.
    func sentence(hasIdempotencyKey: Bool) -> String {
        guard isWhole else {
            let size = total.map { " of \(ProgressLine.size($0))" } ?? ""
            return "Only \(ProgressLine.size(sent))\(size) were sent, so the file was not stored"
        }
        return hasIdempotencyKey
            ? "The whole file was sent and may be stored; the same command with the same --idempotency-key does not store it twice"
            : "The whole file was sent and may be stored; look at the candidate's files before you send it again"
    }
}

/// An upload that was ended by Ctrl-C or `kill`. The process ends by that signal, so that a loop in a shell ends too.
struct Interrupted: Error {
    var signal: Int32
    var message: String
}
