import JSON

/// How a list is cut into pages: one of `pagination`, or a route's own.
struct PaginationSpec: Sendable {
    enum Kind: String, CaseIterable { case page, offset, cursor, since, none }

    enum Place: String, CaseIterable { case query, body, path }

    /// Where the value of a parameter comes from.
    struct Parameter: Sendable {
        var name: String
        var read: Script?
        var first = 0
    }

    /// Variables of `body` and `headers`.
    static let names: Set<String> = [
        "rows", "records", "total", "returned", "limit", "offset", "page", "pages", "more", "next", "next_url",
        "previous_url", "first_url", "last_url", "self_url",
    ]

    var kind: Kind
    var place: Place
    var limit: Parameter?
    var defaultLimit: Int
    var maxLimit: Int?
    var refusesOver: Bool
    /// Of the kind: page, offset, cursor or since.
    var position: Parameter?
    var token: Script?
    var isCursorOnly: Bool
    var ceiling: Int?
    var emptyStatus: Int?
    var body: Script?
    var headers: [(name: String, template: TextTemplate)]

    init(_ reader: KeyReader) {
        kind = reader.word("kind", Kind.allCases.map(\.rawValue)).flatMap(Kind.init) ?? .none
        place = reader.word("in", Place.allCases.map(\.rawValue)).flatMap(Place.init) ?? .query
        defaultLimit = 100
        refusesOver = false
        if let inner = reader.inner("limit") {
            limit = Self.parameter(inner)
            maxLimit = inner.int("max")
            defaultLimit = inner.int("default") ?? maxLimit ?? 100
            refusesOver = inner.word("over", ["clamp", "fail"]) == "fail"
            inner.finish()
        } else if kind == .none {
            defaultLimit = .max
        }
        for name in ["page", "offset", "cursor", "since"] {
            guard let inner = reader.inner(name) else { continue }
            if name != kind.rawValue { reader.fail(name, "does not go with kind \(kind.rawValue)") }
            position = Self.parameter(inner)
            if name == "cursor" { token = inner.script("token", names: ["offset"]) }
            inner.finish()
        }
        if position == nil, kind != .none { reader.fail(kind.rawValue, "'\(kind.rawValue)' is missing: {name: …}") }
        isCursorOnly = reader.bool("cursor_only") ?? false
        ceiling = reader.int("ceiling")
        if let inner = reader.inner("empty") {
            emptyStatus = inner.int("status")
            inner.finish()
        }
        body = reader.script("body", names: Self.names)
        headers = reader.templates("headers", names: Self.names)
        reader.finish()
    }

    private static func parameter(_ reader: KeyReader) -> Parameter {
        let name = reader.text("name", required: !reader.has("read")) ?? ""
        return Parameter(name: name, read: reader.script("read"), first: reader.int("first") ?? (reader.path.last == "page" ? 1 : 0))
    }

    /// Whether its parameters come with the body.
    var readsBody: Bool {
        place == .body || [limit, position].contains { $0?.read?.readsBody == true }
    }
}
