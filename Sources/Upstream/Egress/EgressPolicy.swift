/// Where calls may go: the one gate that every outgoing address passes.
///
/// Pure: names are resolved by the caller, once, and the addresses that come out of `admitted(_:at:)` are the ones
/// to connect to. A name server that changes its response afterwards changes nothing.
package struct EgressPolicy: Sendable, Hashable {
    /// Plain http to public addresses.
    package var allowsHTTP: Bool
    /// Ports that may be called outside the holes; `nil` means any.
    package var ports: Set<Int>?
    package var holes: [EgressAllowlistEntry]

    package init(allowsHTTP: Bool = false, ports: Set<Int>? = nil, holes: [EgressAllowlistEntry] = []) {
        self.allowsHTTP = allowsHTTP
        self.ports = ports
        self.holes = holes
    }

    /// https to any public address, no exceptions.
    package static let standard = EgressPolicy()

    /// The addresses out of `addresses` that `url` may be sent to, in their order.
    ///
    /// A name with public and private addresses keeps the public ones: the refused ones are never connected to.
    /// - Throws: `UpstreamError` with code `egress_refused` when none is left.
    package func admitted(_ url: TargetURL, at addresses: [IPAddress]) throws(UpstreamError) -> [IPAddress] {
        var refusal = "the host has no address"
        var kept: [IPAddress] = []
        for address in addresses {
            if let reason = self.refusal(of: url, at: address) {
                refusal = reason
            } else if !kept.contains(address) {
                kept.append(address)
            }
        }
        guard !kept.isEmpty else { throw .egressRefused(host: url.hostText, refusal) }
        return kept
    }

    /// Why `url` must not be sent to `address`; `nil` when it may.
    package func refusal(of url: TargetURL, at address: IPAddress) -> String? {
        let address = address.unmapped
        if holes.contains(where: { $0.admits(url, at: address) }) { return nil }
        if url.scheme == .http, !allowsHTTP { return "only https is allowed" }
        if let ports, !ports.contains(url.port) { return "port \(url.port) is not allowed" }
        return AddressTable.refusal(of: address).map { "the address is not public (\($0))" }
    }

    /// Why `url` can never be sent, as far as that can be known without asking for its name; nil when it may be.
    ///
    /// For addresses that are stored now and called later, where they are checked for good.
    package func refusalAtSight(of url: TargetURL) -> String? {
        switch url.host {
        case .address(let address): refusal(of: url, at: address)
        case .name:
            // Which hole a name falls into is known only with its address: any hole lets http pass here.
            url.scheme == .https || allowsHTTP || !holes.isEmpty ? nil : "only https is allowed"
        }
    }
}
