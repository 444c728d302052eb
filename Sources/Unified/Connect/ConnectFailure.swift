package import Accounts
import Catalog

/// Why connecting an account did not work, in words for the person and a type for the program that sent them.
package struct ConnectFailure: Error, Sendable {
    /// The `error_type` of the result.
    package enum Kind: String, Sendable, Hashable, CaseIterable {
        /// The link token is unknown, used or has ended.
        case invalidToken = "invalid_token"
        /// The integration is not offered by this link.
        case invalidIntegration = "invalid_integration"
        /// Credentials were not given, or the authorization did not come about.
        case connectionError = "connection_error"
        case postInstallError = "post_install_error"
        case validationError = "validation_error"
    }

    package var kind: Kind
    /// Never holds a secret.
    package var message: String
    /// What is wrong with single fields.
    package var faults: [(field: String, message: String)] = []
    /// The account that was stored although its actions failed.
    package var accountID: String?
    /// To try again with, where the first token was used up by storing the account.
    package var nextToken: Secret<String>?

    package init(_ kind: Kind, _ message: String, faults: [(field: String, message: String)] = []) {
        self.kind = kind
        self.message = message
        self.faults = faults
    }

    package static let usedToken = ConnectFailure(
        .invalidToken, "This link has been used, or has expired. Ask whoever sent it to you for a new one.")

    package static let notOffered = ConnectFailure(.invalidIntegration, "This link cannot connect that system.")

    /// - Parameter label: the vendor's name.
    init(_ failure: ActionFailure, label: String) {
        let error = failure.error
        let message =
            if failure.refusesCredentials {
                "\(label) did not accept these credentials. Check them, and that they carry the permissions needed."
            } else if error.remote != nil {
                "\(label) answered with an error: \(error.message.prefix(200))"
            } else if error.code == .providerUnreachable || error.code == .providerTimeout {
                "\(label) cannot be reached at the moment. Try again in a minute."
            } else {
                "The connection could not be checked: \(error.message.prefix(200))"
            }
        self.init(failure.action == .postInstall ? .postInstallError : .validationError, message)
    }
}
