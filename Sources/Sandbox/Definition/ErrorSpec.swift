import JSON

/// How a body is written.
enum BodyFormat: String, Sendable, CaseIterable {
    case json, xml, text, html

    var contentType: String {
        switch self {
        case .json: "application/json; charset=utf-8"
        case .xml: "text/xml; charset=utf-8"
        case .text: "text/plain; charset=utf-8"
        case .html: "text/html; charset=utf-8"
        }
    }

    static func read(_ reader: KeyReader) -> BodyFormat? {
        reader.word("format", allCases.map(\.rawValue)).flatMap(BodyFormat.init)
    }
}

/// One of `errors`.
struct ErrorSpec: Sendable {
    var status: Int
    var headers: [(name: String, template: TextTemplate)]
    var body: Script?
    var text: TextTemplate?
    var format: BodyFormat?
    var contentType: String?

    init(_ reader: KeyReader) {
        status = reader.int("status") ?? 400
        if !reader.has("status") { reader.fail("status", "'status' is missing") }
        headers = reader.templates("headers", names: ["args"])
        body = reader.script("body", names: ["args"])
        text = reader.template("text", names: ["args"])
        format = BodyFormat.read(reader)
        contentType = reader.text("content_type")
        reader.finish()
    }
}

/// `rate_limit`.
struct RateLimitSpec: Sendable {
    static let names: Set<String> = ["limit", "remaining", "reset_at", "reset_in", "retry_after"]

    var isWindow: Bool
    var requests: Int
    var seconds: Double
    var burst: Int
    var isPerKey: Bool
    var headers: [(name: String, template: TextTemplate)]
    var limitedHeaders: [(name: String, template: TextTemplate)]

    init(_ reader: KeyReader) {
        isWindow = reader.word("kind", ["bucket", "window"]) == "window"
        requests = max(1, reader.int("requests") ?? 1)
        if !reader.has("requests") { reader.fail("requests", "'requests' is missing") }
        seconds = reader.member("seconds")?.double ?? 1
        burst = reader.int("burst") ?? requests
        isPerKey = reader.word("per", ["key", "all"]) != "all"
        headers = reader.templates("headers", names: Self.names)
        limitedHeaders = reader.templates("limited_headers", names: Self.names)
        reader.finish()
    }
}
