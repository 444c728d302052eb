import JSON

/// Turns the hosts of a definition to a sandbox.
struct HostWiring {
    /// The sandbox's address.
    var base: String
    var host: String
    /// Hosts, `*.` before one for all below it, and the paths that they have on the sandbox.
    var hosts: [(host: String, prefix: String)]

    /// What has to be laid over the definition: every text that begins with `https://host` begins with the sandbox's
    /// address, and credentials may go there.
    func override(_ integration: JSONValue) -> JSONObject {
        var out = changed(integration)?.object ?? [:]
        let allowed = integration["allowed_hosts"]?.array ?? []
        out["allowed_hosts"] = .array(allowed + [.string(host)])
        if let session = integration["session"]?.object {
            out["session"] = Self.merged(out["session"] ?? .object([:]), sessionHosts(session))
        }
        return out
    }

    private func sessionHosts(_ session: JSONObject) -> JSONValue {
        if session["steps"] != nil { return ["hosts": .array((session["hosts"]?.array ?? []) + [.string(host)])] }
        return .object(
            JSONObject(
                session.elements.compactMap { name, inner in
                    inner.object.map { (name, sessionHosts($0)) }
                }))
    }

    /// The parts of a value that change; nil where none does.
    private func changed(_ value: JSONValue) -> JSONValue? {
        switch value {
        case .string(let text): return address(text).map { .string($0) }
        case .object(let object):
            var out = JSONObject()
            for (key, inner) in object where !Self.isProse(key) { out[key] = changed(inner) }
            return out.isEmpty ? nil : .object(out)
        case .array(let items):
            let changes = items.map(changed)
            guard changes.contains(where: { $0 != nil }) else { return nil }
            // Lists are replaced whole.
            return .array(zip(items, changes).map { item, change in change.map { Self.merged(item, $0) } ?? item })
        default: return nil
        }
    }

    /// Members that people read.
    private static func isProse(_ key: String) -> Bool {
        [
            "description", "documentation_url", "documentation_link", "api_documentation_url", "help_text", "logo", "icon", "source",
            "audience",
        ].contains(key)
    }

    private func address(_ text: String) -> String? {
        guard text.hasPrefix("https://") else { return nil }
        let rest = text.dropFirst(8)
        let authority = Self.authority(rest)
        return base + prefix(String(authority)) + rest.dropFirst(authority.count)
    }

    /// Up to the path; a placeholder may hold any sign.
    private static func authority(_ text: Substring) -> Substring {
        var end = text.startIndex
        while end < text.endIndex, text[end] != "/", text[end] != "?" {
            if text[end...].hasPrefix("{{"), let close = text[end...].ranges(of: "}}").first {
                end = close.upperBound
            } else {
                end = text.index(after: end)
            }
        }
        return text[..<end]
    }

    private func prefix(_ authority: String) -> String {
        hosts.first { pattern, _ in
            pattern == authority || pattern == "*" || (pattern.hasPrefix("*.") && authority.hasSuffix(pattern.dropFirst()))
        }?.prefix ?? ""
    }

    static func merged(_ base: JSONValue, _ other: JSONValue) -> JSONValue {
        guard var object = base.object, let members = other.object else { return other }
        for (key, value) in members { object[key] = object[key].map { merged($0, value) } ?? value }
        return .object(object)
    }
}
