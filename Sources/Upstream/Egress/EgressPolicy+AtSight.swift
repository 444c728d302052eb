extension EgressPolicy {
    /// Why `url` can never be sent, as far as that can be told without asking for its name; nil when it may be.
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
