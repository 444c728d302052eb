import JSON

/// One of `routes`.
final class RouteSpec: Sendable {
    enum Action: Sendable {
        case list(String), get(String), create(String), update(String), delete(String)
        case download(Script), redirect(Script), program(Script)
    }

    enum Disposition: String, CaseIterable { case attachment, inline, none }

    struct Filter: Sendable {
        var parameter: String
        var check: Script?
        /// True for each record of `$rows_` that stays, as one expression.
        var keep: Script
    }

    /// What happens before the action, in this order.
    enum Step: Sendable {
        case check(Script)
        case required(String, Script)
        case bind(String, Script)

        var readsBody: Bool {
            switch self {
            case .check(let script), .required(_, let script), .bind(_, let script): script.readsBody
            }
        }
    }

    struct Fetch: Sendable {
        var url: Script
        var isLater: Bool
        var delayMilliseconds: Int
        var maxSize: Int?
        var then: Script?
    }

    let index: Int
    let patterns: [RoutePattern]
    let source: [String]
    let when: Script?
    let isPublic: Bool
    let isSigned: Bool
    let permission: String?
    let authorization: [AuthorizationSpec]?
    let rateLimit: RateLimitSpec?
    let steps: [Step]
    let maxBody: Int?
    let maxFile: Int?
    let fileTypes: Set<String>?
    let fetch: Fetch?
    let latencyMilliseconds: Int?
    let action: Action?
    let rows: Script?
    let filters: [Filter]
    let filtersInBody: Bool
    let isStrictQuery: Bool
    let pagination: String?
    let ownPagination: PaginationSpec?
    let sort: Script?
    let isDescending: Bool?
    let id: Script?
    let belongs: Script?
    let record: Script?
    let changes: Script?
    let disposition: Disposition
    let status: Script?
    let headers: [(name: String, template: TextTemplate)]
    let body: Script?
    let format: BodyFormat?
    let contentType: String?

    init(_ index: Int, _ given: KeyReader, checks: [Script]) {
        self.index = index
        var reader = given
        var patterns: [RoutePattern] = []
        for text in [reader.text("route", required: true)].compactMap({ $0 }) + (reader.texts("also") ?? []) {
            if let pattern = RoutePattern(text) {
                patterns.append(pattern)
            } else {
                reader.fail("route", "'\(text)' is not METHOD /path")
            }
        }
        self.patterns = patterns
        source = reader.texts("source") ?? []
        if source.isEmpty { reader.reading.report(reader.path, "'source' is missing: the document and section it follows") }
        _ = reader.text("unverified")
        when = reader.script("when")
        isSigned = reader.bool("signed") ?? false
        isPublic = (reader.bool("public") ?? false) || isSigned
        permission = reader.text("permission")
        authorization =
            reader.has("authorization")
            ? reader.items("authorization").enumerated().map {
                AuthorizationSpec(KeyReader($1, given.path + ["authorization", String($0)], given.reading))
            } : nil
        rateLimit = reader.inner("rate_limit").map(RateLimitSpec.init)
        var steps = isPublic ? [] : checks.map(Step.check)
        steps += (reader.texts("required") ?? []).map { .required($0, Self.presence($0, given)) }
        for (name, script) in reader.scripts("let", names: Set(reader.member("let")?.object?.keys ?? [])) {
            steps.append(.bind(name, script))
            reader.names.insert(name)
        }
        self.steps = steps
        maxBody = reader.size("max_body")
        maxFile = reader.size("max_file")
        fileTypes = reader.texts("file_types").map { Set($0.map { $0.lowercased() }) }
        fetch = reader.inner("fetch").flatMap { Self.fetch($0) }
        if fetch != nil { reader.names.formUnion(["fetched"]) }
        latencyMilliseconds = reader.int("latency_ms")
        action = Self.action(reader)
        rows = reader.script("rows")
        filters = reader.entries("filters").map { Self.filter($0.key, $0.value, reader) }
        filtersInBody = reader.word("filters_in", ["query", "body"]) == "body"
        isStrictQuery = reader.bool("strict_query") ?? false
        if reader.member("pagination")?.string != nil {
            pagination = reader.text("pagination")
            ownPagination = nil
        } else {
            pagination = nil
            ownPagination = reader.inner("pagination").map(PaginationSpec.init)
        }
        sort = reader.script("sort")
        isDescending = reader.bool("descending")
        id = reader.script("id")
        belongs = Self.belongs(reader)
        record = reader.script("record")
        changes = reader.script("changes")
        disposition = reader.word("disposition", Disposition.allCases.map(\.rawValue)).flatMap(Disposition.init) ?? .attachment
        let results: Set<String> = ["record", "result", "undefined"]
        status = reader.script("status", names: results)
        headers = reader.templates("headers", names: results.union(PaginationSpec.names))
        body = reader.script("body", names: results.union(PaginationSpec.names))
        format = BodyFormat.read(reader)
        contentType = reader.text("content_type")
        reader.finish()
    }

    private static func action(_ reader: KeyReader) -> Action? {
        var found: [Action] = []
        for (key, make) in [
            ("list", Action.list), ("get", Action.get), ("create", Action.create), ("update", Action.update),
            ("delete", Action.delete),
        ] {
            if let collection = reader.text(key) { found.append(make(collection)) }
        }
        for (key, make) in [("download", Action.download), ("redirect", Action.redirect), ("do", Action.program)] {
            if let script = reader.script(key) { found.append(make(script)) }
        }
        if found.count != 1 {
            reader.reading.report(reader.path, "one of list, get, create, update, delete, download, redirect, do is needed")
        }
        return found.first
    }

    private static func fetch(_ reader: KeyReader) -> Fetch? {
        let isLater = reader.word("when", ["during_call", "later"]) == "later"
        let then = reader.script("then", names: ["fetched", "fetch_error", "record", "result"])
        let delay = reader.int("delay_ms") ?? 0
        let size = reader.size("max_size")
        let url = reader.script("url")
        reader.finish()
        guard let url else {
            reader.fail("url", "'url' is missing")
            return nil
        }
        return Fetch(url: url, isLater: isLater, delayMilliseconds: delay, maxSize: size, then: then)
    }

    private static func filter(_ name: String, _ value: JSONValue, _ reader: KeyReader) -> Filter {
        let path = reader.path + ["filters", name]
        let names = reader.names.union(["value"])
        var check: Script?
        var source = value.string
        if value.object != nil {
            let inner = KeyReader(value, path, reader.reading, names: names)
            check = inner.script("check")
            source = inner.text("where", required: true)
            inner.finish()
        }
        let keep = reader.reading.script(source ?? "true", path, names: names)
        return Filter(parameter: name, check: check, keep: keep.wrapped("$rows_[$boolean((", "))]"))
    }

    private static func belongs(_ reader: KeyReader) -> Script? {
        let members = reader.entries("belongs")
        guard !members.isEmpty else { return nil }
        let texts = members.map { "\(JSONValue.string($0.key).text()): \($0.value.string ?? $0.value.text())" }
        return reader.reading.script("{\(texts.joined(separator: ", "))}", reader.path + ["belongs"], names: reader.names)
    }

    /// `query.a` as an expression that gives what is there; names with other signs are quoted.
    private static func presence(_ name: String, _ reader: KeyReader) -> Script {
        let pieces = name.split(separator: ".", maxSplits: 1).map(String.init)
        let place = pieces.count == 2 ? pieces[0] : "query"
        let member = pieces.last ?? ""
        let source =
            switch place {
            case "part": "$part(\(JSONValue.string(member).text()))"
            case "body": "$body." + member.split(separator: ".").map { "`\($0)`" }.joined(separator: ".")
            case "headers": "$headers.`\(member.lowercased())`"
            case "path": "$path.`\(member)`"
            default: "$query.`\(member)`"
            }
        return reader.reading.script(source, reader.path + ["required"], names: [])
    }
}
