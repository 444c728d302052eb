/// Where an integrated account stands. Open: a newer node may know more.
public struct AccountStatus: RawRepresentable, Sendable, Hashable {
    public let rawValue: String

    public init(rawValue: String) { self.rawValue = rawValue }

    public static let active = Self(rawValue: "active")
    /// Credentials are stored, but its installation steps have not ended.
    public static let connecting = Self(rawValue: "connecting")
    /// The credentials work, but a required field of them has not been chosen yet.
    package static let incomplete = Self(rawValue: "incomplete")
    public static let postInstallError = Self(rawValue: "post_install_error")
    public static let validationError = Self(rawValue: "validation_error")
    /// The provider refused the credentials; a person must connect again.
    public static let needsReauth = Self(rawValue: "needs_reauth")
}
