/// Why the database did not do what was asked.
public struct StorageError: Error, Sendable, Hashable, CustomStringConvertible {
    public enum Code: String, Sendable, Hashable {
        case unavailable, uncertain, busy, conflict, reference, corrupt, unsupported, unusableText
    }

    public var code: Code
    /// A sentence for the operator; never holds a stored value.
    public var message: String

    public init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }

    public var description: String { "\(code.rawValue): \(message)" }

    /// The database cannot be reached or opened.
    public static func unavailable(_ message: String) -> Self { Self(.unavailable, message) }
    /// The connection broke while a write was being committed: it may be there or not, and only reading it tells.
    public static let uncertain = Self(.uncertain, "the connection to the database broke while a write was committed")
    /// Another writer held the database for longer than the busy time-out.
    public static let busy = Self(.busy, "the database is locked by another writer")
    /// A value that must be unique exists already.
    public static func conflict(_ message: String) -> Self { Self(.conflict, message) }
    /// A row points to one that does not exist, or would after this.
    public static let reference = Self(.reference, "a row points to one that does not exist, or would after this")
    /// A stored value is not of the shape this program writes.
    public static func corrupt(_ message: String) -> Self { Self(.corrupt, message) }
    /// A text holds U+0000, which not every database can keep.
    public static let unusableText = Self(.unusableText, "a text holds the character U+0000, which cannot be stored")
    /// The database is of a kind this build cannot open.
    public static func unsupported(_ message: String) -> Self { Self(.unsupported, message) }
}
