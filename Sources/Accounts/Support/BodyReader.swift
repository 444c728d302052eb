import JSON

/// Takes members of a request's body by kind. `null` is as good as absent.
struct BodyReader {
    private let members: JSONObject
    private let prefix: String

    init(_ members: JSONObject, at path: String? = nil) {
        self.members = members
        prefix = path.map { "\($0)." } ?? ""
    }

    func text(_ name: String, atMost limit: Int = 255) throws(AccountsError) -> String? {
        guard let text = try take(name, "a string", { $0.string }) else { return nil }
        guard text.unicodeScalars.count <= limit else {
            throw .invalid(prefix + name, "\(prefix)\(name) must have at most \(limit) characters")
        }
        return text
    }

    func flag(_ name: String) throws(AccountsError) -> Bool? { try take(name, "true or false") { $0.bool } }
    func object(_ name: String) throws(AccountsError) -> JSONObject? { try take(name, "an object") { $0.object } }

    func integer(_ name: String) throws(AccountsError) -> Int64? {
        try take(name, "a whole number") { $0.int }.map(Int64.init)
    }

    /// An empty object for `null`.
    func objectOrNull(_ name: String) throws(AccountsError) -> JSONObject? {
        members[name] == .null ? [:] : try object(name)
    }

    private func take<Value>(
        _ name: String, _ kind: String, _ read: (JSONValue) -> Value?
    ) throws(AccountsError) -> Value? {
        guard let value = members[name], !value.isNull else { return nil }
        guard let result = read(value) else { throw .invalid(prefix + name, "\(prefix)\(name) must be \(kind)") }
        return result
    }
}
