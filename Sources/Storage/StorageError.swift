/// Why the database did not do what was asked.
package struct StorageError: Error, Sendable, Hashable, CustomStringConvertible {
    package enum Code: String, Sendable, Hashable {
        case unavailable, uncertain, busy, conflict, reference, corrupt, unsupported, unusableText
    }

    package var code: Code
    /// A sentence for the operator; never holds a stored value.
    package var message: String

    package init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }

    package var description: String { "\(code.rawValue): \(message)" }

    /// The database cannot be reached or opened.
    package static func unavailable(_ message: String) -> Self { Self(.unavailable, message) }
    /// The connection broke while a write was being committed: it may be there or not, and only reading it tells.
    package static let uncertain = Self(.uncertain, "the connection to the database broke while a write was committed")
    /// Another writer held the database for longer than the busy time-out.
    package static let busy = Self(.busy, "the database is locked by another writer")
    /// A value that must be unique exists already.
    package static func conflict(_ message: String) -> Self { Self(.conflict, message) }
    /// A row points to one that does not exist, or would after this.
    package static let reference = Self(.reference, "a row points to one that does not exist, or would after this")
    /// A stored value is not of the shape this program writes.
    package static func corrupt(_ message: String) -> Self { Self(.corrupt, message) }
    /// A text holds U+0000, which not every database can keep.
    package static let unusableText = Self(.unusableText, "a text holds the character U+0000, which cannot be stored")
    /// The database is of a kind this build cannot open.
    package static func unsupported(_ message: String) -> Self { Self(.unsupported, message) }
}
