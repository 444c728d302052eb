import JSON

/// A sandbox's file, read.
struct VendorPlan: Sendable {
    var name: String
    var label: String
    var format: BodyFormat
    var contentType: String?
    var headers: [(name: String, template: TextTemplate)]
    var epoch: Int64
    var maxBody: Int
    var latencyMilliseconds: Int
    var settings: JSONObject
    var callers: [String: CallerSpec]
    var authorization: [AuthorizationSpec]
    var writeReads: Bool
    var oauth: OAuthSpec?
    var linkExpires: String
    var linkSignature: String
    var errors: [String: ErrorSpec]
    var rateLimit: RateLimitSpec?
    var collections: [String: CollectionSpec]
    var paginations: [String: PaginationSpec]
    var routes: [RouteSpec]
    /// Names of the file's functions.
    var functions: Set<String>
    var seed: Script?
    var state: Script?
    var accounts: [AccountSpec]
    var readOnly: AccountSpec?
    var wrong: AccountSpec?
    var hosts: [(host: String, prefix: String)]
    /// Whether `attache dev` prints a call to this vendor.
    var isShowcase: Bool
    /// Ids of seeded records by what a call needs: `candidate`, `application`, `job`.
    var targets: [String: String]

    init(_ name: String, _ document: JSONValue, _ reading: SandboxReading) {
        let reader = KeyReader(document, [], reading)
        self.name = name
        label = reader.text("label", required: true) ?? name
        _ = reader.texts("source")
        format = BodyFormat.read(reader) ?? .json
        contentType = reader.text("content_type")
        headers = reader.templates("headers")
        epoch = reader.text("epoch").flatMap(Timestamps.milliseconds) ?? 1_767_603_600_000
        maxBody = reader.size("max_body") ?? 30_000_000
        latencyMilliseconds = reader.int("latency_ms") ?? 0
        settings = reader.inner("settings")?.value.object ?? [:]
        callers = [:]
        for (key, value) in reader.entries("keys") {
            callers[key] = CallerSpec(key, KeyReader(value, ["keys", key], reading))
        }
        authorization = reader.items("authorization").enumerated().map {
            AuthorizationSpec(KeyReader($1, ["authorization", String($0)], reading))
        }
        writeReads = reader.bool("write_reads") ?? false
        oauth = reader.inner("oauth").map(OAuthSpec.init)
        let links = reader.inner("links")
        linkExpires = links?.text("expires") ?? "expires"
        linkSignature = links?.text("signature") ?? "signature"
        links?.finish()
        errors = [:]
        for (key, value) in reader.entries("errors") { errors[key] = ErrorSpec(KeyReader(value, ["errors", key], reading)) }
        for needed in ["unauthorized", "not_found"] where errors[needed] == nil {
            reading.report(["errors"], "'\(needed)' is missing")
        }
        rateLimit = reader.inner("rate_limit").map(RateLimitSpec.init)
        collections = [:]
        for (key, value) in reader.entries("collections") {
            collections[key] = CollectionSpec(key, KeyReader(value, ["collections", key], reading))
        }
        paginations = [:]
        for (key, value) in reader.entries("pagination") {
            paginations[key] = PaginationSpec(KeyReader(value, ["pagination", key], reading))
        }
        let checks = reader.items("checks").enumerated().compactMap { at, value in
            value.string.map { reading.script($0, ["checks", String(at)], names: []) }
        }
        routes = reader.items("routes").enumerated().map {
            RouteSpec($0, KeyReader($1, ["routes", String($0)], reading), checks: checks)
        }
        seed = reader.script("seed")
        state = reader.script("state")
        let accounts = reader.entries("accounts").map { AccountSpec($0, KeyReader($1, ["accounts", $0], reading)) }
        let method = accounts.first?.method ?? ""
        self.accounts = accounts
        readOnly = reader.inner("read_only").map { AccountSpec(method, $0) }
        wrong = reader.inner("wrong").map { AccountSpec(method, $0) }
        hosts = reader.entries("hosts").map { ($0.key, $0.value.string ?? "") }
        isShowcase = reader.bool("showcase") ?? false
        targets = [:]
        for key in ["candidate", "application", "job"] { targets[key] = reader.member(key)?.plain }
        functions = Set(reader.entries("functions").map(\.key))
        reader.finish()
    }
}

extension JSONValue {
    /// A text or a number as text; nil for other kinds.
    var plain: String? { string ?? (double == nil ? nil : text()) }
}
