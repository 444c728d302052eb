public import Accounts
public import Catalog

extension Integration {
    /// The members of a context that this integration's credentials call secret.
    public var secretPaths: SecretPaths {
        SecretPaths(credentials.flatMap { $0.fields.filter(\.isSecret).map(\.name) })
    }
}
