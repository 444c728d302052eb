package import HTTPTypes
import NIOCore
import NIOHTTP1

/// Which header fields cross the gateway, in both directions.
package enum HeaderRules {
    /// Fields of one connection only (RFC 9110 §7.6.1), and those that old clients and proxies treat as such.
    package static let hopByHop: Set<String> = [
        "connection", "keep-alive", "proxy-authenticate", "proxy-authorization", "proxy-connection", "te", "trailer",
        "transfer-encoding", "upgrade", "http2-settings",
    ]

    /// `fields` without those of the connection: the fixed list, and whatever `Connection` names.
    package static func endToEnd(_ fields: HTTPFields) -> HTTPFields {
        let named = connectionOptions(fields)
        var endToEnd = HTTPFields()
        endToEnd.add(fields.filter { !hopByHop.contains($0.name.canonicalName) && !named.contains($0.name.canonicalName) })
        return endToEnd
    }

    /// The fields that `Connection` names.
    private static func connectionOptions(_ fields: HTTPFields) -> Set<String> {
        var named: Set<String> = []
        guard fields.contains(.connection) else { return named }
        for value in fields[values: .connection] {
            for name in value.split(separator: ",") { named.insert(String(name).trimmed.lowercased()) }
        }
        return named
    }

    /// The head that is sent: the caller's end-to-end fields, and host and framing as they really are.
    static func requestHead(_ request: UpstreamRequest, to url: TargetURL) throws(UpstreamError) -> HTTPRequestHead {
        var headers = HTTPHeaders()
        headers.reserveCapacity(request.headers.count + 2)
        headers.add(name: "host", value: url.authority)
        let named = connectionOptions(request.headers)
        for field in request.headers {
            let name = field.name.canonicalName
            if notSent.contains(name) || named.contains(name) { continue }
            guard HTTPField.isValidValue(field.value) else {
                throw .invalidRequest("the header \(field.name) holds characters that must not stand in a value")
            }
            headers.add(name: field.name.rawName, value: field.value)
        }
        switch request.body {
        case .none:
            if bodyMethods.contains(request.method) { headers.add(name: "content-length", value: "0") }
        case .bytes(let bytes):
            headers.add(name: "content-length", value: "\(bytes.readableBytes)")
        case .stream(let length?, _), .repeatable(let length, _):
            guard length >= 0 else { throw .invalidRequest("the length of the body is negative") }
            headers.add(name: "content-length", value: "\(length)")
        case .stream(nil, _):
            headers.add(name: "transfer-encoding", value: "chunked")
        }
        return HTTPRequestHead(
            version: .http1_1, method: HTTPMethod(rawValue: request.method.rawValue), uri: url.requestTarget,
            headers: headers
        )
    }

    /// A provider's fields as the rest of the gateway sees them.
    static func fromProvider(_ headers: HTTPHeaders) -> HTTPFields {
        endToEnd(HTTPFields(texts: headers))
    }

    /// Fields of the connection, and those that are ours to set.
    private static let notSent = hopByHop.union(["host", "content-length", "expect"])
    private static let bodyMethods: Set<HTTPRequest.Method> = [.post, .put, .patch]
}
