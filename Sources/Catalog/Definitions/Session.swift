import JSON

/// How stored credentials are exchanged for what calls are made with: a short-lived token, a host, or both.
package struct Session: Sendable {
    package var steps: [Mapping.Step]
    /// Truthy: the vendor says that the session has ended; input `status`, `headers`, `data`. nil: status 401.
    package var expired: MappingExpression?
    /// Hosts that a session may name; credentials may go there.
    package var hosts: [HostPattern]

    init(decoding reader: DefinitionReader) throws(CatalogError) {
        steps = []
        for item in reader.items("steps") { steps.append(try Mapping.Step(decoding: item)) }
        expired = reader.expression("expired")
        hosts = reader.texts("hosts").map(HostPattern.init)
    }

    static func decodeAll(_ reader: DefinitionReader?) throws(CatalogError) -> (Session?, [String: Session]) {
        guard let reader else { return (nil, [:]) }
        if reader.has("steps") { return (try Session(decoding: reader), [:]) }
        var sessions: [String: Session] = [:]
        for (method, child) in reader.children where child.value.object != nil {
            sessions[method] = try Session(decoding: child)
        }
        return (sessions.removeValue(forKey: "default"), sessions)
    }
}
