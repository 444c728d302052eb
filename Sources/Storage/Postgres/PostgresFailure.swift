/// What the server, or the lack of it, made of a statement.
struct PostgresFailure: Error {
    /// What is to be done about it.
    enum Kind {
        /// The connection is gone or of no more use; on a new one the transaction may go through.
        case connectionLost
        /// The server undid the transaction because of another one; the same again may go through.
        case serialization
        /// Something held a lock, or the server, for too long.
        case busy
        case conflict, reference, corrupt, unusableText, other
    }

    var kind: Kind
    /// SQLSTATE, five characters; empty where the server did not speak.
    var state: String
    /// A sentence that holds no value of a statement.
    var message: String

    init(_ kind: Kind, state: String = "", _ message: String) {
        self.kind = kind
        self.state = state
        self.message = message
    }

    /// - Parameter isConnected: whether the connection still stands after it.
    init(state: String, message: String, constraint: String?, isConnected: Bool) {
        kind = Self.kind(of: state, isConnected: isConnected)
        self.state = state
        // The server's sentence may quote a value; the name of the constraint never does.
        self.message = kind == .conflict || kind == .reference ? "constraint \(constraint ?? state)" : message
    }

    /// The classes are those of the appendix "PostgreSQL Error Codes".
    private static func kind(of state: String, isConnected: Bool) -> Kind {
        switch state {
        case "23505": return .conflict
        case "23503": return .reference
        case "40001", "40P01": return .serialization
        case "55P03", "57014": return .busy
        case "22021": return .unusableText
        case "XX001", "XX002": return .corrupt
        // A server that has become a standby: the address may lead to another one by now.
        case "25006", "25P03", "53300", "57P01", "57P02", "57P03", "57P05": return .connectionLost
        default: return !isConnected || state.isEmpty || state.hasPrefix("08") ? .connectionLost : .other
        }
    }

    var storageError: StorageError {
        switch kind {
        case .connectionLost: .unavailable("PostgreSQL: \(message)")
        case .serialization, .busy: .busy
        case .conflict: .conflict(message)
        case .reference: .reference
        case .corrupt: .corrupt(message)
        case .unusableText: .unusableText
        case .other: .unavailable("PostgreSQL \(state): \(message)")
        }
    }
}
