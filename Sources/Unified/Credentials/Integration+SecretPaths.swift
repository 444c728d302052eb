public import Accounts
public import Catalog

extension Integration {
    /// The members of a context that this integration's credentials call secret, whatever overrides say of them.
    public var secretPaths: SecretPaths { SecretPaths(secretFields.sorted()) }
}
