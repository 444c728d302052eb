import NIOHPACK
import NIOHTTP1

extension HTTPRequestHead {
    /// What the fields of a stream say, in the form that HTTP/1.1 has (RFC 9113 §8.3.1).
    ///
    /// `:authority` is `Host`. Where both are there and differ, both are handed on, and the head is refused for it.
    init(_ fields: HPACKHeaders) {
        var (method, path, authority) = ("", String?.none, String?.none)
        var headers: [(String, String)] = []
        headers.reserveCapacity(fields.count)
        for (name, value, _) in fields {
            switch name {
            case ":method": method = value
            case ":path": path = value
            case ":authority": authority = value
            case ":scheme", ":protocol": break
            case "host" where value.lowercased() == authority?.lowercased(): break
            default: headers.append((name, value))
            }
        }
        if let authority { headers.insert(("host", authority), at: 0) }
        // CONNECT names an authority and no path, as its request line does.
        let target = path ?? authority ?? ""
        self.init(
            version: .http2, method: HTTPMethod(rawValue: method), uri: RequestLine.escape(target),
            headers: HTTPHeaders(headers))
    }
}
