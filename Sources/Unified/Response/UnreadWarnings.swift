import Catalog
import JSON

/// Says what a caller gave that the provider has no place for, so that nothing is dropped in silence
/// (docs/wire.md#responses).
struct UnreadWarnings {
    let exchange: ProviderExchange

    init(_ exchange: ProviderExchange) { self.exchange = exchange }

    /// For the response of a call that was made by its mapping.
    ///
    /// - Parameters:
    ///   - body: the caller's.
    ///   - dropsRemoteData: whether no call had a place for `remote_data`.
    func entries(body: JSONObject?, dropsRemoteData: Bool) -> [JSONValue] {
        let method = exchange.plan.unifiedMethod
        guard method.httpMethod != "GET", !method.body.isEmpty, [.record, .wrapped].contains(method.response) else { return [] }
        let remote = dropsRemoteData ? [entry("remote_data")] : []
        // Of a call that is one of several the others read the rest.
        if exchange.call.isStep, exchange.plan.saga != nil { return remote }
        var unread = exchange.plan.unread(body: body ?? [:], query: exchange.call.isStep ? [:] : exchange.parameters.query)
        // The gateway gives ids to whichever call may need them, and has placed files by their kind itself.
        if exchange.call.isStep { unread.removeAll { method.params.contains($0) || $0 == "attachment_type" } }
        return unread.map(entry) + remote
    }

    func entry(_ param: String) -> JSONValue {
        [
            "code": "not_supported", "param": .string(param),
            "message": .string("\(param) was not carried out: \(exchange.plan.integration.label) has no place for it"),
        ]
    }
}
