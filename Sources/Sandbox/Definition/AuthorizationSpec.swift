import JSON

/// One way to prove who calls: an entry of `authorization`.
struct AuthorizationSpec: Sendable {
    enum Kind: String, CaseIterable {
        case basic, bearer, header, query, cookie, pair, oauth, session, expression
    }

    var kind: Kind
    var name: String?
    var secretName: String?
    var prefix: String?
    var scheme: String?
    var header: String?
    var query: String?
    var cookie: String?
    /// `any`, `secret`, or the text that the password must be.
    var password: String
    var key: Script?
    var valid: Script?
    var missing: String?
    var invalid: String?

    init(_ reader: KeyReader) {
        let kind = reader.word("kind", Kind.allCases.map(\.rawValue)).flatMap(Kind.init)
        if kind == nil, !reader.has("kind") { reader.fail("kind", "'kind' is missing") }
        self.kind = kind ?? .bearer
        name = reader.text("name")
        secretName = reader.text("secret_name")
        prefix = reader.text("prefix")
        scheme = reader.text("scheme")
        header = reader.text("header")
        query = reader.text("query")
        cookie = reader.text("cookie")
        password = reader.text("password") ?? "any"
        _ = reader.word("key_in", ["user"])
        key = reader.script("key")
        valid = reader.script("valid", names: ["key", "secret"])
        missing = reader.text("missing")
        invalid = reader.text("invalid")
        switch self.kind {
        case .header where name == nil, .query where name == nil, .cookie where name == nil: reader.fail("name", "'name' is missing")
        case .pair where name == nil || secretName == nil: reader.fail("name", "'name' and 'secret_name' are needed")
        case .expression where key == nil: reader.fail("key", "'key' is missing")
        default: break
        }
        reader.finish()
    }

    var readsBody: Bool { key?.readsBody == true || valid?.readsBody == true }
}

/// One of `keys`.
struct CallerSpec: Sendable {
    var key: String
    var secret: String?
    var permissions: Permissions
    /// The entry as it stands, for `$caller`.
    var entry: JSONObject

    init(_ key: String, _ reader: KeyReader) {
        self.key = key
        secret = reader.text("secret")
        permissions = Permissions(reader.member("permissions") ?? "all")
        var entry = reader.value.object ?? [:]
        entry["key"] = .string(key)
        self.entry = entry
    }
}

/// What a caller may do.
enum Permissions: Sendable {
    case all
    case some(Set<String>)

    /// `all`, or a list; a name may end in `*`.
    init(_ value: JSONValue) {
        if value == "all" { self = .all } else { self = .some(Set((value.array ?? []).compactMap(\.string))) }
    }

    func allow(_ permission: String, writeReads: Bool) -> Bool {
        guard case .some(let names) = self else { return true }
        if names.contains(permission) { return true }
        if names.contains(where: { $0.hasSuffix("*") && permission.hasPrefix($0.dropLast()) }) { return true }
        guard writeReads, permission.hasSuffix(":read") else { return false }
        return names.contains(permission.dropLast(4) + "write")
    }
}
