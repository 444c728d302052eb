/// Steps that the gateway takes with an account by itself, outside of any unified call.
package struct Action: Sendable {
    /// When the gateway runs an action.
    package enum Name: String, Sendable, Hashable, CaseIterable {
        /// After credentials were entered, before they are validated: fetches what later calls need.
        case postInstall = "post_install"
        /// Proves that the credentials work.
        case validation
    }

    package var name: Name
    package var steps: [Mapping.Step]
}
