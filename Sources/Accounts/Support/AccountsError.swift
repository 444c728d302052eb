import Storage

/// Why something about environments, tokens or accounts was refused.
package struct AccountsError: Error, Sendable, Hashable, CustomStringConvertible {
    package enum Code: String, Sendable, Hashable {
        case notFound = "not_found"
        case invalid = "invalid_parameter"
        case invalidCursor = "invalid_cursor"
        case alreadyExists = "already_exists"
        case inUse = "in_use"
        case stale = "version_conflict"
        case unauthorized = "unauthorized"
        case vault = "vault"
        case storage = "storage"
    }

    package var code: Code
    /// A sentence for the caller; for `vault` and `storage` one for the operator. Never holds a secret.
    package var message: String
    /// The member or parameter at fault, as the caller wrote it, such as `context.api_key`.
    package var parameter: String?

    init(_ code: Code, _ message: String, parameter: String? = nil) {
        self.code = code
        self.message = message
        self.parameter = parameter
    }

    package var description: String { "\(code.rawValue): \(message)" }

    /// It does not exist, or belongs to another environment: callers are not told which (404).
    package static func notFound(_ what: String) -> Self { Self(.notFound, "\(what) not found") }
    /// A value given by the caller is wrong (400).
    package static func invalid(_ parameter: String, _ message: String) -> Self {
        Self(.invalid, message, parameter: parameter)
    }
    /// The `next_cursor` is not one that a listing gave out (400).
    package static let invalidCursor = Self(
        .invalidCursor, "next_cursor is not a cursor of this list", parameter: "next_cursor"
    )
    /// There is one already where only one can be (409).
    package static func alreadyExists(_ message: String) -> Self { Self(.alreadyExists, message) }
    /// It cannot go while something else needs it (409).
    package static func inUse(_ message: String) -> Self { Self(.inUse, message) }
    /// The row has another version than the caller has seen (409).
    package static let stale = Self(
        .stale, "the version given is not the current one; read it again", parameter: "version"
    )
    /// Unknown, expired or revoked token: one wording for all three (401).
    package static let unauthorized = Self(.unauthorized, "the API token is not valid")
    /// The vault cannot open or seal (500).
    static func vault(_ error: VaultError) -> Self { Self(.vault, error.message) }
    /// The database failed (503).
    static func storage(_ error: StorageError) -> Self {
        error.code == .unusableText ? Self(.invalid, error.message) : Self(.storage, error.description)
    }
}

/// Turns the store's errors into ours.
func stored<Value>(_ body: () async throws(StorageError) -> Value) async throws(AccountsError) -> Value {
    do { return try await body() } catch { throw .storage(error) }
}
