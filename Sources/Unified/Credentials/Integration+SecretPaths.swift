package import Accounts
package import Catalog

extension Integration {
    /// The members of a context that this integration's credentials call secret, whatever overrides say of them.
    package var secretPaths: SecretPaths { SecretPaths(secretFields.sorted()) }
}
