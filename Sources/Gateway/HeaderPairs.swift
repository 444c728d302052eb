import HTTPTypes
import Unified
import Upstream

// What `Server` reads of header fields as pairs. To go when it takes `HTTPFields` itself.

extension APIError {
    struct Header: Sendable, Hashable {
        var name: String
        var value: String

        init(_ name: String, _ value: String) {
            self.name = name
            self.value = value
        }
    }

    var headers: [Header] { headerFields.map { Header($0.name.rawName, $0.value) } }
}

extension APIError.Header {
    static func rateLimit(limit: Int, remaining: Int, reset: Int) -> [Self] {
        HTTPFields.rateLimit(limit: limit, remaining: remaining, reset: reset).map { Self($0.name.rawName, $0.value) }
    }
}

extension HTTPFields {
    mutating func append(_ fields: HTTPFields) { replace(with: fields) }
}
