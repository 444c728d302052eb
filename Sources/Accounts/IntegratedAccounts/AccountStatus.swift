/// Where an integrated account stands. Open: a newer node may know more.
package struct AccountStatus: RawRepresentable, Sendable, Hashable {
    package let rawValue: String

    package init(rawValue: String) { self.rawValue = rawValue }

    package static let active = Self(rawValue: "active")
    /// Credentials are stored, but its installation steps have not ended.
    package static let connecting = Self(rawValue: "connecting")
    /// The credentials work, but a required field of them has not been chosen yet.
    package static let incomplete = Self(rawValue: "incomplete")
    package static let postInstallError = Self(rawValue: "post_install_error")
    package static let validationError = Self(rawValue: "validation_error")
    /// The provider refused the credentials; a person must connect again.
    package static let needsReauth = Self(rawValue: "needs_reauth")

    /// Those that this version knows.
    package static let all: [Self] = [.active, .connecting, .incomplete, .postInstallError, .validationError, .needsReauth]
}
