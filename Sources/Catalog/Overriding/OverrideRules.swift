/// What the operator lets overrides do. Anyone with a token without scopes may write them.
package struct OverrideRules: Sendable, Hashable {
    /// Hosts besides a definition's own to which an override may turn calls, with the account's credentials.
    package var hosts: [HostPattern]
    /// Whether placeholders and expressions of overrides may read stored credentials.
    package var maySeeSecrets: Bool

    /// - Parameter hosts: `api.example.com`, or `*.example.com` for all below it.
    package init(hosts: [String] = [], maySeeSecrets: Bool = false) {
        self.hosts = hosts.map(HostPattern.init)
        self.maySeeSecrets = maySeeSecrets
    }

    /// Bytes of one override, as JSON.
    package static let maxBytes = 64 << 10
}
