/// Something that happened to an integrated account.
package struct AccountEvent: Sendable, Hashable {
    /// What webhooks are told; the raw value is the name on the wire.
    package enum Kind: String, Sendable, Hashable, CaseIterable {
        case created = "integrated_account:created"
        case updated = "integrated_account:updated"
        case active = "integrated_account:active"
        case deleted = "integrated_account:deleted"
        case authenticationError = "integrated_account:authentication_error"
        case reactivated = "integrated_account:reactivated"
        case postInstallError = "integrated_account:post_install_error"
        case validationError = "integrated_account:validation_error"

        /// The event of an account that has come to a status by being connected; nil where nobody is told.
        init?(connected status: AccountStatus) {
            switch status {
            case .active: self = .active
            case .postInstallError: self = .postInstallError
            case .validationError: self = .validationError
            default: return nil
            }
        }
    }

    package var kind: Kind
    package var account: IntegratedAccount

    package init(_ kind: Kind, _ account: IntegratedAccount) {
        self.kind = kind
        self.account = account
    }
}
