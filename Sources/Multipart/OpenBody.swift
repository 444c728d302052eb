import NIOCore

/// The beginning of a body whose content type is put on anything: JSON, a URL-encoded form, or a text.
struct OpenBody: Sendable {
    enum TokenResult { case json, fields }

    static let urlEncoded = "application/x-www-form-urlencoded"
    static let types: Set<String> = ["text/plain", urlEncoded]

    /// Whether what is no JSON object is a URL-encoded form.
    let isFields: Bool
    private(set) var bytes = ByteBuffer()
    private(set) var isFinished = false

    init(isFields: Bool) { self.isFields = isFields }

    mutating func append(_ chunk: ByteBuffer) { bytes.writeImmutableBuffer(chunk) }

    mutating func finish() { isFinished = true }

    /// What the body is; nil where more must come first.
    ///
    /// - Throws: `FormError.Code.ambiguousText`.
    func verdict() throws(FormError) -> TokenResult? {
        var view = bytes.readableBytesView[...]
        // A byte order mark, which the reader of JSON passes over or names.
        if let first = view.first, first == 0xEF || first == 0xFE || first == 0xFF || first == 0 {
            guard view.count >= 4 || isFinished else { return nil }
            if first != 0xEF { return .json }
            if view.starts(with: [0xEF, 0xBB, 0xBF]) { view = view.dropFirst(3) }
        }
        guard let start = view.first(where: { !$0.isWhiteSpace }) else { return isFinished ? .fields : nil }
        if start == UInt8(ascii: "{") { return .json }
        guard isFields else {
            throw FormError(
                .ambiguousText, "a text/plain body is either JSON, which starts with '{', or a file, which needs a name")
        }
        return .fields
    }
}
