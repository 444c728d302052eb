/// One stored value. Only these kinds are used, so that every engine keeps them alike.
///
/// Times are ISO 8601 text, documents are JSON text, flags are 0 and 1, ciphertexts are text with their key id.
enum SQLValue: Sendable, Hashable {
    case null
    case integer(Int64)
    case text(String)

    init(_ value: String?) { self = value.map(SQLValue.text) ?? .null }
    init(_ value: Int64?) { self = value.map(SQLValue.integer) ?? .null }
    init(_ value: Bool) { self = .integer(value ? 1 : 0) }
    init(_ value: Timestamp?) { self = value.map { .text($0.text) } ?? .null }
}

extension SQLValue {
    /// Texts in the order of their bytes; a text is never less than a number.
    func isLess(than other: SQLValue) -> Bool {
        switch (self, other) {
        case (.integer(let a), .integer(let b)): a < b
        case (.text(let a), .text(let b)): a.utf8.lexicographicallyPrecedes(b.utf8)
        default: false
        }
    }

    /// Whether it meets a pattern of SQL's `LIKE` in any case of letters, where `\` makes the next character stand for itself.
    func isLike(_ pattern: SQLValue) -> Bool {
        guard case .text(let text) = self, case .text(let pattern) = pattern else { return false }
        return Self.meets(Array(text.lowercased().unicodeScalars)[...], Array(pattern.lowercased().unicodeScalars)[...])
    }

    private static func meets(_ text: ArraySlice<Unicode.Scalar>, _ pattern: ArraySlice<Unicode.Scalar>) -> Bool {
        var (text, pattern) = (text, pattern)
        // The last `%`, with what was left of both behind it: what it stands for may grow.
        var retry: (text: ArraySlice<Unicode.Scalar>, pattern: ArraySlice<Unicode.Scalar>)?
        while true {
            if pattern.first == "%" {
                pattern.removeFirst()
                retry = (text, pattern)
                continue
            }
            var rest = pattern
            let isEscaped = rest.first == "\\" && rest.count > 1
            if isEscaped { rest.removeFirst() }
            if let wanted = rest.first, let found = text.first, found == wanted || wanted == "_" && !isEscaped {
                text.removeFirst()
                pattern = rest.dropFirst()
                continue
            }
            if text.isEmpty && pattern.isEmpty { return true }
            guard var again = retry, !again.text.isEmpty else { return false }
            again.text.removeFirst()
            (text, pattern) = again
            retry = again
        }
    }
}
