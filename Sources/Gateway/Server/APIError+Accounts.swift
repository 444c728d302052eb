import Accounts
import Unified

extension APIError {
    static let databaseUnavailable = APIError(.storageUnavailable, "The database cannot be used now", hint: "Try again")
        .header("retry-after", "2")

    /// What a refusal about accounts, tokens or environments is answered with.
    init(_ error: AccountsError) {
        let first = error.message.split(separator: " ").first ?? ""
        // The name of a member stays as it is written.
        let isName = error.parameter.map { first == $0 } ?? false || first.contains("_")
        let message = isName ? error.message : error.message.prefix(1).uppercased() + error.message.dropFirst()
        switch error.code {
        case .notFound: self.init(.notFound, message)
        case .invalid: self.init(.invalidBody, message, param: error.parameter)
        case .invalidCursor: self.init(.invalidQueryParameter, message, param: error.parameter)
        case .alreadyExists, .inUse: self.init(.conflict, message)
        case .stale: self.init(.staleVersion, message, param: error.parameter)
        case .unauthorized: self = Caller.unauthorized
        case .vault: self.init(.internalError, "The account's credentials cannot be opened")
        case .storage: self = .databaseUnavailable
        }
    }
}
