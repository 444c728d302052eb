extension Upstream {
    /// Whether a fetch of `address` would be let out now, without fetching anything: for addresses that are handed on.
    ///
    /// - Throws: `FileFetchError`.
    package func checkFetchable(
        _ address: String, for tenant: Tenant? = nil, limits: FileFetchLimits
    ) async throws(FileFetchError) {
        do {
            let url = try TargetURL(address)
            var egress = self.egress
            egress.ports = egress.ports.map { $0.intersection(limits.ports) } ?? limits.ports
            let found = try await names.addresses(of: url.host, for: tenant, within: limits.connect)
            _ = try egress.admitted(url, at: found)
        } catch {
            throw FileFetchError(error)
        }
    }
}
