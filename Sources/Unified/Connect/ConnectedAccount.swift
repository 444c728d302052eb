package import Accounts

/// An account whose credentials are stored and work.
package struct ConnectedAccount: Sendable {
    package var account: IntegratedAccount
    /// Opens the page once more, to choose what the vendor lists; nil where there is nothing to choose.
    package var nextToken: Secret<String>?
}
