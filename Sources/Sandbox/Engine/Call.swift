import HTTPTypes
import JSON

/// One request on its way through the engine.
final class Call: @unchecked Sendable {
    // Unchecked: one request's task uses it, and inside the engine's lock.

    let exchange: Exchange
    let authority: String
    let now: Int64
    var route: RouteSpec?
    var path: JSONObject = [:]
    var caller: Caller?
    var names: [String: JSONValue] = [:]
    /// The body's parts and value, once it has come.
    var parts: [ReceivedPart] = []
    var body: JSONValue?
    var hasBody = false
    /// Headers of the rate limit.
    var rate: [String: JSONValue]?
    var limited = false

    init(exchange: Exchange, authority: String?, now: Int64) {
        self.exchange = exchange
        self.authority = authority ?? "localhost"
        self.now = now
    }

    var base: String { "http://\(authority)" }

    func header(_ name: String) -> String? {
        HTTPField.Name(name).flatMap { exchange.head.headerFields[$0] }
    }

    /// What every expression may read of a request.
    static let members = ["method", "url", "path", "query", "headers", "body", "caller", "base", "now", "settings"]

    /// The value of a variable; nil where the call has none of that name.
    func value(_ name: String, settings: JSONObject) -> JSONValue? {
        if let value = names[name] { return value }
        switch name {
        case "method": return .string(exchange.head.method.rawValue)
        case "url": return .string(exchange.head.path ?? "/")
        case "path": return .object(path)
        case "query": return exchange.query.json
        case "headers": return exchange.headersValue
        case "body": return body
        case "caller": return caller.map { .object($0.entry) }
        case "base": return .string(base)
        case "now": return .integer(now)
        case "settings": return .object(settings)
        default: return nil
        }
    }
}

/// Who calls.
struct Caller {
    /// What rates are counted by.
    var key: String
    var permissions: Permissions
    /// `$caller`.
    var entry: JSONObject
}

extension FormEncoding {
    /// A name given once holds its value, a repeated one the list of its values.
    var json: JSONValue {
        var out = JSONObject()
        for (name, value) in pairs {
            switch out[name] {
            case nil: out[name] = .string(value)
            case .array(let values)?: out[name] = .array(values + [.string(value)])
            case let first?: out[name] = [first, .string(value)]
            }
        }
        return .object(out)
    }
}

extension Exchange {
    /// Headers by name in lower case.
    var headersValue: JSONValue {
        var out = JSONObject()
        if let host = head.authority { out["host"] = .string(host) }
        for field in head.headerFields where field.name != .sandboxExchange {
            let name = field.name.canonicalName
            out[name] = .string(out[name]?.string.map { "\($0), \(field.value)" } ?? field.value)
        }
        return .object(out)
    }
}
